"""The list of jobs: whose they are, why they wait, what is found, and what only operators see."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from printmgmt.organizations.models import Organization
from printmgmt.organizations.roles import Role
from printmgmt.people.models import PrintAlias, PrintUser
from printmgmt.printing.models import JobState, OwnerDoubt, Printer, PrintJob, PrintServer
from tests import factories, many
from tests.printmgmt.console.conftest import Page
from tests.printmgmt.printing import equipment

pytestmark = pytest.mark.django_db

SECRET = "Notice of termination"


@pytest.fixture
def front(contoso: Organization) -> Printer:
    return equipment.printer(equipment.print_server(contoso, name="Lyon"), "front")


@pytest.fixture
def ada(contoso: Organization) -> PrintUser:
    return factories.person(contoso, "ada@contoso.example", display_name="Ada Lovelace")


def numbers(client: Client, **query: str) -> list[int]:
    """The numbers of the jobs on the page."""
    answer = client.get(reverse("console:jobs", args=["contoso"]), query)
    return [job.remote_id for job in answer.context["rows"]]


def test_an_empty_list_says_when_jobs_appear(page: Page) -> None:
    html = page("console:jobs")

    assert "No jobs yet" in html
    assert reverse("console:printers", args=["contoso"]) in html


def test_a_job_shows_owner_title_state_printer_pages_and_when(
    page: Page, front: Printer, ada: PrintUser
) -> None:
    equipment.print_job(
        front, ada, remote_id=17, title=SECRET, state=JobState.COMPLETED, impressions=3, sheets=2
    )

    html = page("console:jobs")

    for text in ("Ada Lovelace", SECRET, "Printed", "front", "Job 17 on", "Lyon", "3 pages", "2 sheets"):
        assert text in html
    assert reverse("console:person", args=["contoso", ada.pk]) in html


@pytest.mark.parametrize("role", Role)
def test_titles_are_for_operators_and_in_no_file(contoso: Organization, front: Printer, role: Role) -> None:
    equipment.print_job(front, title=SECRET)
    client = factories.signed_in(contoso, role)
    url = reverse("console:jobs", args=["contoso"])

    assert (SECRET in client.get(url).content.decode()) == (role != Role.AUDITOR)
    assert SECRET not in client.get(url, {"export": "csv"}).getvalue().decode()  # type: ignore[attr-defined]


def test_an_auditor_has_no_boxes_and_no_buttons(contoso: Organization, front: Printer) -> None:
    equipment.print_job(front)

    html = factories.signed_in(contoso, Role.AUDITOR).get(reverse("console:jobs", args=["contoso"])).content

    assert b'name="deed"' not in html
    assert b'name="job"' not in html


@pytest.mark.parametrize(
    ("doubt", "words"),
    [
        (OwnerDoubt.HIDDEN, "The server hides the owner."),
        (OwnerDoubt.MISSING, "The job names no owner."),
        (OwnerDoubt.FORGED, "The job names two owners, so one of them is false."),
        (OwnerDoubt.UNKNOWN, "No person prints under this name."),
        (OwnerDoubt.AMBIGUOUS, "Several people print under this name."),
        (OwnerDoubt.REUSED, "This name belongs to someone else now."),
    ],
)
def test_a_job_of_nobody_yet_says_why(page: Page, front: Printer, doubt: OwnerDoubt, words: str) -> None:
    equipment.print_job(front, owner_text="CONTOSO\\stranger", doubt=doubt)

    html = page("console:jobs")

    assert "CONTOSO\\stranger" in html
    assert words in html


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"held_at": timezone.now(), "held_by": "pat@contoso.example"}, "Held by pat@contoso.example."),
        ({"hold_until": "indefinite"}, "Held by its owner or by the print server."),
        ({"hold_until": "night"}, "Prints at night."),
        ({"hold_until": "18:00:00"}, "Prints at 18:00:00 (UTC)."),
        ({"state_reasons": ["job-incoming"]}, "Its document is still being sent."),
        ({"state": JobState.ABORTED, "state_reasons": ["document-format-error"]}, "Its document is damaged."),
        (
            {"state": JobState.STOPPED, "state_reasons": ["acme-<b>waste</b>-full"]},
            "Acme &lt;b&gt;waste&lt;/b&gt; full",
        ),
        ({"gone_at": timezone.now()}, "Its end was not seen."),
    ],
)
def test_the_state_says_who_holds_a_job_or_why(
    page: Page, front: Printer, columns: dict[str, Any], words: str
) -> None:
    equipment.print_job(front, **columns)

    assert words in page("console:jobs")


def test_what_is_held_for_a_leaver_leads_to_their_run(
    page: Page, contoso: Organization, front: Printer, ada: PrintUser
) -> None:
    run = factories.leaver(contoso, who=ada)
    equipment.print_job(
        front, ada, held_at=timezone.now(), held_by_run=run.pk, held_by_step="hold-waiting-jobs"
    )

    html = page("console:jobs")

    assert "Held because its owner left." in html
    assert reverse("console:run", args=["contoso", run.pk]) in html
    assert 'value="release" ' not in html.replace("data-for-selection", "").split("<tbody>")[1]


@pytest.mark.parametrize(
    ("hours", "words"), [(24, "deleted 24 hours after they were sent"), (1, "deleted 1 hour after"), (0, "")]
)
def test_the_list_says_how_long_jobs_wait_to_be_collected(
    page: Page, contoso: Organization, hours: int, words: str
) -> None:
    Organization.objects.filter(pk=contoso.pk).update(uncollected_hours=hours)

    html = page("console:jobs")

    assert words in html
    assert ("Jobs that nobody collects" in html) == bool(hours)


def test_unknown_is_not_zero(page: Page, front: Printer) -> None:
    equipment.print_job(front, state=JobState.COMPLETED, impressions=None, sheets=None)
    assert "unknown" in page("console:jobs")

    PrintJob.objects.update(impressions=0)
    html = page("console:jobs")
    assert "unknown" not in html
    assert "0 pages" in html


def test_a_server_that_is_not_read_says_as_of_when(page: Page, contoso: Organization, front: Printer) -> None:
    at = timezone.now().replace(hour=14, minute=2)
    server = front.server
    server.offline_since, server.problem, server.last_seen_at = at, "offline", at
    server.save()
    equipment.print_job(front, seen_at=at)

    html = page("console:jobs")

    assert "Lyon</bdi>: cannot be read since" in html
    assert html.count("14:02") >= 3


def test_filters_narrow_by_state_owner_and_server(
    client: Client, contoso: Organization, front: Printer, ada: PrintUser
) -> None:
    back = equipment.printer(equipment.print_server(contoso))
    waiting = equipment.print_job(front, ada, state=JobState.PENDING)
    held = equipment.print_job(back)
    printing = equipment.print_job(front, ada, state=JobState.PROCESSING)
    printed = equipment.print_job(front, ada, state=JobState.COMPLETED)
    gone = equipment.print_job(front, ada, gone_at=timezone.now())

    def shown(**query: str) -> set[int]:
        return set(numbers(client, **query))

    def of(*jobs: PrintJob) -> set[int]:
        return {job.remote_id for job in jobs}

    assert shown() == of(waiting, held, printing, printed, gone)
    assert shown(state="open") == of(waiting, held, printing)
    assert shown(state="waiting") == of(waiting)
    assert shown(state="held") == of(held)
    assert shown(state="printing") == of(printing)
    assert shown(state="over") == of(printed, gone)
    assert shown(owner="nobody") == of(held)
    assert shown(server=str(back.server_id)) == of(held)
    assert shown(printer=str(back.pk)) == of(held)
    assert shown(person=str(ada.pk)) == of(waiting, printing, printed, gone)


def test_jobs_of_merged_rows_are_their_persons(
    client: Client, contoso: Organization, front: Printer, ada: PrintUser
) -> None:
    twin = factories.person(contoso, "twin@contoso.example")
    job = equipment.print_job(front, twin)
    PrintUser.objects.filter(pk=twin.pk).update(merged_into=ada, removed_at=timezone.now(), state="removed")

    assert numbers(client, person=str(ada.pk)) == [job.remote_id]


def test_jobs_are_found_by_person_name_number_and_printer(
    client: Client, contoso: Organization, front: Printer, ada: PrintUser
) -> None:
    back = equipment.printer(front.server, "back")
    PrintAlias.objects.create(
        organization=contoso, person=ada, value="CONTOSO\\ada", value_key="contoso\\ada"
    )
    hers = equipment.print_job(front, ada, remote_id=4711)
    nobodys = equipment.print_job(back, owner_text="Stranger", owner_key="stranger")

    for text in ("lovelace", "ada@contoso", "CONTOSO\\Ada", "4711", "#4711", "front"):
        assert numbers(client, q=text) == [hers.remote_id], text
    for text in ("STRANGER", str(nobodys.remote_id), "bac"):
        assert numbers(client, q=text) == [nobodys.remote_id], text
    for text in ("strange", "9" * 30, SECRET):
        assert numbers(client, q=text) == [], text


def test_jobs_of_other_organizations_are_not_found(client: Client) -> None:
    fabrikam = factories.organization("Fabrikam")
    at = equipment.printer(equipment.print_server(fabrikam), "theirs")
    job = equipment.print_job(at, factories.person(fabrikam), owner_key="x")

    for query in ({}, {"q": "theirs"}, {"q": "x"}, {"q": str(job.remote_id)}, {"printer": str(at.pk)}):
        assert numbers(client, **query) == []


def test_pages_are_by_when_a_job_was_submitted(client: Client, front: Printer) -> None:
    now = timezone.now()
    jobs = PrintJob.objects.bulk_create(
        PrintJob(
            organization=front.organization,
            server=front.server,
            printer=front,
            remote_id=number,
            state=JobState.COMPLETED,
            # Some at the same moment; rows that were seen first may be the younger ones.
            submitted_at=now - timedelta(minutes=(number * 7) % 60),
        )
        for number in range(1, 121)
    )
    expected = [
        job.remote_id for job in sorted(jobs, key=lambda job: (job.submitted_at, job.pk), reverse=True)
    ]
    url = reverse("console:jobs", args=["contoso"])

    found, position = [], None
    pages = []
    while True:
        context = client.get(url, {"before": position} if position else {}).context
        pages.append([job.remote_id for job in context["rows"]])
        found += pages[-1]
        position = str(context["page"].older) if context["page"].older else None
        if position is None:
            break
    back = client.get(url, {"after": str(context["page"].newer)}).context

    assert found == expected
    assert [job.remote_id for job in back["rows"]] == pages[1]


@pytest.mark.parametrize(
    ("minutes", "columns", "words"),
    [
        (0, {}, "less than a minute"),
        (-9, {}, "less than a minute"),  # the server's clock is ahead
        (61, {"state": JobState.PENDING}, "1 hour, 1 minute"),
        (3 * 24 * 60, {}, "3 days"),
        (61, {"state": JobState.PROCESSING}, ""),
        (61, {"state": JobState.COMPLETED}, ""),
        (61, {"gone_at": timezone.now()}, ""),
    ],
)
@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati"])
def test_a_waiting_job_says_how_long_it_has_waited_in_any_time_zone(
    zone: str,
    minutes: int,
    columns: dict[str, Any],
    words: str,
    page: Page,
    contoso: Organization,
    front: Printer,
    ada: PrintUser,
) -> None:
    Organization.objects.filter(pk=contoso.pk).update(time_zone=zone)
    sent = timezone.now() - timedelta(minutes=minutes)
    equipment.print_job(front, ada, submitted_at=sent, **columns)
    jobs, at, of = (
        page("console:jobs"),
        page("console:printer", printer=front.pk),
        page("console:person", person=ada.pk),
    )

    for html in (jobs, at, of):
        assert ("Waiting for " in html) == bool(words)
        assert not words or f"Waiting for {words}." in html


def test_on_a_server_that_is_not_read_a_job_waits_as_long_as_was_seen(page: Page, front: Printer) -> None:
    sent = timezone.now() - timedelta(hours=9)
    equipment.print_job(front, submitted_at=sent, seen_at=sent + timedelta(hours=2))
    assert "Waiting for 9 hours." in page("console:jobs")
    PrintServer.objects.update(problem="offline", offline_since=timezone.now())

    html = page("console:jobs")

    assert "Waiting for 2 hours." in html


def test_the_longest_waiting_job_comes_first_and_pages_go_on_from_there(
    client: Client, front: Printer
) -> None:
    now = timezone.now()
    for number in range(1, 121):
        equipment.print_job(
            front,
            remote_id=number,
            state=(JobState.HELD, JobState.PENDING, JobState.COMPLETED)[number % 3],
            submitted_at=now - timedelta(minutes=(number * 7) % 60),
        )
    waiting = PrintJob.objects.exclude(state=JobState.COMPLETED).order_by("submitted_at", "pk")
    expected = list(waiting.values_list("remote_id", flat=True))
    url, order = reverse("console:jobs", args=["contoso"]), {"order": "longest-waiting"}

    first = client.get(url, order).context
    second = client.get(url, {**order, "after": str(first["page"].newer)}).context
    back = client.get(url, {**order, "before": str(second["page"].older)}).context

    pages = [[job.remote_id for job in context["rows"]] for context in (first, second, back)]
    assert pages[0] + pages[1] == expected
    assert pages[2] == pages[0]
    assert (first["page"].older, second["page"].newer, back["page"].older) == (None, None, None)


def test_many_people_with_the_name_are_as_good_as_one(
    client: Client, contoso: Organization, front: Printer
) -> None:
    """More than are named one by one."""
    who: Sequence[PrintUser] = many.people(contoso, range(210))
    job = equipment.print_job(front, who[-1])
    equipment.print_job(front, factories.person(contoso, "other@fabrikam.example"))

    numbers(client)  # the first request of a session costs more
    with CaptureQueriesContext(connection) as captured:
        assert numbers(client, q="active") == [job.remote_id]
    assert len(captured) == 9  # people and printers that the text means are two
