"""The jobs that steps on print servers would act on, by the rows of the last round: no server is asked."""

from django.db.models import F, Q, QuerySet

from printmgmt.organizations.models import Organization
from printmgmt.printing.jobs.actions import INDEFINITE
from printmgmt.printing.models import WAITING, JobState, PrintJob

STAYS_HELD = Q(state=JobState.HELD, hold_until=INDEFINITE)
"""Jobs that wait until someone releases them."""


def waiting_jobs(organization: Organization) -> QuerySet[PrintJob]:
    """Return the jobs that wait on the print servers where steps act (`DeprovisionRun.print_servers`)."""
    jobs = PrintJob.objects.filter(organization=organization, state__in=WAITING, gone_at=None)
    here = jobs.filter(server__paused_at=None, server__removed_at=None, generation=F("server__generation"))
    return here.exclude(server__user_name="")
