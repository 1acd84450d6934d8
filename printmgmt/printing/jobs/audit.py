"""What is recorded of a job: about its owner, so that it is on their timeline and erased with their data."""

from typing import Any

from printmgmt.audit.actors import Actor
from printmgmt.audit.services import record
from printmgmt.people.models import PrintUser
from printmgmt.printing.models import PrintJob


def record_job(job: PrintJob, verb: str, *, by: Actor, **details: Any) -> None:
    """Record what was done to a job, as something about its person; about the job where it is nobody's.

    Its title stands in no audit: it may say what no one else should read.
    """
    if job.person is not None:
        record_of(job.person, job, verb, by=by, **details)
        return
    record(
        job.organization,
        verb,
        by=by,
        object_type="job",
        object_id=job.pk,
        label=str(job.remote_id),
        server=job.server.name,
        **details,
    )


def record_of(person: PrintUser, job: PrintJob, verb: str, *, by: Actor, **details: Any) -> None:
    """Record about a person what was done to a job."""
    record(
        job.organization,
        verb,
        by=by,
        object_type="person",
        object_id=person.pk,
        label=str(person),
        job=job.remote_id,
        server=job.server.name,
        **details,
    )
