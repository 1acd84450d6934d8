"""Choosing queues from a list that a search narrows; `console/printers/_choice.html` shows it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from printmgmt.console.shell.picking import SHOWN
from printmgmt.printing.models import Printer


@dataclass(frozen=True)
class PrinterChoice:
    """The printers that are chosen, others that a search found, and whether it found more than is shown."""

    chosen: Sequence[Printer]
    found: Sequence[Printer]
    more: bool


def printers_to_choose(
    printers: QuerySet[Printer], chosen: Collection[UUID], search: str, *, by_server: bool = False
) -> PrinterChoice:
    """Return what a page offers of ``printers``, by name. Two queries at most.

    ``by_server``: the search looks at the names of print servers as well.
    """
    printers = printers.order_by("name", "pk")
    others = printers.exclude(pk__in=chosen)
    if search:
        meant = Q(name__icontains=search) | Q(info__icontains=search) | Q(location__icontains=search)
        others = others.filter(meant | Q(server__name__icontains=search) if by_server else meant)
    found = list(others[: SHOWN + 1])
    return PrinterChoice(
        chosen=list(printers.filter(pk__in=chosen)) if chosen else [],
        found=found[:SHOWN],
        more=len(found) > SHOWN,
    )
