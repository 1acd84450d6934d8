"""Looks again whose jobs are that were seen before: people come, are renamed and get names later."""

from collections.abc import Iterator
from typing import Final

from django.db.models import QuerySet

from printmgmt.organizations.models import Organization
from printmgmt.printing.jobs.owners import Submission, find_owners
from printmgmt.printing.models import PrintJob

CHUNK: Final = 1_000
"""Jobs that are matched, and written, at once."""


def nobodys_jobs(organization: Organization) -> QuerySet[PrintJob]:
    """Return the jobs that are nobody's because of what is known about names."""
    return PrintJob.objects.filter(organization=organization, person__isnull=True).exclude(owner_key="")


def match_jobs(organization: Organization, jobs: QuerySet[PrintJob]) -> int:
    """Find the owners of these jobs of an organization again; return how many have another one, or none, now.

    Two to four statements for each `CHUNK` of jobs, one more where anything changes.
    """
    return sum(_match(organization, chunk) for chunk in _chunks(jobs))


def _match(organization: Organization, jobs: list[PrintJob]) -> int:
    owners = find_owners(organization, [Submission([job.owner_text], job.submitted_at) for job in jobs])
    changed, moved = [], 0
    for job, owner in zip(jobs, owners, strict=True):
        if (job.person_id, job.doubt) != (owner.person, owner.doubt):
            moved += job.person_id != owner.person
            job.person_id, job.doubt = owner.person, owner.doubt
            changed.append(job)
    # As an upsert of rows that exist: an update with a value for each takes ten times as long.
    PrintJob.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["id"], update_fields=["person", "doubt"]
    )
    return moved


def _chunks(jobs: QuerySet[PrintJob]) -> Iterator[list[PrintJob]]:
    rows = jobs.order_by("pk")
    last = 0
    while chunk := list(rows.filter(pk__gt=last)[:CHUNK]):
        yield chunk
        if len(chunk) < CHUNK:
            return
        last = chunk[-1].pk
