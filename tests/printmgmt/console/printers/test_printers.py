"""Printers: states and reasons in words, what holds, what waits, and which need a person."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from printmgmt.console.printers.reasons import Severity, reason_of, reasons_of
from printmgmt.console.printers.statuses import attention_count
from printmgmt.organizations.models import Organization
from printmgmt.printing.models import HoldProblem, JobState, Printer, PrinterState, PrintServer
from tests import factories
from tests.printmgmt.console.conftest import Page
from tests.printmgmt.printing import equipment

pytestmark = pytest.mark.django_db


@pytest.fixture
def lyon(contoso: Organization) -> PrintServer:
    return equipment.print_server(contoso, name="Lyon")


def names(client: Client, **query: str) -> list[str]:
    answer = client.get(reverse("console:printers", args=["contoso"]), query)
    return [printer.name for printer in answer.context["rows"]]


def test_an_empty_list_says_where_printers_come_from(page: Page) -> None:
    assert "Add a print server, and its printers appear here." in page("console:printers")


@pytest.mark.parametrize(
    ("keyword", "words", "severity"),
    [
        ("media-jam-error", "Paper jam", Severity.ERROR),
        ("toner-low-warning", "Toner low", Severity.WARNING),
        ("offline-report", "The device is offline", Severity.REPORT),
        ("paused", "Paused", Severity.REPORT),
        ("cups-missing-filter-warning", "A filter is missing on the server", Severity.WARNING),
        ("acme-waste-full-error", "Acme waste full", Severity.ERROR),
        ("<img src=x>", "<img src=x>", Severity.REPORT),
        ("-error", "Error", Severity.REPORT),
    ],
)
def test_reasons_are_put_into_words(keyword: str, words: str, severity: Severity) -> None:
    reason = reason_of(keyword)

    assert (str(reason.words), reason.severity) == (words, severity)


def test_none_is_no_reason_and_each_is_said_once() -> None:
    found = reasons_of(["none", "", "media-jam-error", "media-path-jam-error"])

    assert [str(reason.words) for reason in found] == ["Paper jam"]


def test_a_printer_shows_state_reasons_place_server_and_what_waits(page: Page, lyon: PrintServer) -> None:
    front = equipment.printer(
        lyon,
        "front",
        location="Hall 2",
        state=PrinterState.STOPPED,
        state_reasons=["media-jam-error", "<script>-report"],
        accepting=False,
    )
    equipment.print_job(front)
    equipment.print_job(front, state=JobState.PENDING)
    equipment.print_job(front, state=JobState.COMPLETED)

    html = page("console:printers")

    for text in (
        "front",
        "Hall 2",
        "Lyon",
        "Stopped",
        "Paper jam",
        "Does not accept jobs",
        "2 jobs wait at front",
    ):
        assert text in html
    assert "<script>-report" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({}, "Prints immediately"),
        ({"hold_default": "indefinite"}, "The sender can ask to print immediately."),
        ({"hold_default": "no-hold"}, "Prints immediately"),
        ({"state_reasons": ["hold-new-jobs"]}, "New jobs are held until CUPS restarts"),
    ],
)
def test_what_holds_is_said(page: Page, lyon: PrintServer, columns: dict[str, Any], words: str) -> None:
    equipment.printer(lyon, state=PrinterState.IDLE, **columns)

    assert words in page("console:printers")


def test_a_stopped_queue_with_devices_is_secure_release(page: Page, lyon: PrintServer) -> None:
    device = equipment.printer(lyon, "device", state=PrinterState.IDLE)
    queue = equipment.printer(lyon, "follow-me", state=PrinterState.STOPPED, secure_since=timezone.now())
    queue.devices.add(device)

    html = page("console:printers")
    assert "Secure release" in html
    assert "Holds for release" in html
    assert attention_count(lyon.organization) == 0

    Printer.objects.filter(pk=queue.pk).update(
        hold_problem=HoldProblem.BYPASS, hold_problem_since=timezone.now()
    )
    html = page("console:printers")
    assert "with a problem" in html
    assert "Jobs can be moved out of the queue" in html
    assert attention_count(lyon.organization) == 1


def test_missing_printers_are_hidden_until_asked_for(client: Client, page: Page, lyon: PrintServer) -> None:
    equipment.printer(lyon, "gone", missing_since=timezone.now())

    assert "No printer is on its server" in page("console:printers")
    assert names(client) == []
    assert names(client, state="missing") == ["gone"]


def test_filters_and_search(client: Client, contoso: Organization, lyon: PrintServer) -> None:
    offline = equipment.print_server(contoso, problem="offline", offline_since=timezone.now())
    for name, state in (("idle", PrinterState.IDLE), ("printing", PrinterState.PROCESSING)):
        equipment.printer(lyon, name, state=state, location=f"Room of {name}", make_model="Acme 1")
    equipment.printer(lyon, "stopped", state=PrinterState.STOPPED)
    equipment.printer(lyon, "jammed", state=PrinterState.IDLE, state_reasons=["media-jam-error"])
    equipment.printer(offline, "far", state=PrinterState.STOPPED)

    assert names(client) == ["far", "idle", "jammed", "printing", "stopped"]
    assert names(client, sort="-name") == ["stopped", "printing", "jammed", "idle", "far"]
    for state, expected in {
        "idle": ["idle", "jammed"],
        "printing": ["printing"],
        "stopped": ["stopped"],
        "unread": ["far"],
        "attention": ["jammed", "stopped"],
        "holding": [],
    }.items():
        assert names(client, state=state) == expected, state
    assert names(client, server=str(offline.pk)) == ["far"]
    assert names(client, q="room of pri") == ["printing"]
    assert names(client, q="ACME") == ["idle", "printing"]


def test_a_server_that_is_not_read_shows_the_state_as_of_then(page: Page, contoso: Organization) -> None:
    at = timezone.now().replace(hour=14, minute=2)
    offline = equipment.print_server(
        contoso, name="Lyon", problem="offline", offline_since=at, last_seen_at=at
    )
    equipment.printer(offline, state=PrinterState.IDLE, last_seen_at=at)

    html = page("console:printers")

    assert "Server not read" in html
    assert "Idle as of" in html
    assert "Lyon</bdi>: cannot be read since" in html


def test_a_file_of_printers_says_the_same_in_words(client: Client, lyon: PrintServer) -> None:
    front = equipment.printer(lyon, "front", state=PrinterState.STOPPED, state_reasons=["media-jam-error"])
    equipment.print_job(front)

    answer = client.get(reverse("console:printers", args=["contoso"]), {"export": "csv"})

    [heading, row] = answer.getvalue().decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    cells = dict(zip(heading.split(","), row.split(","), strict=True))
    assert (cells["Name"], cells["State"], cells["Reasons"], cells["Waiting"]) == (
        "front",
        "Stopped",
        "Paper jam",
        "1",
    )


def test_the_page_of_a_printer_shows_it_and_its_open_jobs(
    client: Client, page: Page, lyon: PrintServer
) -> None:
    front = equipment.printer(lyon, "front", state=PrinterState.IDLE, accepting=True, make_model="Acme 1")
    queue = equipment.printer(lyon, "follow-me", state=PrinterState.STOPPED)
    queue.devices.add(front)
    equipment.station(front, "Hall")
    job = equipment.print_job(front, remote_id=4711)
    equipment.print_job(front, remote_id=4712, state=JobState.COMPLETED)
    elsewhere = equipment.print_job(queue, remote_id=4713)

    html = page("console:printer", printer=front.pk)

    for text in ("Acme 1", "Ready", "Hall", "follow-me", "Select job 4711"):
        assert text in html
    assert "4712" not in html
    assert "4713" not in html
    answer = client.get(reverse("console:printer", args=["contoso", queue.pk]))
    assert [row.pk for row in answer.context["rows"]] == [elsewhere.pk]
    assert job.pk != elsewhere.pk


def test_a_printer_of_another_organization_is_not_there(client: Client) -> None:
    other = equipment.printer(equipment.print_server(factories.organization("Fabrikam")))

    assert client.get(reverse("console:printer", args=["contoso", other.pk])).status_code == 404
