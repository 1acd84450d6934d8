"""Choosing the printers of a secure release queue among the queues of its server."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from printmgmt.console.shell.picking import SHOWN
from printmgmt.printing.models import Printer
from printmgmt.printing.secure_release.devices import possible_devices


@dataclass(frozen=True)
class DevicesChoice:
    """The printers that are chosen, others that a search found, and whether it found more than is shown."""

    chosen: Sequence[Printer]
    found: Sequence[Printer]
    more: bool


def devices_to_choose(queue: Printer, chosen: Collection[UUID], search: str) -> DevicesChoice:
    """Return what the page offers. Two queries."""
    printers = possible_devices(queue)
    others = printers.exclude(pk__in=chosen)
    if search:
        others = others.filter(
            Q(name__icontains=search) | Q(info__icontains=search) | Q(location__icontains=search)
        )
    found = list(others[: SHOWN + 1])
    return DevicesChoice(
        chosen=list(printers.filter(pk__in=chosen)) if chosen else [],
        found=found[:SHOWN],
        more=len(found) > SHOWN,
    )
