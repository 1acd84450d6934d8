"""Erases who printed a job and what; the job, its pages and its printer stay."""

from datetime import datetime

from django.db.models import Q

from printmgmt.organizations.models import Organization
from printmgmt.people.erasing import Known
from printmgmt.people.models import LIVE_STATES, PrintAlias
from printmgmt.printing.models import PrintJob


def erase_jobs(organization: Organization, known: Known, now: datetime) -> int:
    """Erase title and owner of a person's jobs, and of jobs of nobody under a name that was only theirs.

    Returns how many. A name that someone living has by now is theirs to explain, so such jobs stay. Rounds
    never write title or owner again (`rounds.reconciling`).
    """
    others = PrintAlias.objects.filter(
        organization=organization, value_key__in=known.names, person__state__in=LIVE_STATES
    ).exclude(person__in=known.ids)
    names = known.names - set(others.values_list("value_key", flat=True))
    jobs = PrintJob.objects.filter(organization=organization, anonymised_at__isnull=True)
    nobodys = Q(person__isnull=True, owner_key__in=names)
    return jobs.filter(Q(person__in=known.ids) | nobodys).update(
        title="", owner_text="", owner_key="", anonymised_at=now
    )
