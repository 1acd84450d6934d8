"""Jobs that nobody collects end by themselves, on a real cupsd: those, and no others."""

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from demo.cupsd import OPERATOR, STUCK_DEVICE, PrivateCups
from printmgmt.audit.models import AuditEvent
from printmgmt.deprovisioning import services as leaving
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser
from printmgmt.printing.ipp.client import Client
from printmgmt.printing.models import JobState, Printer, PrintJob, PrintServer
from printmgmt.printing.rounds.kind import Rounds
from printmgmt.printing.servers.adding import add_server, order_round
from printmgmt.printing.servers.connecting import client_for
from printmgmt.printing.stations.uncollected import end_uncollected, uncollected_jobs
from printmgmt.work.runner import perform_due
from tests import factories
from tests.factories import TESTER
from tests.printmgmt.printing import equipment

A_DAY_AGO = timedelta(hours=25)


@pytest.fixture
def server(contoso: Organization, cups: PrivateCups) -> PrintServer:
    return equipment.operated(contoso, cups)


@pytest.fixture
def at(server: PrintServer, cups: PrivateCups) -> Printer:
    cups.add_queue("hall", device=STUCK_DEVICE)
    return equipment.printer(server, "hall")


@pytest.fixture
def follow_me(at: Printer, cups: PrivateCups) -> Printer:
    cups.add_queue("follow-me", stopped=True)
    return equipment.secure_queue(at.server, "follow-me", [at])


@pytest.fixture
def client(server: PrintServer) -> Iterator[Client]:
    with client_for(server) as opened:
        yield opened


def old_job(cups: PrivateCups, queue: Printer, person: PrintUser | None, hold: str = "") -> PrintJob:
    """A job on cupsd, and its row, in which it has waited for more than a day."""
    number = cups.submit(queue.name, "ada", **({"hold": hold} if hold else {}))
    return equipment.seen_job(cups, queue, number, person)


@pytest.fixture
def a_day_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs of just now are uncollected: cupsd's clock cannot be turned."""
    later = timezone.now() + A_DAY_AGO
    clock = SimpleNamespace(now=lambda: later)
    monkeypatch.setattr("printmgmt.printing.stations.uncollected.timezone", clock)


@pytest.mark.usefixtures("a_day_later")
def test_held_jobs_and_those_of_a_release_queue_end_and_cannot_be_restarted(
    cups: PrivateCups, server: PrintServer, at: Printer, follow_me: Printer, ada: PrintUser, client: Client
) -> None:
    jobs = [old_job(cups, at, ada, "indefinite"), old_job(cups, follow_me, ada)]

    assert end_uncollected(server, client) == 2

    for job in jobs:
        job.refresh_from_db()
        assert job.state == JobState.CANCELED
        assert not cups.ipptool("Restart-Job", job=job.remote_id, login=OPERATOR).is_ok
    events = AuditEvent.objects.filter(verb="job.canceled")
    assert [(event.actor_kind, (event.details or {})["actor"]) for event in events] == [
        ("system", "Uncollected jobs")
    ] * 2
    assert end_uncollected(server, client) == 0


def test_jobs_within_the_hours_stay(
    cups: PrivateCups, server: PrintServer, at: Printer, ada: PrintUser, client: Client
) -> None:
    job = old_job(cups, at, ada, "indefinite")

    assert end_uncollected(server, client) == 0
    assert cups.job(job.remote_id)["job-state"] == JobState.HELD


@pytest.mark.usefixtures("a_day_later")
@pytest.mark.parametrize(
    "columns",
    [
        {"held_at": timezone.now(), "held_by": "helpdesk@contoso.example"},
        {
            "held_at": timezone.now(),
            "held_by_run": "00000000-0000-4000-8000-000000000001",
            "held_by_step": "hold-waiting-jobs",
        },
        {"hold_until": "night"},
        {"state": JobState.PENDING},
        {"person": None},
        {"gone_at": timezone.now()},
        {"generation": 7},
    ],
)
def test_what_others_hold_or_nobody_owns_stays(
    cups: PrivateCups,
    server: PrintServer,
    at: Printer,
    ada: PrintUser,
    client: Client,
    columns: dict[str, object],
) -> None:
    job = old_job(cups, at, ada, "indefinite")
    PrintJob.objects.filter(pk=job.pk).update(**columns)

    assert end_uncollected(server, client) == 0
    assert cups.job(job.remote_id)["job-state"] == JobState.HELD


@pytest.mark.usefixtures("a_day_later")
def test_a_leavers_jobs_are_left_to_the_leaving(
    cups: PrivateCups, server: PrintServer, at: Printer, ada: PrintUser, client: Client
) -> None:
    old_job(cups, at, ada, "indefinite")
    leaving.suspend(ada, by=TESTER)

    assert end_uncollected(server, client) == 0


@pytest.mark.usefixtures("a_day_later")
def test_zero_hours_end_nothing(
    cups: PrivateCups,
    contoso: Organization,
    server: PrintServer,
    at: Printer,
    ada: PrintUser,
    client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    old_job(cups, at, ada, "indefinite")
    server.organization.uncollected_hours = 0

    with django_assert_num_queries(0):
        assert end_uncollected(server, client) == 0


@pytest.mark.usefixtures("a_day_later")
def test_a_job_that_was_released_in_the_meantime_prints(
    cups: PrivateCups, server: PrintServer, at: Printer, ada: PrintUser, client: Client
) -> None:
    job = old_job(cups, at, ada, "indefinite")
    cups.operate("Release-Job", job=job.remote_id)

    assert end_uncollected(server, client) == 0
    assert cups.job(job.remote_id)["job-state"] in (JobState.PENDING, JobState.PROCESSING)


@pytest.mark.usefixtures("a_day_later")
def test_a_number_that_another_job_got_since_is_not_ended(
    cups: PrivateCups, server: PrintServer, at: Printer, ada: PrintUser, client: Client
) -> None:
    job = old_job(cups, at, ada, "indefinite")
    PrintJob.objects.filter(pk=job.pk).update(submitted_at=timezone.now() - timedelta(days=3))

    assert end_uncollected(server, client) == 0
    assert cups.job(job.remote_id)["job-state"] == JobState.HELD


@pytest.mark.usefixtures("a_day_later")
def test_a_server_that_is_away_is_asked_again_later(
    own_cups: PrivateCups, contoso: Organization, ada: PrintUser
) -> None:
    own_cups.add_queue("hall", device=STUCK_DEVICE)
    server = equipment.operated(contoso, own_cups)
    at = equipment.printer(server, "hall")
    job = old_job(own_cups, at, ada, "indefinite")
    own_cups.stop()
    with client_for(server) as away:
        assert end_uncollected(server, away) == 0

    own_cups.start()
    with client_for(server) as back:
        assert end_uncollected(server, back) == 1
    job.refresh_from_db()
    assert job.state == JobState.CANCELED


@pytest.mark.usefixtures("a_day_later")
def test_another_organization_on_the_same_server_has_its_own_hours(
    cups: PrivateCups, server: PrintServer, at: Printer, ada: PrintUser, client: Client
) -> None:
    fabrikam = factories.organization("Fabrikam")
    theirs = equipment.printer(equipment.operated(fabrikam, cups), "hall")
    job = old_job(cups, theirs, factories.person(fabrikam, "ada@fabrikam.example"), "indefinite")

    assert end_uncollected(server, client) == 0
    assert cups.job(job.remote_id)["job-state"] == JobState.HELD


@pytest.mark.usefixtures("a_day_later")
def test_a_round_does_it(cups: PrivateCups, contoso: Organization, ada: PrintUser) -> None:
    cups.add_queue("hall", device=STUCK_DEVICE)
    number = cups.submit("hall", "ada", hold="indefinite")
    password = cups.passwords[OPERATOR]
    server = add_server(contoso, address=cups.uri, user_name=OPERATOR, password=password, by=TESTER)

    for state in (JobState.HELD, JobState.CANCELED):  # seen by the first round, ended by the next one
        order_round(server)
        perform_due(Rounds())
        assert PrintJob.objects.get(server=server, remote_id=number).state == state


def test_they_are_found_at_the_same_cost_among_many(
    server: PrintServer, at: Printer, ada: PrintUser, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in (1, 30):
        for _job in range(number):
            equipment.print_job(at, ada, submitted_at=timezone.now() - A_DAY_AGO)
        with django_assert_num_queries(1):
            found = list(uncollected_jobs(server))
    assert len(found) == 31
