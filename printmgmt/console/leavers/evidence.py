"""What a step found and did, in words: its evidence is JSON for machines, a page is for people."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from printmgmt.people.models import CredentialKind


def evidence_words(evidence: Mapping[str, Any]) -> list[str]:
    """Return a sentence a fact; a fact nobody has words for stands as ``name: value``."""
    return [words for name, value in evidence.items() for words in _WORDS.get(name, _plain(name))(value)]


def _plain(name: str) -> Callable[[Any], Iterator[str]]:
    def words(value: Any) -> Iterator[str]:
        yield f"{name}: {value}"

    return words


def _found(number: int) -> Iterator[str]:
    if not number:
        yield _("Nothing found, nothing to do.")


def _connections_ended(number: int) -> Iterator[str]:
    if number:
        yield ngettext("%(number)d open connection ended.", "%(number)d open connections ended.", number) % {
            "number": number
        }
    else:
        yield _("No connection was open; the device's token is refused.")


def _recipients(number: int) -> Iterator[str]:
    yield ngettext("%(number)d administrator told.", "%(number)d administrators told.", number) % {
        "number": number
    }


def _message_id(message_id: str) -> Iterator[str]:
    yield _("Mail %(id)s") % {"id": message_id.strip("<>")}


def _wiped(credentials: list[dict[str, str]]) -> Iterator[str]:
    for credential in credentials:
        if credential["kind"] == CredentialKind.CARD:
            yield _("Card ending in %(last4)s wiped.") % {"last4": credential["last4"]}
        else:
            yield _("PIN wiped.")


_WORDS: Mapping[str, Callable[[Any], Iterator[str]]] = {
    "found": _found,
    "connections_ended": _connections_ended,
    "recipients": _recipients,
    "message_id": _message_id,
    "wiped": _wiped,
}
