"""What a release station does over HTTP, on a real cupsd with the stock policy."""

import json
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from demo.cupsd import STUCK_DEVICE, PrivateCups
from printmgmt.audit.models import AuditEvent
from printmgmt.deprovisioning import services as leaving
from printmgmt.organizations.models import Organization
from printmgmt.people.credentials import set_card, set_pin
from printmgmt.people.models import PrintUser
from printmgmt.printing.models import Printer, PrintJob, Station
from printmgmt.printing.stations.limits import PIN_HERE
from printmgmt.printing.stations.managing import remove_station
from tests import factories
from tests.factories import TESTER
from tests.printmgmt.printing import equipment

CARD, PIN = "04CAFE02", "271828"
API = "/api/v1/station/"


class Terminal:
    """A program at a station: keeps the token, and the visit of the last answer."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.visit = ""

    def call(self, method: str, path: str = "", body: object = None) -> Any:
        headers = {"Authorization": f"Bearer {self.token}", "Station-Visit": self.visit}
        response = Client().generic(
            method,
            f"{API}{path}",
            "" if body is None else json.dumps(body),
            content_type="application/json",
            headers=headers,
        )
        if response.headers["Content-Type"] == "application/json" and "visit" in response.json():
            self.visit = response.json()["visit"]
        return response

    def begin(self, **proof: str) -> Any:
        return self.call("POST", "visits/", proof)


@pytest.fixture
def contoso(db: None) -> Organization:
    return factories.organization("Contoso")


@pytest.fixture
def ada(contoso: Organization) -> PrintUser:
    person = factories.person(contoso, "ada@contoso.example", display_name="Ada")
    set_card(person, CARD, by=TESTER)
    set_pin(person, PIN, by=TESTER)
    return person


@pytest.fixture
def hall(contoso: Organization, cups: PrivateCups) -> Printer:
    cups.add_queue("hall", device=STUCK_DEVICE)
    return equipment.printer(equipment.operated(contoso, cups), "hall")


@pytest.fixture
def follow_me(hall: Printer, cups: PrivateCups) -> Printer:
    """A secure release queue: stopped, its jobs are moved to the hall's printer."""
    cups.add_queue("follow-me", stopped=True)
    return equipment.secure_queue(hall.server, "follow-me", [hall])


@pytest.fixture
def terminal(hall: Printer) -> Terminal:
    return Terminal(equipment.station(hall, "Hall")[1])


def submit(cups: PrivateCups, at: Printer, who: PrintUser, title: str = "Letter", hold: str = "") -> int:
    local = who.user_name.partition("@")[0]
    number = cups.submit(at.name, local, title=title, **({"hold": hold} if hold else {}))
    job = equipment.seen_job(cups, at, number, who)
    job.title = title
    job.save()
    return int(job.pk)


def number_of(job: int) -> int:
    """The number that the server knows it by."""
    return PrintJob.objects.get(pk=job).remote_id


def remote(cups: PrivateCups, job: int) -> Any:
    return cups.job(number_of(job))


def test_a_station_says_where_it_stands(terminal: Terminal) -> None:
    assert terminal.call("GET").json() == {
        "id": str(Station.objects.get().pk),
        "name": "Hall",
        "organization": "Contoso",
        "printer": "hall",
        "location": "",
    }


@pytest.mark.parametrize("token", ["", "wrong", "pmstation_0123456789ab_" + "0" * 64])
def test_without_a_token_nothing_is_answered(token: str, terminal: Terminal) -> None:
    refused = Terminal(token).begin(card=CARD)

    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"] == 'Bearer realm="station"'


def test_a_removed_station_is_refused_from_its_next_request_on(terminal: Terminal, ada: PrintUser) -> None:
    assert terminal.begin(card=CARD).status_code == 201

    remove_station(Station.objects.get(), by=TESTER)

    assert terminal.call("GET", "jobs/").status_code == 401


def test_a_card_shows_the_persons_waiting_jobs_and_nobody_elses(
    terminal: Terminal, cups: PrivateCups, hall: Printer, follow_me: Printer, ada: PrintUser
) -> None:
    bob = factories.person(ada.organization, "bob@contoso.example")
    mine = submit(cups, follow_me, ada, "Mine")
    held = submit(cups, hall, ada, "Held", hold="indefinite")
    submit(cups, follow_me, bob, "Bob's")

    shown = terminal.begin(card=CARD).json()

    assert shown["person"]["user_name"] == "ada@contoso.example"
    assert [(job["id"], job["title"]) for job in shown["jobs"]] == [(held, "Held"), (mine, "Mine")]


def test_a_job_in_a_secure_release_queue_prints_at_the_stations_printer(
    terminal: Terminal, cups: PrivateCups, follow_me: Printer, ada: PrintUser
) -> None:
    job = submit(cups, follow_me, ada)
    terminal.begin(card=CARD)

    done = terminal.call("POST", f"jobs/{job}/release/")

    assert (done.status_code, done.json()["done"], done.json()["jobs"]) == (200, [job], [])
    shown = remote(cups, job)
    assert shown["job-printer-uri"].endswith("/printers/hall")
    assert shown["job-state"] in (3, 5, 9)
    recorded = AuditEvent.objects.get(verb="job.released")
    assert recorded.details is not None
    assert recorded.details["actor"] == "Station Hall"


def test_all_jobs_are_released_the_oldest_first_or_deleted(
    terminal: Terminal, cups: PrivateCups, hall: Printer, follow_me: Printer, ada: PrintUser
) -> None:
    jobs = [submit(cups, follow_me, ada), submit(cups, hall, ada, hold="indefinite")]
    terminal.begin(user_name="ada@contoso.example", pin=PIN)

    done = terminal.call("POST", "jobs/release/").json()
    assert (done["done"], done["refused"], done["jobs"]) == (jobs, [], [])

    more = [submit(cups, follow_me, ada), submit(cups, follow_me, ada)]
    gone = terminal.call("DELETE", "jobs/").json()
    assert (sorted(gone["done"]), gone["jobs"]) == (more, [])
    for job in more:
        assert not cups.ipptool("Restart-Job", job=number_of(job), user="ada").is_ok


def test_a_job_of_someone_else_is_like_none(
    terminal: Terminal, cups: PrivateCups, follow_me: Printer, ada: PrintUser
) -> None:
    bobs = submit(cups, follow_me, factories.person(ada.organization, "bob@contoso.example"))
    terminal.begin(card=CARD)

    foreign = terminal.call("POST", f"jobs/{bobs}/release/")
    unknown = terminal.call("DELETE", "jobs/999999999999999999999/")

    assert (foreign.status_code, unknown.status_code) == (404, 404)
    assert foreign.json()["detail"] == unknown.json()["detail"]
    assert remote(cups, bobs)["job-state"] == 3


def test_a_job_on_another_print_server_says_where_it_waits(
    terminal: Terminal, cups: PrivateCups, ada: PrintUser
) -> None:
    far = equipment.printer(equipment.print_server(ada.organization), "annex", location="Second floor")
    job = equipment.print_job(far, ada)
    terminal.begin(card=CARD)

    refused = terminal.call("POST", f"jobs/{job.pk}/release/")

    assert refused.status_code == 409
    assert refused.json()["detail"] == "This job waits at annex (Second floor). Release it there."


def test_at_a_stopped_printer_nothing_is_released_and_why_is_said(
    terminal: Terminal, cups: PrivateCups, hall: Printer, follow_me: Printer, ada: PrintUser
) -> None:
    jobs = [submit(cups, follow_me, ada), submit(cups, hall, ada, hold="indefinite")]
    cups.operate("Pause-Printer", queue="hall")
    terminal.begin(card=CARD)

    refused = terminal.call("POST", f"jobs/{jobs[1]}/release/")
    all_refused = terminal.call("POST", "jobs/release/").json()

    assert refused.status_code == 409
    assert refused.json()["detail"].startswith("The printer hall is stopped, so the job was not released.")
    assert [row["id"] for row in all_refused["refused"]] == jobs
    assert {row["detail"] for row in all_refused["refused"]} == {refused.json()["detail"]}
    assert remote(cups, jobs[0])["job-printer-uri"].endswith("/printers/follow-me")


def test_a_server_that_is_off_is_said_to_be_and_the_others_go_on(
    terminal: Terminal, own_cups: PrivateCups, cups: PrivateCups, hall: Printer, ada: PrintUser
) -> None:
    job = submit(cups, hall, ada, hold="indefinite")
    terminal.begin(card=CARD)
    server = hall.server
    server.uri = "ipp://127.0.0.1:9/"
    server.save()

    refused = terminal.call("POST", f"jobs/{job}/release/")
    all_refused = terminal.call("POST", "jobs/release/")

    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "30")
    assert (all_refused.status_code, all_refused.json()["done"]) == (200, [])
    assert all_refused.json()["refused"] == [{"id": job, "detail": refused.json()["detail"]}]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"user_name": "ada@contoso.example"},
        {"pin": PIN},
        {"card": ""},
        {"card": "x" * 300},
        [],
        {"card": 1.5e400},
    ],
)
def test_bodies_that_name_nobody_are_400(body: object, terminal: Terminal) -> None:
    refused = terminal.call("POST", "visits/", body)

    assert refused.status_code == 400
    assert refused.headers["Content-Type"] == "application/problem+json"


def test_wrong_pins_are_403_and_then_429(terminal: Terminal, ada: PrintUser) -> None:
    statuses = [
        terminal.begin(user_name="ada@contoso.example", pin="000000").status_code
        for _attempt in range(PIN_HERE.failures)
    ]
    locked = terminal.begin(user_name="ada@contoso.example", pin=PIN)

    assert set(statuses) == {403}
    assert (locked.status_code, locked.headers["Retry-After"]) == (429, "900")


def test_a_leaver_is_refused_at_once(
    terminal: Terminal, cups: PrivateCups, follow_me: Printer, ada: PrintUser
) -> None:
    job = submit(cups, follow_me, ada)
    terminal.begin(card=CARD)

    leaving.suspend(ada, by=TESTER)

    assert terminal.call("POST", f"jobs/{job}/release/").status_code == 403
    assert terminal.begin(card=CARD).status_code == 403
    assert remote(cups, job)["job-state"] == 3


def test_showing_jobs_costs_the_same_for_one_and_for_many(
    terminal: Terminal, hall: Printer, ada: PrintUser, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    terminal.begin(card=CARD)
    for number in (1, 40):
        for _job in range(number):
            equipment.print_job(hall, ada)
        with django_assert_num_queries(3):  # the station, the person, the jobs
            terminal.call("GET", "jobs/")
