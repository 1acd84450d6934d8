"""A printer that is not CUPS: one queue, few operations, times counted from when it was started."""

from datetime import timedelta

from django.utils import timezone

from printmgmt.organizations.models import Organization
from printmgmt.printing.models import OwnerDoubt, PrintJob
from printmgmt.printing.servers.adding import add_server
from tests import factories
from tests.other_printer import OtherPrinter
from tests.printmgmt.printing.rounds.conftest import Read


def test_its_queue_and_its_jobs_are_read(contoso: Organization, other_ipp: OtherPrinter, read: Read) -> None:
    ada = factories.person(contoso, "ada@contoso.example")
    server = add_server(contoso, address=other_ipp.uri, by=factories.TESTER)
    created = other_ipp.ipptool("Create-Job", user="ada")
    assert created.is_ok, created.status

    after = read(server)

    assert after.problem == ""
    printer = server.printers.get()
    assert printer.missing_since is None
    job = PrintJob.objects.get()
    assert (job.person, job.printer) == (ada, printer)
    assert abs(timezone.now() - job.submitted_at) < timedelta(minutes=1)
    assert job.doubt == OwnerDoubt.NONE

    assert read(server, whole=False).generation == 1
    assert PrintJob.objects.get().pk == job.pk
