"""What steps on print servers would act on, by the rows of the last round: no server is asked."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from printmgmt.organizations.models import Organization
from printmgmt.people.models import PersonState, PrintAlias
from printmgmt.printing.jobs.actions import INDEFINITE
from printmgmt.printing.models import WAITING, JobState, Printer, PrintJob

STAYS_HELD = Q(state=JobState.HELD, hold_until=INDEFINITE)
"""Jobs that wait until someone releases them."""


def waiting_jobs(organization: Organization) -> QuerySet[PrintJob]:
    """Return the jobs that wait on the print servers where steps act (`DeprovisionRun.print_servers`)."""
    jobs = PrintJob.objects.filter(organization=organization, state__in=WAITING, gone_at=None)
    here = jobs.filter(server__paused_at=None, server__removed_at=None, generation=F("server__generation"))
    return here.exclude(server__user_name="")


def queues_to_close(organization: Organization) -> QuerySet[Printer]:
    """Return the queues that would refuse the names of leavers; classes are not among them."""
    queues = Printer.objects.filter(organization=organization, is_class=False, missing_since=None)
    here = queues.filter(server__paused_at=None, server__removed_at=None)
    return here.exclude(server__user_name="")


def names_to_refuse(organization: Organization) -> QuerySet[PrintAlias]:
    """Return the names that queues would refuse once their person has left: those of one person only."""
    names = PrintAlias.objects.filter(organization=organization)
    same = Q(local_key=OuterRef("local_key")) & ~Q(person=OuterRef("person"))
    shared = names.filter(same, person__state=PersonState.ACTIVE)
    return names.filter(~Exists(shared), Exists(queues_to_close(organization)))
