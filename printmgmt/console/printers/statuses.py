"""How a printer does: in a word and a color, and which rows are in each state."""

from collections.abc import Mapping
from typing import Final

from django.db.models import Q, QuerySet, TextChoices, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from printmgmt.console.jobs.servers import is_read
from printmgmt.console.shell.statuses import Statuses
from printmgmt.organizations.models import Organization
from printmgmt.printing.models import Printer, PrinterState


class ShownPrinter(TextChoices):
    """What is shown of the state of a printer."""

    IDLE = "idle", pgettext_lazy("printer", "Ready")
    PRINTING = "printing", pgettext_lazy("printer", "Printing")
    HOLDING = "holding", _("Holds for release")
    STOPPED = "stopped", pgettext_lazy("printer", "Stopped")
    UNREAD = "unread", _("Server not read")
    UNKNOWN = "unknown", pgettext_lazy("printer", "Unknown")
    MISSING = "missing", _("No longer on the server")


PRINTER: Final = Statuses(
    ShownPrinter,
    {
        ShownPrinter.IDLE: "green",
        ShownPrinter.PRINTING: "blue",
        ShownPrinter.HOLDING: "yellow",
        ShownPrinter.STOPPED: "red",
        ShownPrinter.UNREAD: "orange",
    },
    busy=frozenset({ShownPrinter.PRINTING}),
)

_SHOWN: Final[Mapping[int | None, ShownPrinter]] = {
    PrinterState.IDLE: ShownPrinter.IDLE,
    PrinterState.PROCESSING: ShownPrinter.PRINTING,
    PrinterState.STOPPED: ShownPrinter.STOPPED,
}

ATTENTION: Final = "attention"
"""The filter's value for printers that need a person."""

STATES: Final = (
    (ATTENTION, _("Needs attention")),
    *((state.value, state.label) for state in ShownPrinter if state is not ShownPrinter.UNKNOWN),
)

_READ = Q(server__problem="", server__paused_at__isnull=True)
_ROWS: Final[Mapping[str, Q]] = {
    ShownPrinter.IDLE: _READ & Q(state=PrinterState.IDLE),
    ShownPrinter.PRINTING: _READ & Q(state=PrinterState.PROCESSING),
    ShownPrinter.HOLDING: _READ & Q(state=PrinterState.STOPPED, secure_since__isnull=False),
    ShownPrinter.STOPPED: _READ & Q(state=PrinterState.STOPPED, secure_since__isnull=True),
    ShownPrinter.UNREAD: ~_READ,
}


def shown_printer(printer: Printer) -> ShownPrinter:
    """Return how a printer is shown, which has its server with it."""
    if printer.missing_since:
        return ShownPrinter.MISSING
    if not is_read(printer.server):
        return ShownPrinter.UNREAD
    if printer.state == PrinterState.STOPPED and printer.secure_since:
        return ShownPrinter.HOLDING
    return _SHOWN.get(printer.state, ShownPrinter.UNKNOWN)


def present(printers: QuerySet[Printer]) -> QuerySet[Printer]:
    """Return the printers that their servers have."""
    return printers.filter(missing_since__isnull=True)


def in_state(printers: QuerySet[Printer], value: str) -> QuerySet[Printer]:
    """Return the printers in one of `STATES`; `shown_printer` says the same of one."""
    if value == ATTENTION:
        return needing_attention(printers)
    if value == ShownPrinter.MISSING:
        return printers.filter(missing_since__isnull=False)
    return present(printers).filter(_ROWS[value])


def needing_attention(printers: QuerySet[Printer]) -> QuerySet[Printer]:
    """Return the printers that are stopped, rejecting, report an error, or no longer hold securely.

    A server that is not read is a problem of its own, not one of each of its printers.
    """
    told = printers.annotate(reasons_text=Cast("state_reasons", TextField()))
    problem = (
        Q(state=PrinterState.STOPPED, secure_since__isnull=True)
        | Q(accepting=False)
        | Q(reasons_text__contains='-error"')
        | ~Q(hold_problem="")
    )
    return present(told).filter(problem, _READ)


def attention_count(organization: Organization) -> int:
    """Count them."""
    return needing_attention(Printer.objects.filter(organization=organization)).count()
