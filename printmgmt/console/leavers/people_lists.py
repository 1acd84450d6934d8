"""A list of people in a file or typed: which people its lines name. Nothing of it is stored."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser
from printmgmt.people.names import name_key

MOST_BYTES: Final = 1024 * 1024
MOST_LINES: Final = 10_000

_BATCH: Final = 1_000
"""Names looked up by one statement."""

_KEYS: Final = ("user_name_key", "work_email_key", "employee_number_key")

_HEADINGS: Final = frozenset(
    {
        *("user name", "username", "userprincipalname", "user principal name", "upn", "login"),
        *("email", "e-mail", "mail", "email address", "work email", "employee number", "employeenumber"),
        *("employee id", "employeeid", "personnel number"),
    }
)
"""What a column with people may be called, in any letter case; without one it is the first column."""


class UnreadableList(Exception):
    """The file cannot be read; the message says why."""


@dataclass(frozen=True)
class Line:
    """A line that names nobody, or several: its number, counted from 1, and what stands there."""

    number: int
    text: str


@dataclass(frozen=True)
class Named:
    """The people that a list names, and the lines that name nobody or more than one person."""

    people: set[UUID] = field(default_factory=set)
    unknown: list[Line] = field(default_factory=list)
    ambiguous: list[Line] = field(default_factory=list)


def read_text(content: bytes) -> str:
    """Return the text of a file in UTF-8, UTF-16 with its mark, or Windows-1252. Raises UnreadableList."""
    if len(content) > MOST_BYTES:
        raise UnreadableList(_("The file is too large. At most 1 MB can be read."))
    encodings = ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnreadableList(_("This is no text file. Save the list as CSV or text, then try again."))


def people_named(organization: Organization, text: str) -> Named:
    """Return whom the lines of a list name: user name, email address or employee number, in any letter case.

    People who are removed are not found. Raises UnreadableList for a list that is too long.
    """
    entries = list(_entries(text))
    if len(entries) > MOST_LINES:
        raise UnreadableList(_("The list is too long. At most 10,000 lines can be read."))
    found = _people_by_key(organization, {name_key(entry.text) for entry in entries})
    named = Named()
    for entry in entries:
        people = found.get(name_key(entry.text), set())
        if len(people) == 1:
            named.people.update(people)
        else:
            (named.ambiguous if people else named.unknown).append(entry)
    return named


def _entries(text: str) -> Iterator[Line]:
    """Yield the cell of each line that names someone; blank ones are left out."""
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(text.splitlines(), delimiter=delimiter)
    column = 0
    try:
        for number, row in enumerate(reader, start=1):
            if number == 1:
                headed = [place for place, cell in enumerate(row) if cell.strip().casefold() in _HEADINGS]
                if headed:
                    column = headed[0]
                    continue
            cell = row[column].strip() if column < len(row) else ""
            if cell:
                yield Line(reader.line_num, cell)
    except csv.Error as error:
        raise UnreadableList(
            _("Line %(number)d cannot be read: %(error)s.") % {"number": reader.line_num, "error": error}
        ) from error


def _people_by_key(organization: Organization, keys: set[str]) -> dict[str, set[UUID]]:
    found: dict[str, set[UUID]] = defaultdict(set)
    people = PrintUser.objects.of(organization).live()
    sought = sorted(keys)
    for start in range(0, len(sought), _BATCH):
        batch, anywhere = sought[start : start + _BATCH], Q()
        for column in _KEYS:
            anywhere |= Q(**{f"{column}__in": batch})
        for pk, *theirs in people.filter(anywhere).values_list("pk", *_KEYS):
            for key in theirs:
                found[key].add(pk)
    return found
