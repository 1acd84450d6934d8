"""For commands that read and write JSON lines, so that one process handles many people."""

import json
import sys
from collections.abc import Iterator
from typing import Any

from django.core.management.base import CommandError, CommandParser

from printmgmt.organizations.models import Organization
from printmgmt.people.names import is_storable


def add_batch_arguments(parser: CommandParser) -> None:
    """Add the arguments ``organization`` and ``--batch FILE`` (``-`` for standard input)."""
    parser.add_argument("--organization", required=True, help="short name (slug) of the organization")
    parser.add_argument("--batch", help="file of JSON lines, - for standard input")


def organization_of(slug: str) -> Organization:
    """Return the organization with this slug. Raises CommandError."""
    try:
        return Organization.objects.get(slug=stored_text(slug))
    except Organization.DoesNotExist as error:
        raise CommandError(f"There is no organization {slug!r}") from error


def stored_text(argument: str) -> str:
    """Return an argument that may stand in the database. Raises CommandError for bytes that are no UTF-8."""
    if not is_storable(argument):
        raise CommandError(f"This is no text in UTF-8: {argument!r}")
    return argument


def read_batch(name: str) -> Iterator[dict[str, Any]]:
    """Yield the objects of a file of JSON lines. Raises CommandError with the number of a bad line."""
    with sys.stdin if name == "-" else open(name, encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError as error:
                raise CommandError(f"line {number}: {error}") from error
            if not isinstance(row, dict):
                raise CommandError(f"line {number}: an object is needed")
            yield row
