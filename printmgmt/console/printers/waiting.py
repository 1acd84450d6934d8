"""How many jobs wait at each printer."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from printmgmt.printing.models import IS_OPEN, WAITING, Printer, PrintJob

_WAITING: Final = PrintJob.objects.filter(IS_OPEN, state__in=WAITING).order_by()


def waiting_at(printers: Iterable[Printer]) -> Mapping[UUID, int]:
    """Return the number of waiting jobs of each of these printers that has any; one query."""
    jobs = _WAITING.filter(printer__in=[printer.pk for printer in printers])
    return dict(jobs.values_list("printer").annotate(number=Count("pk")))


def with_waiting(printers: QuerySet[Printer]) -> QuerySet[Any]:
    """Return the printers of a file, each with its number of waiting jobs: ``waiting``."""
    jobs = _WAITING.filter(printer=OuterRef("pk")).values("printer").annotate(number=Count("pk"))
    return printers.annotate(waiting=Coalesce(Subquery(jobs.values("number")), 0))
