"""The row of a job that was just read, made if no round has seen the job yet."""

from datetime import datetime

from printmgmt.people.models import PrintUser
from printmgmt.people.names import name_key
from printmgmt.printing.ipp.attributes import Job
from printmgmt.printing.ipp.names import cut
from printmgmt.printing.jobs.actions import is_same
from printmgmt.printing.jobs.errors import JobIsAnother
from printmgmt.printing.jobs.readings import columns_of, note_reading
from printmgmt.printing.models import OwnerDoubt, Printer, PrintJob, PrintServer

_LONGEST = 1_000


def row_of(server: PrintServer, reading: Job, person: PrintUser, *, sent_at: datetime) -> PrintJob:
    """Return the row of a job of ``person``, which was read by a request sent at ``sent_at``.

    Raises JobIsAnother where the number was another job's: the server was set up again.
    """
    owner = reading.owners[0]
    row, made = PrintJob.objects.get_or_create(
        server=server,
        generation=server.generation,
        remote_id=reading.id,
        defaults={
            "organization_id": server.organization_id,
            "printer": Printer.objects.filter(server=server, name=reading.printer_name).first(),
            "job_uuid": cut(reading.uuid or "", 60),
            "owner_text": owner,
            "owner_key": name_key(owner),
            "person": person,
            "title": cut(reading.title or "", _LONGEST),
            "submitted_at": reading.created_at or sent_at,
            "seen_at": sent_at,
            **columns_of(reading),
        },
    )
    if made:
        return row
    if not is_same(row, reading):
        raise JobIsAnother
    note_reading(row, sent_at=sent_at, **columns_of(reading))
    if row.person_id is None:
        PrintJob.objects.filter(pk=row.pk, person=None).update(person=person, doubt=OwnerDoubt.NONE)
        row.person, row.doubt = person, OwnerDoubt.NONE
    return row
