"""Choosing the printer of a station among the queues of all print servers."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from printmgmt.console.shell.picking import SHOWN
from printmgmt.organizations.models import Organization
from printmgmt.printing.models import Printer
from printmgmt.printing.stations.managing import possible_printers


@dataclass(frozen=True)
class PrinterChoice:
    """The printer that is chosen, the others that a search found, and whether it found more than is shown."""

    chosen: Printer | None
    found: Sequence[Printer]
    more: bool


def printers_to_choose(organization: Organization, chosen: UUID | None, search: str) -> PrinterChoice:
    """Return what the page offers. Two queries."""
    printers = possible_printers(organization).order_by("name", "pk")
    others = printers.exclude(pk=chosen) if chosen else printers
    if search:
        others = others.filter(
            Q(name__icontains=search)
            | Q(info__icontains=search)
            | Q(location__icontains=search)
            | Q(server__name__icontains=search)
        )
    found = list(others[: SHOWN + 1])
    return PrinterChoice(
        chosen=printers.filter(pk=chosen).first() if chosen else None,
        found=found[:SHOWN],
        more=len(found) > SHOWN,
    )
