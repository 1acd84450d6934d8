"""What the database itself refuses about print servers and jobs: history stays, numbers are unique."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from printmgmt.organizations.models import Organization
from printmgmt.people.constraints import violates
from printmgmt.printing.models import JobState, Printer, PrintJob, PrintServer
from tests import factories

NOW = timezone.now()
RUN = uuid.uuid4()


@pytest.fixture
def contoso(db: None) -> Organization:
    return factories.organization("Contoso")


@pytest.fixture
def server(contoso: Organization) -> PrintServer:
    return server_of(contoso)


def server_of(of: Organization, **columns: Any) -> PrintServer:
    return PrintServer.objects.create(
        organization=of, name="Hall", uri="ipp://print.contoso.example/", **columns
    )


def job_of(server: PrintServer, number: int = 1, **columns: Any) -> PrintJob:
    columns = {"generation": server.generation, "state": JobState.HELD, "submitted_at": NOW} | columns
    return PrintJob.objects.create(
        organization=server.organization, server=server, remote_id=number, **columns
    )


def refused(write: Callable[[], object]) -> IntegrityError:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        write()
    return error.value


def test_a_server_stands_once_until_it_is_removed(server: PrintServer) -> None:
    again = refused(lambda: server_of(server.organization))
    assert violates(again, PrintServer, "print_server_once")

    for _ in range(2):
        PrintServer.objects.update(removed_at=NOW)
        server_of(server.organization)

    server_of(factories.organization("Fabrikam"))  # two organizations may share a server
    assert PrintServer.objects.filter(removed_at__isnull=False).count() == 2


def test_a_removed_server_keeps_no_password(contoso: Organization) -> None:
    server_of(contoso, sealed_secret="gAAAA")

    error = refused(lambda: PrintServer.objects.update(removed_at=NOW))
    PrintServer.objects.update(removed_at=NOW, sealed_secret="")

    assert "print_server_removed_has_no_secret" in str(error)


def test_generations_are_counted_from_one(server: PrintServer) -> None:
    job = job_of(server)

    of_server = refused(lambda: PrintServer.objects.update(generation=0))
    of_job = refused(lambda: PrintJob.objects.filter(pk=job.pk).update(generation=0))

    assert "print_server_generation_positive" in str(of_server)
    assert "print_job_generation_positive" in str(of_job)


def test_a_server_with_history_cannot_be_deleted(server: PrintServer) -> None:
    job_of(server, printer=None)
    with pytest.raises(ProtectedError):
        server.delete()
    PrintJob.objects.all().delete()
    Printer.objects.create(
        organization=server.organization, server=server, name="hall", uri="ipp://print.contoso.example/hall"
    )
    with pytest.raises(ProtectedError):
        server.delete()


def test_a_number_stands_once_until_the_server_is_rebuilt(server: PrintServer) -> None:
    job_of(server, job_uuid="urn:uuid:1")

    # With another UUID, or with none: the number is the same job all the same.
    for job_uuid in ("", "urn:uuid:2"):
        again = refused(lambda value=job_uuid: job_of(server, job_uuid=value))  # type: ignore[misc]
        assert violates(again, PrintJob, "print_job_once")

    server.generation += 1
    server.save()
    rebuilt = job_of(server)
    assert rebuilt.job_uuid == ""
    assert server.jobs.count() == 2


@pytest.mark.parametrize(
    "columns",
    [
        {},
        {"held_at": NOW, "held_by_run": RUN, "held_by_step": "hold-waiting-jobs"},
        {"held_at": NOW, "held_by": "ada@contoso.example"},
    ],
)
def test_a_job_is_held_by_a_leaving_or_by_somebody_or_not_by_us(
    columns: dict[str, Any], server: PrintServer
) -> None:
    job = job_of(server, **columns)

    assert server.jobs.filter(pk=job.pk, **columns).exists()


@pytest.mark.parametrize(
    "columns",
    [
        {"held_at": NOW},
        {"held_by": "ada@contoso.example"},
        {"held_by_run": RUN, "held_by_step": "hold-waiting-jobs"},
        {"held_at": NOW, "held_by_run": RUN},
        {"held_at": NOW, "held_by_step": "hold-waiting-jobs"},
        {"held_at": NOW, "held_by_step": "hold-waiting-jobs", "held_by": "ada@contoso.example"},
        {
            "held_at": NOW,
            "held_by_run": RUN,
            "held_by_step": "hold-waiting-jobs",
            "held_by": "ada@contoso.example",
        },
    ],
)
def test_who_holds_a_job_is_stored_whole_and_once(columns: dict[str, Any], server: PrintServer) -> None:
    error = refused(lambda: job_of(server, **columns))

    assert "print_job_held_by_one" in str(error)
