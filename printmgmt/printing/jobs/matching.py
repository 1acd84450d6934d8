"""Looks again whose jobs are that were seen before: people come, are renamed and get names later."""

from collections.abc import Collection
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser
from printmgmt.printing.jobs.assigning import assign_jobs
from printmgmt.printing.jobs.names import may_be_cut, names_cut_to, names_like
from printmgmt.printing.jobs.owners import Submission, find_owners
from printmgmt.printing.models import PrintJob

CHUNK: Final = 1_000
"""Jobs that are matched, and written, at once."""


class Turn(NamedTuple):
    """``last`` is the id of the last job that was looked at, None where there was none.

    ``jobs`` is how many were looked at. ``assigned`` ones have an owner now, or another one; ``unassigned``
    ones have none any more.
    """

    last: int | None
    jobs: int
    assigned: int
    unassigned: int


class _Job(NamedTuple):
    """The columns of a job that decide whose it is: a turn reads no others."""

    pk: int
    owner_text: str
    owner_key: str
    submitted_at: datetime
    person_id: UUID | None
    doubt: str


def nobodys_jobs(organization: Organization) -> QuerySet[PrintJob]:
    """Return the jobs that are nobody's because of what is known about names."""
    return PrintJob.objects.filter(organization=organization, person__isnull=True).exclude(owner_key="")


def match_jobs(organization: Organization, jobs: QuerySet[PrintJob]) -> int:
    """Find the owners of these jobs of an organization again; return how many have another one, or none, now.

    Two to four statements for each `CHUNK` of jobs, one more where anything changes.
    """
    moved, last = 0, 0
    while True:
        turn = match_next(organization, jobs, after=last)
        moved += turn.assigned + turn.unassigned
        if turn.last is None or turn.jobs < CHUNK:
            return moved
        last = turn.last


@transaction.atomic(savepoint=False)
def match_next(
    organization: Organization, jobs: QuerySet[PrintJob], *, after: int, keep_names: bool = False
) -> Turn:
    """Match the next `CHUNK` of ``jobs``, by id, in one transaction.

    They are locked and then read: whatever someone says of one in the meantime comes before or after, and is
    not overwritten. With ``keep_names`` a job stays its person's if its whole name, or what a server keeps of
    it, was ever one of theirs.
    """
    locked = jobs.filter(pk__gt=after).order_by("pk").select_for_update(of=("self",), no_key=True)
    found = [_Job(*columns) for columns in locked.values_list(*_Job._fields)[:CHUNK]]
    if not found:
        return Turn(None, 0, 0, 0)
    owners = find_owners(organization, [Submission([job.owner_text], job.submitted_at) for job in found])
    pairs = list(zip(found, owners, strict=True))
    changed = [
        (job, owner) for job, owner in pairs if (job.person_id, job.doubt) != (owner.person, owner.doubt)
    ]
    if keep_names:
        kept = _of_their_names(organization, [job for job, _owner in changed])
        changed = [(job, owner) for job, owner in changed if job.pk not in kept]
    assign_jobs({job.pk: owner for job, owner in changed})
    moved = [owner for job, owner in changed if job.person_id != owner.person]
    unassigned = sum(owner.person is None for owner in moved)
    return Turn(found[-1].pk, len(found), len(moved) - unassigned, unassigned)


def _of_their_names(organization: Organization, changed: Collection[_Job]) -> set[int]:
    """Return the jobs whose name is, or ever was, one of their person's: it is no part before ``@``."""
    jobs = [job for job in changed if job.person_id is not None]
    if not jobs:
        return set()
    whole = names_like(organization, {job.owner_key for job in jobs})
    cut = names_cut_to(organization, {job.owner_text for job in jobs if may_be_cut(job.owner_text)})
    holders = {
        job.pk: {holding.person for names in (whole, cut) for holding in names.get(job.owner_key, ())}
        for job in jobs
    }
    persons = {job.person_id for job in jobs if job.person_id is not None}.union(*holders.values())
    rows = PrintUser.objects.filter(pk__in=persons).values_list("pk", "merged_into")
    one = {pk: merged_into or pk for pk, merged_into in rows}  # merged people are one
    return {
        job.pk
        for job in jobs
        if job.person_id and one[job.person_id] in {one[holder] for holder in holders[job.pk]}
    }
