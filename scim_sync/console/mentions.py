"""Names for people and groups whom a text, or a change of members, mentions by id."""

import re
from collections.abc import Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintGroup, PrintUser

MOST = 20
"""People looked up for one text; a refusal mentions no more."""

_ID: Final = re.compile(r"([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})")


class Piece(NamedTuple):
    """A part of a text; ``person`` is the person whose id it is, or None."""

    text: str
    person: PrintUser | None


def pieces_of(text: str, organization: Organization) -> list[Piece]:
    """Split the text at ids; one query if there are any. Ids of other organizations stay plain text."""
    parts = _ID.split(text)
    ids = {UUID(part) for part in parts[1 : 2 * MOST : 2]}
    people = PrintUser.objects.of(organization).in_bulk(ids) if ids else {}
    known = {str(pk): person for pk, person in people.items()}
    return [Piece(part, known.get(part)) for part in parts if part]


def changes_named(changes: Sequence[dict[str, Any]], organization: Organization) -> list[dict[str, Any]]:
    """Return the changes of an event with the names that members have now; two queries if there are any.

    Who is not there any more, such as an erased group, stays an id.
    """
    members = [change for change in changes if change["attribute"] == "members"]
    ids = {UUID(text) for change in members for text in _ids_of(change)}
    if not ids:
        return list(changes)
    names = {str(pk): str(person) for pk, person in PrintUser.objects.of(organization).in_bulk(ids).items()}
    names |= {str(pk): str(group) for pk, group in PrintGroup.objects.of(organization).in_bulk(ids).items()}
    return [
        {**change, **{end: names.get(change[end], change[end]) for end in ("old", "new")}}
        if change["attribute"] == "members"
        else change
        for change in changes
    ]


def _ids_of(change: dict[str, Any]) -> list[str]:
    ends = (change["old"], change["new"])
    return [text for text in ends if isinstance(text, str) and _ID.fullmatch(text)]
