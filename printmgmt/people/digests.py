"""What is kept of a card number, a PIN or a device's token: digests nobody can read back."""

import hashlib
import hmac
import re
from collections.abc import Iterator

from django.conf import settings

from printmgmt.people.models import PrintUser
from printmgmt.people.names import name_key

SEPARATORS = re.compile(r"[\s:-]+")


def card_key(number: str) -> str:
    """The form card numbers are compared in: a reader says ``04CAFE02``, a list ``04:ca:fe:02``, one card."""
    return SEPARATORS.sub("", name_key(number))


def card_digests(number: str) -> Iterator[tuple[str, str]]:
    """(key id, digest) of a card number under every key in use, the one for new cards first."""
    return _digests("card", card_key(number))


def pin_digests(person: PrintUser, pin: str) -> Iterator[tuple[str, str]]:
    """(key id, digest) of a person's PIN; salted with the person, since PINs are short and repeat."""
    return _digests("pin", f"{person.pk}:{pin}")


def token_digest(token: str) -> str:
    """The digest of a device's token; 256 random bits need no slow hash and no key."""
    return hashlib.sha256(_bytes(token)).hexdigest()


def last_digits(number: str) -> str:
    """The last four of a card number, and never more than half of it: the rest must stay unknown."""
    key = card_key(number)
    return key[len(key) - min(4, len(key) // 2) :]


def _digests(kind: str, text: str) -> Iterator[tuple[str, str]]:
    for key_id, key in settings.CREDENTIAL_KEYS.items():
        yield key_id, hmac.new(key.encode(), _bytes(f"{kind}:{text}"), hashlib.sha256).hexdigest()


def _bytes(text: str) -> bytes:
    # Whatever a reader or a client sends can be asked for; what is not text is just nobody's.
    return text.encode(errors="surrogatepass")
