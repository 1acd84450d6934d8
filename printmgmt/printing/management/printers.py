"""For commands that are told a printer."""

from typing import Final
from uuid import UUID

from django.core.management.base import CommandError
from django.db.models import QuerySet

from printmgmt.people.management.jsonlines import stored_text
from printmgmt.printing.models import Printer

NAMED: Final = 10
"""Printers that an error names at most."""


def printer_called(text: str, printers: QuerySet[Printer]) -> Printer:
    """Return the one of ``printers`` with this name or id. Raises CommandError, which names those there are.

    ``server`` of each is read for the error, so let ``printers`` join it.
    """
    printers = printers.order_by("name", "pk")
    try:
        found = list(printers.filter(pk=UUID(text)))
    except ValueError:
        found = list(printers.filter(name=stored_text(text)))
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(f"{printer.pk} ({printer.server.name})" for printer in found)
        raise CommandError(f"Several print servers have a printer {text!r}. Give its id: {ids}")
    names = ", ".join(printers.values_list("name", flat=True)[:NAMED])
    known = f"There are: {names}" if names else "There are none: add a print server, and have it read"
    raise CommandError(f"There is no printer {text!r}. {known}.")
