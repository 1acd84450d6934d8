"""Print jobs beside their list: on a person's page and timeline, and on the dashboard."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from demo.cupsd import STUCK_DEVICE, PrivateCups
from printmgmt.console.jobs.entries import open_jobs
from printmgmt.organizations.models import Organization
from printmgmt.organizations.roles import Role
from printmgmt.people.models import PrintUser
from printmgmt.printing.jobs.actions import hold_job
from printmgmt.printing.jobs.claims import claim_job
from printmgmt.printing.models import JobState, OwnerDoubt, PrinterState
from tests import factories
from tests.printmgmt.console.conftest import Page
from tests.printmgmt.printing import equipment

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(contoso: Organization) -> PrintUser:
    return factories.person(contoso, "ada@contoso.example")


def test_a_person_has_their_open_jobs_with_buttons(page: Page, contoso: Organization, ada: PrintUser) -> None:
    assert "Nothing waits." in page("console:person", person=ada.pk)
    at = equipment.printer(equipment.print_server(contoso))
    equipment.print_job(at, ada, remote_id=4711, title="Letter")
    equipment.print_job(at, ada, remote_id=4712, state=JobState.COMPLETED)

    html = page("console:person", person=ada.pk)

    assert "Letter" in html
    assert 'aria-label="Release: job 4711"' in html
    assert "4712" not in html
    assert f"{reverse('console:jobs', args=['contoso'])}?person={ada.pk}" in html


def test_an_auditor_sees_a_persons_jobs_without_titles_and_buttons(
    contoso: Organization, ada: PrintUser
) -> None:
    equipment.print_job(equipment.printer(equipment.print_server(contoso)), ada, title="Letter")
    client = factories.signed_in(contoso, Role.AUDITOR)

    html = client.get(reverse("console:person", args=["contoso", ada.pk])).content.decode()

    assert "Held by its owner or by the print server." in html
    assert "Letter" not in html
    assert 'name="deed"' not in html


def test_no_more_than_so_many_are_shown(contoso: Organization, ada: PrintUser) -> None:
    at = equipment.printer(equipment.print_server(contoso))
    for _ in range(4):
        equipment.print_job(at, ada)

    assert [(len(entries), more) for entries, more in (open_jobs(ada, 4), open_jobs(ada, 3))] == [
        (4, False),
        (3, True),
    ]


def test_the_timeline_says_what_was_done_to_a_persons_jobs(
    page: Page, contoso: Organization, cups: PrivateCups, ada: PrintUser
) -> None:
    cups.add_queue("front", device=STUCK_DEVICE, stopped=True)
    front = equipment.printer(equipment.operated(contoso, cups, name="Lyon"), "front")
    job = equipment.seen_job(cups, front, cups.submit("front", "ada", title="Letter"), ada)
    claimed = equipment.print_job(front, owner_text="adal", owner_key="adal", doubt=OwnerDoubt.UNKNOWN)

    hold_job(job, by=factories.TESTER)
    claim_job(claimed, ada, by=factories.TESTER)

    timeline = page("console:person", person=ada.pk).split('id="timeline-entries"')[1]
    assert "Print job held" in timeline
    assert f"Job {job.remote_id} on <bdi>Lyon</bdi>" in timeline
    assert "Jobs assigned to a person" in timeline
    assert "adal" in timeline
    assert "Letter" not in timeline


def test_the_dashboard_counts_what_waits_and_what_needs_someone(
    client: Client, page: Page, contoso: Organization, ada: PrintUser
) -> None:
    assert "Waiting jobs" not in page("console:dashboard")
    lyon = equipment.print_server(contoso)
    equipment.print_server(contoso, problem="offline", offline_since=timezone.now())
    stopped = equipment.printer(lyon, state=PrinterState.STOPPED)
    equipment.print_job(stopped, ada)
    equipment.print_job(stopped)
    equipment.print_job(stopped, state=JobState.PROCESSING)
    equipment.print_job(stopped, state=JobState.COMPLETED)

    html = page("console:dashboard")
    figures = client.get(reverse("console:dashboard", args=["contoso"])).context["printing"]

    assert (figures.servers, figures.unread, figures.attention, figures.waiting, figures.nobodys) == (
        2,
        1,
        1,
        2,
        2,
    )
    assert "Waiting jobs" in html
    assert "1 print server cannot be read" in html
    assert "All clear" not in html
