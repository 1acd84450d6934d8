"""*This is …*: someone of the console says whose job it is that is nobody's."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Min, QuerySet

from printmgmt.audit.actors import Actor
from printmgmt.people.exceptions import PersonGone
from printmgmt.people.models import PrintAlias, PrintUser
from printmgmt.people.services import lock_person
from printmgmt.people.states import current_state_words
from printmgmt.printing.jobs.audit import record_of
from printmgmt.printing.jobs.errors import AlreadySomebodys, NoNameToClaim, NotClaimed
from printmgmt.printing.jobs.matching import match_jobs, nobodys_jobs
from printmgmt.printing.jobs.names import Holding, names_like
from printmgmt.printing.models import OwnerDoubt, PrintJob


class Claim(NamedTuple):
    """``alias`` is the person's new name, None where only this job could be claimed. ``jobs``: how many."""

    alias: PrintAlias | None
    jobs: int


class Scope(NamedTuple):
    """What a claim would do: give the person the ``whole_name``, with ``jobs`` at most, or this job only."""

    whole_name: bool
    jobs: int


def claim_scopes(job: PrintJob, people: Iterable[PrintUser]) -> dict[UUID, Scope]:
    """Return what `claim_job` would do for each of these people; three queries. Nothing is changed."""
    holdings = names_like(job.organization, [job.owner_key]).get(job.owner_key, [])
    first, jobs = _first_of_name(job), _of_same_name(job).count()
    return {
        person.pk: Scope(True, jobs) if _since(job, person, holdings, first) else Scope(False, 1)
        for person in people
    }


@transaction.atomic
def claim_job(job: PrintJob, person: PrintUser, *, by: Actor) -> Claim:
    """Say that ``job`` is ``person``'s, who has its name from now on; all jobs of that name follow.

    The name counts from the oldest job of it that is nobody's, or from when someone else lost it. A name
    that someone else has now stays theirs: then this one job is ``person``'s and no other.
    Refreshes ``job``. Raises AlreadySomebodys, NoNameToClaim where the server names no single owner, and
    PersonGone for a removed person.
    """
    lock_person(person)
    _refuse_removed(person)
    _lock(job)
    if job.person_id is not None:
        raise AlreadySomebodys
    if not job.owner_key or job.organization_id != person.organization_id:
        raise NoNameToClaim
    alias = _give_name(job, person, by)
    jobs = match_jobs(job.organization, _of_same_name(job)) if alias else 0
    job.refresh_from_db(fields=["person", "doubt"])
    if job.person_id is None:
        job.person, job.doubt, job.claimed = person, OwnerDoubt.NONE, True
        job.save(update_fields=["person", "doubt", "claimed"])
        jobs += 1
    whole = alias is not None
    record_of(person, job, "job.claimed", by=by, name=job.owner_text, jobs=jobs, whole_name=whole)
    return Claim(alias, jobs)


@transaction.atomic
def undo_claim(job: PrintJob, *, by: Actor) -> int:
    """Take back what `claim_job` said of ``job`` and of all jobs of its name; return how many changed.

    Refreshes ``job``. Raises NotClaimed where the job is its person's without a claim.
    """
    person = job.person
    if person is None or not job.owner_key:
        raise NotClaimed
    lock_person(person)
    _lock(job)
    if job.person_id != person.pk:
        raise NotClaimed
    named, _rows = PrintAlias.objects.filter(person=person, value_key=job.owner_key, claimed=True).delete()
    same_name = PrintJob.objects.filter(
        organization=job.organization, owner_key=job.owner_key, person__in=person.row_ids
    )
    jobs = match_jobs(job.organization, same_name if named else same_name.filter(pk=job.pk))
    if not named and not jobs:
        raise NotClaimed
    job.refresh_from_db(fields=["person", "doubt"])
    whole = named > 0
    record_of(person, job, "job.claim-undone", by=by, name=job.owner_text, jobs=jobs, whole_name=whole)
    return jobs


def _lock(job: PrintJob) -> None:
    """Lock a job's row until commit and refresh the instance. People are locked before jobs."""
    job.refresh_from_db(from_queryset=PrintJob.objects.select_for_update(of=("self",), no_key=True))


def _refuse_removed(person: PrintUser) -> None:
    if person.removed_at is not None:
        raise PersonGone(current_state_words(person))


def _give_name(job: PrintJob, person: PrintUser, by: Actor) -> PrintAlias | None:
    """Make the name of ``job`` one of ``person``'s; None where someone else has it, or had it then."""
    holdings = names_like(job.organization, [job.owner_key]).get(job.owner_key, [])
    since = _since(job, person, holdings, _first_of_name(job))
    if since is None:
        return None
    return PrintAlias.objects.create(
        organization=job.organization,
        person=person,
        value=job.owner_text,
        value_key=job.owner_key,
        valid_from=since,
        source=by.source,
        claimed=True,
    )


def _since(job: PrintJob, person: PrintUser, holdings: Iterable[Holding], first: datetime) -> datetime | None:
    """Return since when the name of ``job`` can be ``person``'s; None where someone else has or had it."""
    others = [holding for holding in holdings if holding.person != person.pk]
    since = max([first, *(end for holding in others if (end := _end(holding)) is not None)])
    if any(_end(holding) is None for holding in others) or since > job.submitted_at:
        return None
    return since


def _first_of_name(job: PrintJob) -> datetime:
    first = _of_same_name(job).aggregate(first=Min("submitted_at"))["first"]
    return first or job.submitted_at


def _end(holding: Holding) -> datetime | None:
    return holding.until or holding.removed_at


def _of_same_name(job: PrintJob) -> QuerySet[PrintJob]:
    return nobodys_jobs(job.organization).filter(owner_key=job.owner_key)
