"""Maps the attributes of a person to SCIM paths.

Other SCIM attributes are stored in the link row as the directory sent them (`placement`); filters and sorting
work with them, too. System checks (`attribute_checks`) compare the table with our schemas and with
`printmgmt/people/attributes.py`.
"""

from typing import Final, NamedTuple

from printmgmt.people.attributes import BY_NAME, PersonAttribute
from scim_sync.protocol.schemas import ENTERPRISE_USER

WORK_EMAIL: Final = 'emails[type eq "work"].value'
"""The only element of a list that has a column."""

SCIM_NAMES: Final = {
    "user_name": "userName",
    "display_name": "displayName",
    "work_email": WORK_EMAIL,
    "department": f"{ENTERPRISE_USER}:department",
    "employee_number": f"{ENTERPRISE_USER}:employeeNumber",
    "preferred_language": "preferredLanguage",
}
"""Attribute of a person (`people.attributes`) → canonical SCIM path."""

BY_PATH: Final[dict[str, PersonAttribute]] = {
    path: BY_NAME[name] for name, path in SCIM_NAMES.items() if name in BY_NAME
}
"""Canonical SCIM path → attribute of a person."""

SINGLES: Final = {path: attribute for path, attribute in BY_PATH.items() if path != WORK_EMAIL}
"""The entries of BY_PATH that are not in a list."""


class Place(NamedTuple):
    """A single value: its column, its name, and its complex attribute or extension ("" at the top level)."""

    parent: str
    name: str
    column: str


def _place(path: str, column: str) -> Place:
    mark = ":" if path.startswith("urn:") else "."
    parent, _mark, name = path.rpartition(mark)
    return Place(parent, name, column)


PLACES: Final = tuple(_place(path, attribute.name) for path, attribute in SINGLES.items())

AT_TOP: Final = {place.name: place.column for place in PLACES if not place.parent}
"""SCIM name → column, for attributes at the top level."""

BELOW: Final = {
    parent: {place.name: place.column for place in PLACES if place.parent == parent}
    for parent in dict.fromkeys(place.parent for place in PLACES if place.parent)
}
"""Complex attribute or extension → SCIM name → column, for the attributes in it."""
