"""Which of the jobs that wait on a server are a person's, and which only seem to be."""

from collections import Counter
from collections.abc import Collection
from typing import NamedTuple

from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintAlias, PrintUser
from printmgmt.people.names import name_key
from printmgmt.printing.ipp.attributes import Job
from printmgmt.printing.jobs.names import cut_name
from printmgmt.printing.jobs.owners import Submission, find_owners
from printmgmt.printing.leavers.open_jobs import OpenJobs


class Theirs(NamedTuple):
    """``jobs`` are the person's, by number. ``doubts``: how many bear a name like theirs without being
    certainly theirs, by `OwnerDoubt`.
    """

    jobs: list[Job]
    doubts: Counter[str]


def jobs_of(
    person: PrintUser, organization: Organization, there: OpenJobs, *, without: Collection[int] = ()
) -> Theirs:
    """Return the jobs of a person among those of a server, leaving out these numbers.

    One statement if none bears one of their names.
    """
    named = [job for job in there.named(_keys(person)) if job.id not in without]
    owners = find_owners(organization, [Submission(job.owners, job.created_at) for job in named])
    return Theirs(
        [job for job, owner in zip(named, owners, strict=True) if owner.person == person.pk],
        Counter(str(owner.doubt) for owner in owners if owner.person is None),
    )


def _keys(person: PrintUser) -> set[str]:
    """All that a server may call the person: whole names, local parts, and both cut."""
    keys: set[str] = set()
    names = PrintAlias.objects.filter(person=person).values_list("value", "value_key", "local_key")
    for value, key, local_key in names:
        keys |= {key, local_key}
        keys |= {name_key(cut_name(name)) for name in (value, value.partition("@")[0])}
    return keys
