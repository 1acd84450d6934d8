"""Hold, release and cancel from the console on a real cupsd, and what a server that is silent leads to."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from demo.cupsd import STUCK_DEVICE, PrivateCups
from printmgmt.console.jobs import changing
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser
from printmgmt.printing.ipp.client import Limits
from printmgmt.printing.models import JobState, Printer, PrinterState, PrintJob
from tests import factories
from tests.printmgmt.console.people.pages import message_text, verbs
from tests.printmgmt.printing import equipment

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(contoso: Organization) -> PrintUser:
    return factories.person(contoso, "ada@contoso.example")


@pytest.fixture
def front(contoso: Organization, cups: PrivateCups) -> Printer:
    cups.add_queue("front", device=STUCK_DEVICE, stopped=True)
    return equipment.printer(equipment.operated(contoso, cups, name="Lyon"), "front")


@pytest.fixture
def deaf(contoso: Organization) -> Iterator[Printer]:
    """A printer of a server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        uri = f"ipp://127.0.0.1:{listener.getsockname()[1]}/"
        yield equipment.printer(equipment.print_server(contoso, name="Deaf", uri=uri), "deaf")


def change(client: Client, deed: str, *jobs: PrintJob, **fields: Any) -> str:
    """Press a button for these jobs; what the next page says."""
    url = reverse("console:jobs_change", args=["contoso"])
    client.cookies.pop("messages", None)  # what was said before and not shown
    answer = client.post(url, {"deed": deed, "job": [job.pk for job in jobs], **fields})
    assert answer.status_code == 302
    return message_text(answer)


@pytest.fixture
def hall(cups: PrivateCups, front: Printer) -> Printer:
    """A printer that never finishes: what it prints stays to be seen."""
    cups.add_queue("hall", device=STUCK_DEVICE)
    return equipment.printer(front.server, "hall")


def submit(cups: PrivateCups, at: Printer, ada: PrintUser, hold: str = "") -> PrintJob:
    number = cups.submit(at.name, "ada", **({"hold": hold} if hold else {}))
    return equipment.seen_job(cups, at, number, ada)


def test_one_job_is_held_released_and_canceled(
    client: Client, contoso: Organization, cups: PrivateCups, hall: Printer, ada: PrintUser
) -> None:
    job = submit(cups, hall, ada, hold="night")

    assert change(client, "hold", job) == "1 job was held."
    assert cups.job(job.remote_id)["job-state"] == 4
    assert change(client, "release", job) == "1 job was released."
    assert cups.job(job.remote_id)["job-state"] in (JobState.PENDING, JobState.PROCESSING)
    assert change(client, "cancel", job) == "1 job was canceled. Its document is deleted."
    assert not cups.ipptool("Restart-Job", job=job.remote_id, user="ada").is_ok
    assert verbs(contoso) == ["job.held", "job.released", "job.canceled"]


def test_of_a_selection_each_outcome_is_told(
    client: Client, cups: PrivateCups, front: Printer, ada: PrintUser
) -> None:
    waiting = [submit(cups, front, ada) for _ in range(3)]
    over = submit(cups, front, ada)
    cups.operate("Cancel-Job", job=over.remote_id)

    told = change(client, "hold", *waiting, over)

    assert told == (
        f"3 jobs were held. Job {over.remote_id} on Lyon was not changed. This job is no longer waiting."
    )
    assert [cups.job(job.remote_id)["job-state"] for job in waiting] == [4, 4, 4]


def test_a_server_that_does_not_answer_delays_no_other(
    monkeypatch: pytest.MonkeyPatch,
    client: Client,
    cups: PrivateCups,
    front: Printer,
    deaf: Printer,
    ada: PrintUser,
) -> None:
    monkeypatch.setattr(changing, "LIMITS", Limits(connect=30, answer=3))
    lost = [equipment.print_job(deaf, state=JobState.PENDING) for _ in range(7)]
    job = submit(cups, front, ada)

    told = change(client, "hold", *lost, job)

    assert "1 job was held." in told
    assert f"Job {lost[0].remote_id} on Deaf was not changed." in told
    assert "Not tried: " in told
    assert "and 1 more job were not changed" in told
    assert cups.job(job.remote_id)["job-state"] == 4


def test_after_the_time_for_all_of_them_the_rest_is_not_tried(
    monkeypatch: pytest.MonkeyPatch, client: Client, cups: PrivateCups, front: Printer, ada: PrintUser
) -> None:
    monkeypatch.setattr(changing, "TIME", 0.0)
    job = submit(cups, front, ada)

    assert "Not tried: the print servers took too long." in change(client, "cancel", job)
    assert cups.job(job.remote_id)["job-state"] == 3


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_a_server_is_asked(
    monkeypatch: pytest.MonkeyPatch, client: Client, front: Printer, ada: PrintUser
) -> None:
    seen = []
    monkeypatch.setattr(
        changing, "client_for", lambda *_args, **_more: seen.append(connection.in_atomic_block) or 1 / 0
    )
    job = equipment.print_job(front, ada)

    with pytest.raises(ZeroDivisionError):
        change(client, "hold", job)

    assert seen == [False]


def test_in_a_stopped_queue_a_release_is_refused_and_says_what_to_do(
    client: Client, contoso: Organization, cups: PrivateCups, front: Printer, ada: PrintUser
) -> None:
    job = submit(cups, front, ada, hold="indefinite")

    assert change(client, "release", job) == (
        f"Job {job.remote_id} on Lyon was not changed. The printer front is stopped, so the job was not "
        "released. Use another printer, or have this one resumed on the print server."
    )
    assert cups.job(job.remote_id)["job-state"] == 4
    assert verbs(contoso) == []


def test_a_release_from_a_secure_queue_prints_at_its_device(
    client: Client, cups: PrivateCups, front: Printer, hall: Printer, ada: PrintUser
) -> None:
    cups.add_queue("follow-me", stopped=True)
    queue = equipment.printer(
        front.server, "follow-me", state=PrinterState.STOPPED, secure_since=timezone.now()
    )
    job, other = submit(cups, queue, ada), submit(cups, queue, ada)
    assert "The queue follow-me has no printer left where jobs can be released." in change(
        client, "release", job
    )
    queue.devices.add(hall)

    assert change(client, "release", job) == "1 job was released."
    assert cups.job(job.remote_id)["job-printer-uri"].endswith("/printers/hall")

    cups.add_queue("back", device=STUCK_DEVICE)
    back = equipment.printer(front.server, "back")
    queue.devices.add(back)
    assert "This queue has several printers." in change(client, "release", other)
    page = client.get(reverse("console:jobs", args=["contoso"])).content.decode()
    assert f'aria-label="Printer for job {other.remote_id}"' in page
    assert change(client, "release", other, to=str(back.pk)) == "1 job was released."
    assert cups.job(other.remote_id)["job-printer-uri"].endswith("/printers/back")


def test_what_makes_no_sense_changes_nothing(client: Client, front: Printer) -> None:
    job = equipment.print_job(front)
    theirs = equipment.print_job(equipment.printer(equipment.print_server(factories.organization("Other"))))

    assert change(client, "purge", job) == "No changes were made."
    assert change(client, "hold") == "Select at least one job."
    assert change(client, "hold", theirs) == "Select at least one job."


@pytest.mark.parametrize(
    ("back", "leads_to"),
    [
        ("/o/contoso/jobs/?state=held", "/o/contoso/jobs/?state=held"),
        ("/o/contoso/printers/1/", "/o/contoso/printers/1/"),
        ("https://evil.example/o/contoso/", "/o/contoso/jobs/"),
        ("//evil.example/", "/o/contoso/jobs/"),
        ("/o/other/jobs/", "/o/contoso/jobs/"),
        ("", "/o/contoso/jobs/"),
    ],
)
def test_the_way_back_stays_in_the_organization(client: Client, back: str, leads_to: str) -> None:
    url = reverse("console:jobs_change", args=["contoso"])

    assert client.post(url, {"deed": "hold", "back": back})["Location"] == leads_to
