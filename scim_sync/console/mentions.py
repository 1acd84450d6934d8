"""People an answer of ours names by their id: a page shows who they are."""

import re
from typing import Final, NamedTuple
from uuid import UUID

from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser

MOST = 20
"""People looked up for one text; a refusal names no more."""

_ID: Final = re.compile(r"([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})")


class Piece(NamedTuple):
    """A part of a text; ``person`` is whom it stands for, where it is the id of somebody."""

    text: str
    person: PrintUser | None


def pieces_of(text: str, organization: Organization) -> list[Piece]:
    """The text, cut at the ids in it; one query if there are any. Another organization's people are text."""
    parts = _ID.split(text)
    ids = {UUID(part) for part in parts[1 : 2 * MOST : 2]}
    people = PrintUser.objects.of(organization).in_bulk(ids) if ids else {}
    known = {str(pk): person for pk, person in people.items()}
    return [Piece(part, known.get(part)) for part in parts if part]
