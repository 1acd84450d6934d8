"""Names for people whom a text mentions by id."""

import re
from typing import Final, NamedTuple
from uuid import UUID

from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser

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
