"""What the dashboard says about printing, in four numbers."""

from dataclasses import dataclass

from django.db.models import Count, Q

from printmgmt.console.printers.statuses import attention_count
from printmgmt.organizations.models import Organization
from printmgmt.printing.models import IS_OPEN, WAITING, PrintJob, PrintServer


@dataclass(frozen=True)
class PrintingFigures:
    """Servers, and those of them that cannot be read; printers that need a person; jobs that wait, and those
    not over that are nobody's yet.
    """

    servers: int
    unread: int = 0
    attention: int = 0
    waiting: int = 0
    nobodys: int = 0


def printing_figures(organization: Organization) -> PrintingFigures:
    """Return the numbers: one query where there is no print server, else three."""
    servers = PrintServer.objects.filter(organization=organization, removed_at__isnull=True).aggregate(
        servers=Count("pk"), unread=Count("pk", filter=~Q(problem="") & Q(paused_at__isnull=True))
    )
    if not servers["servers"]:
        return PrintingFigures(servers=0)
    jobs = PrintJob.objects.filter(IS_OPEN, organization=organization).aggregate(
        waiting=Count("pk", filter=Q(state__in=WAITING)),
        nobodys=Count("pk", filter=Q(person__isnull=True)),
    )
    return PrintingFigures(**servers, **jobs, attention=attention_count(organization))
