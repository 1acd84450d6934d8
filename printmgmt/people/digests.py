"""Digests of card numbers, PINs and device tokens: all that is stored of them."""

import hashlib
import hmac
import re
from collections.abc import Iterator

from django.conf import settings

from printmgmt.people.models import PrintUser
from printmgmt.people.names import name_key

SEPARATORS = re.compile(r"[\s:-]+")


def card_key(number: str) -> str:
    """Return the comparison key of a card number: ``04CAFE02`` and ``04:ca:fe:02`` are the same card."""
    return SEPARATORS.sub("", name_key(number))


def card_digests(number: str) -> Iterator[tuple[str, str]]:
    """Yield (key id, digest) of a card number for every key in use, first the key for new cards."""
    return _digests("card", card_key(number))


def pin_digests(person: PrintUser, pin: str) -> Iterator[tuple[str, str]]:
    """Yield (key id, digest) of a person's PIN, salted with the person: PINs are short and repeat."""
    return _digests("pin", f"{person.pk}:{pin}")


def token_digest(token: str) -> str:
    """Return the digest of a device's token. Its 256 random bits need no slow hash and no key."""
    return hashlib.sha256(_bytes(token)).hexdigest()


def last_digits(number: str) -> str:
    """Return the last four characters of a card number, but at most half of it, so the rest stays unknown."""
    key = card_key(number)
    return key[len(key) - min(4, len(key) // 2) :]


def _digests(kind: str, text: str) -> Iterator[tuple[str, str]]:
    for key_id, key in settings.CREDENTIAL_KEYS.items():
        yield key_id, hmac.new(key.encode(), _bytes(f"{kind}:{text}"), hashlib.sha256).hexdigest()


def _bytes(text: str) -> bytes:
    # A reader may send bytes that are not valid text: then no row matches, and nothing is raised.
    return text.encode(errors="surrogatepass")
