"""A round costs the same statements for any number of jobs, and reads no more than it has to."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from printmgmt.organizations.models import Organization
from printmgmt.printing.ipp.attributes import JobState
from printmgmt.printing.models import OPEN, OwnerDoubt, PrintServer, ServerRound
from printmgmt.printing.rounds import snapshot
from printmgmt.printing.rounds.kind import Rounds
from printmgmt.work.runner import perform_due
from tests import factories
from tests.printmgmt.printing.rounds.conftest import Read
from tests.printmgmt.printing.rounds.double import BEGAN, Double


@pytest.fixture
def double(monkeypatch: pytest.MonkeyPatch) -> Double:
    return Double(monkeypatch)


@pytest.fixture
def server(contoso: Organization) -> PrintServer:
    server = PrintServer.objects.create(
        organization=contoso,
        name="Hall",
        uri="ipp://print.contoso.example/",
        address_key="print.contoso.example:631",
    )
    ServerRound.objects.create(organization=contoso, server=server)
    return server


def statements(read: Read, server: PrintServer, *, whole: bool) -> int:
    """How many statements a round took, with claiming and finishing it."""
    with CaptureQueriesContext(connection) as queries:
        read(server, whole=whole)
    return len(queries)


@pytest.mark.parametrize("number", [3, 3_000])
def test_a_round_costs_the_same_statements_for_any_number_of_jobs(
    contoso: Organization, double: Double, server: PrintServer, read: Read, number: int
) -> None:
    ada = factories.person(contoso, "ada@contoso.example")
    for place in range(1, number + 1):
        double.add(place, "ada" if place % 2 else f"somebody{place}")

    first = statements(read, server, whole=True)
    assert server.jobs.count() == number
    assert server.jobs.filter(person=ada).count() == -(-number // 2)
    unchanged = statements(read, server, whole=False)
    for place in double.jobs_there:
        double.change(place, state=JobState.PENDING, state_reasons=())
    changed = statements(read, server, whole=False)
    assert server.jobs.filter(state=JobState.PENDING).count() == number
    double.jobs_there.clear()
    gone = statements(read, server, whole=False)
    assert server.jobs.filter(gone_at=None).count() == 0

    # One of them looks for jobs whose owner had left.
    assert (first, unchanged, changed, gone) == (26, 23, 27, 21)


@pytest.mark.parametrize("number", [3, 900])
def test_a_round_costs_the_same_statements_for_any_number_of_queues(
    double: Double, server: PrintServer, read: Read, number: int
) -> None:
    double.queue_names = [f"queue{place}" for place in range(number)]
    first = statements(read, server, whole=True)
    unchanged = statements(read, server, whole=True)
    double.queue_names = double.queue_names[:1]
    gone = statements(read, server, whole=True)

    assert server.printers.filter(missing_since=None).count() == 1
    assert (first, unchanged, gone) == (22, 22, 23)


def test_a_round_asks_for_what_is_new_and_nothing_else(
    double: Double, server: PrintServer, read: Read
) -> None:
    for place in range(1, 2_001):
        double.add(place)
    read(server)
    double.requests = 0

    read(server, whole=False)
    assert double.requests == 3  # two pages, and an empty one

    double.change(700, state=JobState.COMPLETED, state_reasons=(), completed_at=BEGAN + timedelta(hours=2))
    double.add(2_001)
    double.requests = 0
    read(server, whole=False)
    assert double.requests == 3 + 1 + 2
    assert server.jobs.get(remote_id=700).state == JobState.COMPLETED
    assert server.jobs.get(remote_id=2_001).hold_until == "indefinite"


def test_an_old_open_job_does_not_have_the_past_read_every_minute(
    double: Double, server: PrintServer, read: Read
) -> None:
    over = {"state": JobState.COMPLETED, "completed_at": BEGAN + timedelta(days=1)}
    for place in range(1, 7_001):
        double.add(place, **({} if place in (5, 6_999) else over))
    read(server)
    assert PrintServer.objects.get(pk=server.pk).job_count == 7_000
    double.requests = 0

    read(server, whole=True)
    assert double.requests < 10

    double.change(5, state=JobState.CANCELED)
    read(server, whole=False)
    assert server.jobs.get(remote_id=5).state == JobState.CANCELED
    assert server.jobs.filter(state__in=OPEN).get().remote_id == 6_999


def test_a_round_that_takes_too_long_goes_on_where_it_was(
    double: Double, server: PrintServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "CHUNK", 10)
    monkeypatch.setattr(snapshot, "PAGE", 10)
    monkeypatch.setattr(snapshot, "LONGEST", -1.0)
    for place in range(1, 46):
        double.add(place, state=JobState.COMPLETED)

    assert perform_due(Rounds()) == 5  # each is due at once

    assert server.jobs.filter(gone_at=None).count() == 45
    assert ServerRound.objects.get().last_job_id == 45
    assert PrintServer.objects.get(pk=server.pk).problem == ""


def test_a_job_of_a_test_is_nobodys_business_unless_it_has_a_document(
    double: Double, server: PrintServer, read: Read
) -> None:
    double.add(1, "printmgmt-probe-0123456789ab", size_kb=0)
    double.add(2, "printmgmt-probe-0123456789ab", size_kb=3)

    read(server)

    assert server.jobs.get().remote_id == 2
    assert ServerRound.objects.get().last_job_id == 2


def test_what_a_hostile_server_says_does_not_stop_a_round(
    double: Double, server: PrintServer, read: Read
) -> None:
    long = "x" * 40_000
    double.add(1, owner=long, title=long, uuid=long, hold_until=long, state_reasons=(long,) * 100)
    double.add(2, owner="\u202eada", title="=1+3", impressions=-5, sheets=-1, created_at=None)
    double.add(3, printer_name="no such queue")
    double.add(2_147_483_647, created_at=None, completed_at=None, state=JobState.ABORTED)

    after = read(server)

    assert after.problem == ""
    assert server.jobs.count() == 4
    assert server.jobs.get(remote_id=1).doubt == OwnerDoubt.UNKNOWN
    assert server.jobs.get(remote_id=2).impressions is None
    assert server.jobs.get(remote_id=3).printer is None
    assert server.jobs.get(remote_id=2_147_483_647).finished_at is not None
    assert read(server, whole=False).generation == 1
