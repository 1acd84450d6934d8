"""Names the printers where a job can be printed."""

from collections.abc import Iterable

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from printmgmt.printing.models import Printer


def names_of(printers: Iterable[Printer]) -> str:
    """Return the names of printers as a list in words, with where they stand."""
    return get_text_list([_named(printer) for printer in printers], _("or"))


def _named(printer: Printer) -> str:
    return f"{printer.name} ({printer.location})" if printer.location else printer.name
