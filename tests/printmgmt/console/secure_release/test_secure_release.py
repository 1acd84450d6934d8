"""Secure release in the console: what holds, what is wrong, setting up, changing, stopping again, ending."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from demo.cupsd import PrivateCups
from printmgmt.audit.models import AuditEvent
from printmgmt.organizations.models import Organization
from printmgmt.organizations.roles import Role
from printmgmt.printing.models import HoldProblem, JobState, Printer, PrinterState
from printmgmt.printing.secure_release.checking import check_release_queues
from printmgmt.printing.servers.findings.holds import BLOCK
from printmgmt.printing.servers.probe.probing import probe_server
from tests import factories
from tests.factories import TESTER
from tests.printmgmt.printing import equipment


@pytest.fixture
def hall(contoso: Organization) -> Printer:
    """A printer of a server that nobody calls."""
    server = equipment.print_server(contoso, user_name="operator")
    return equipment.printer(server, "hall", state=PrinterState.IDLE, location="Ground floor")


@pytest.fixture
def queue(hall: Printer) -> Printer:
    return equipment.printer(hall.server, "follow-me", state=PrinterState.IDLE)


@pytest.fixture
def secure(hall: Printer) -> Printer:
    return equipment.secure_queue(hall.server, "follow-me", [hall])


@pytest.fixture
def real(contoso: Organization, cups: PrivateCups) -> Printer:
    """The queue follow-me of a real server, beside the printer hall."""
    for name in ("follow-me", "hall"):
        cups.add_queue(name)
    server = equipment.operated(contoso, cups)
    equipment.printer(server, "hall", state=PrinterState.IDLE)
    return equipment.printer(server, "follow-me", state=PrinterState.IDLE)


def address(queue: Printer, view: str = "") -> str:
    name = f"console:secure_release{view}"
    return reverse(name, kwargs={"organization": queue.organization.slug, "printer": queue.pk})


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def shown(client: Client, queue: Printer, view: str = "") -> str:
    answer = client.get(address(queue, view))
    assert answer.status_code == 200
    return text(answer)


def send(client: Client, queue: Printer, view: str, **values: Any) -> str:
    return text(client.post(address(queue, view), values, follow=True))


def is_stopped(cups: PrivateCups) -> bool:
    answer = cups.ipptool("Get-Printer-Attributes", queue="follow-me")
    return bool(answer.groups[0]["printer-state"] == PrinterState.STOPPED)


def test_a_queue_that_prints_offers_to_set_it_up(contoso: Organization, queue: Printer) -> None:
    owner, auditor = factories.signed_in(contoso), factories.signed_in(contoso, Role.AUDITOR)

    assert "Set up secure release" in shown(owner, queue)
    assert "Set up secure release" not in shown(auditor, queue)


def test_a_queue_that_cannot_be_one_says_why(contoso: Organization, queue: Printer) -> None:
    Printer.objects.filter(pk=queue.pk).update(is_class=True)

    page = shown(factories.signed_in(contoso), queue)

    assert "A class cannot be a secure release queue" in page
    assert "Set up secure release" not in page


def test_a_secure_release_queue_says_where_it_is_released_and_what_waits(
    contoso: Organization, secure: Printer
) -> None:
    for state in (JobState.PENDING, JobState.PENDING, JobState.HELD):
        equipment.print_job(secure, state=state)

    page = shown(factories.signed_in(contoso), secure)

    assert "hall" in page
    assert "(Ground floor)" in page
    assert 'Waiting jobs</dt> <dd class="tabular"> 2 </dd>' in page
    assert "The console emails administrators." in page


@pytest.mark.parametrize("problem", [problem for problem in HoldProblem if problem])
def test_every_problem_is_said_with_what_to_do(
    problem: HoldProblem, contoso: Organization, secure: Printer, hall: Printer
) -> None:
    rows = Printer.objects.filter(pk=secure.pk)
    devices = Printer.objects.filter(pk=hall.pk)
    now = timezone.now()
    match problem:
        case HoldProblem.MISSING:
            rows.update(missing_since=now)
        case HoldProblem.CLASS:
            rows.update(is_class=True)
        case HoldProblem.RESUMED:
            rows.update(state=PrinterState.IDLE)
        case HoldProblem.UNREAD:
            type(secure.server).objects.update(offline_since=now, problem="offline")
        case HoldProblem.DEVICE_MISSING:
            devices.update(missing_since=now)
        case HoldProblem.DEVICE_STOPPED:
            devices.update(state=PrinterState.STOPPED)
        case HoldProblem.BYPASS:
            type(secure.server).objects.update(probe=probe_of("owner"))

    page = shown(factories.signed_in(contoso), secure)

    assert str(problem.label) in page
    assert ("Stop it again" in page) == (problem == HoldProblem.RESUMED)


def probe_of(*movers: str) -> dict[str, Any]:
    policy = {"name": "default", "queues": 2, "rights": {"move": list(movers), "restart": []}}
    return {"version": 1, "is_cups": True, "has_login": True, "policies": [policy]}


@pytest.mark.parametrize(
    ("movers", "sentence"),
    [
        ([], "Only an operator with the password"),
        (["owner"], "Owners can move their own waiting jobs"),
        (["operator-name"], "Anyone who states the operator"),
        (["stranger"], "Anyone can move waiting jobs"),
    ],
)
def test_who_gets_around_it_is_said_with_the_block_that_closes_it(
    movers: list[str], sentence: str, contoso: Organization, secure: Printer
) -> None:
    type(secure.server).objects.update(probe=probe_of(*movers))

    page = shown(factories.signed_in(contoso), secure)

    assert sentence in page
    assert ("CUPS-Move-Job" in page) == bool(movers)


def test_it_is_set_up_on_a_real_server(cups: PrivateCups, contoso: Organization, real: Printer) -> None:
    owner = factories.signed_in(contoso)
    hall = Printer.objects.get(name="hall")
    page = shown(owner, real, "_change")
    assert "What will happen" in page
    assert "hall" in page

    page = send(owner, real, "_change", devices=[hall.pk], stops_again="on")

    assert "Secure release is set up at follow-me." in page
    assert is_stopped(cups)
    row = Printer.objects.get(pk=real.pk)
    assert (list(row.devices.all()), row.stops_again) == ([hall], True)


def test_that_another_organization_shares_the_server_is_said(contoso: Organization, queue: Printer) -> None:
    type(queue.server).objects.update(address_key="print.example.com:631")
    owner = factories.signed_in(contoso)
    assert "Another organization" not in shown(owner, queue, "_change")

    equipment.print_server(factories.organization("Fabrikam"), address_key="print.example.com:631")

    assert "Another organization" in shown(owner, queue, "_change")


def test_a_refusal_of_the_server_changes_nothing_and_is_said(
    cups: PrivateCups, contoso: Organization, real: Printer
) -> None:
    cups.operate("Pause-Printer", queue="hall")
    hall = Printer.objects.get(name="hall")

    page = send(factories.signed_in(contoso), real, "_change", devices=[hall.pk])

    assert "hall is stopped. Resume it on the print server first." in page
    assert "checked" in page
    assert not is_stopped(cups)
    assert not AuditEvent.objects.filter(verb__startswith="secure-release.").exists()


def test_without_a_printer_or_with_one_of_elsewhere_nothing_is_sent(
    contoso: Organization, queue: Printer
) -> None:
    elsewhere = equipment.printer(equipment.print_server(factories.organization("Fabrikam")))
    owner = factories.signed_in(contoso)

    assert "Choose at least one printer" in send(owner, queue, "_change")
    assert "can no longer be chosen" in send(owner, queue, "_change", devices=[elsewhere.pk])
    assert "is not a valid UUID" in send(owner, queue, "_change", devices=["nonsense"])


def test_the_search_keeps_what_is_chosen(contoso: Organization, queue: Printer, hall: Printer) -> None:
    for number in range(25):
        equipment.printer(hall.server, f"room{number:02}", state=PrinterState.IDLE)
    owner = factories.signed_in(contoso)

    assert "There are more" in shown(owner, queue, "_change")
    page = text(owner.get(address(queue, "_change"), {"q": "room07", "devices": [hall.pk]}))

    assert "room07" in page
    assert "room08" not in page
    assert f'value="{hall.pk}" checked' in page


def test_printers_are_changed_unless_someone_else_was_faster(
    contoso: Organization, secure: Printer, hall: Printer
) -> None:
    stairs = equipment.printer(hall.server, "stairs", state=PrinterState.IDLE)
    owner = factories.signed_in(contoso)
    page = shown(owner, secure, "_change")
    seen = page.split('name="seen" value="')[1].split('"')[0]

    page = send(owner, secure, "_change", devices=[stairs.pk], seen=seen)
    assert "follow-me was changed." in page
    assert list(secure.devices.all()) == [stairs]

    page = send(owner, secure, "_change", devices=[hall.pk], seen=seen)
    assert "Not saved: someone else changed this" in page
    assert "Current value: stairs" in page
    assert list(secure.devices.all()) == [stairs]

    assert "No changes were made." in send(owner, secure, "_change", devices=[stairs.pk])


def test_it_is_stopped_again_and_ended(cups: PrivateCups, contoso: Organization, real: Printer) -> None:
    owner = factories.signed_in(contoso)
    hall = Printer.objects.get(name="hall")
    send(owner, real, "_change", devices=[hall.pk])
    cups.operate("Resume-Printer", queue="follow-me")

    assert "follow-me is stopped." in send(owner, real, "_stop")
    assert is_stopped(cups)

    number = cups.submit("follow-me", "ada")
    equipment.seen_job(cups, real, number)
    page = shown(owner, real, "_end")
    assert "1 job waits in this queue" in page
    assert "1 job prints immediately" in page
    page = send(owner, real, "_end", then="hold")
    assert "Secure release at follow-me ended. 1 job was held." in page
    assert not is_stopped(cups)
    assert cups.job(number)["job-state"] == JobState.HELD


def test_what_was_ended_in_the_meantime_is_said(contoso: Organization, queue: Printer) -> None:
    owner = factories.signed_in(contoso)
    words = "no longer a secure release queue"

    assert words in text(owner.get(address(queue, "_end"), follow=True))
    assert words in send(owner, queue, "_end", then="stopped")
    assert words in send(owner, queue, "_stop")


def test_a_server_that_is_off_is_said(own_cups: PrivateCups, contoso: Organization) -> None:
    server = equipment.operated(contoso, own_cups)
    hall = equipment.printer(server, "hall", state=PrinterState.IDLE)
    queue = equipment.printer(server, "follow-me", state=PrinterState.IDLE)
    own_cups.stop()
    owner = factories.signed_in(contoso)

    assert "cannot be reached" in send(owner, queue, "_change", devices=[hall.pk])
    secure = equipment.secure_queue(server, "other", [hall])
    assert "cannot be reached" in send(owner, secure, "_stop")
    assert "cannot be reached" in send(owner, secure, "_end", then="print")


def test_another_organizations_queue_does_not_exist(contoso: Organization, secure: Printer) -> None:
    fabrikam = factories.organization("Fabrikam")
    stranger = factories.signed_in(fabrikam)

    for view in ("", "_change", "_end"):
        name = f"console:secure_release{view}"
        where = reverse(name, kwargs={"organization": fabrikam.slug, "printer": secure.pk})
        assert stranger.get(where).status_code == 404


def test_the_dashboard_names_queues_that_do_not_hold(contoso: Organization, secure: Printer) -> None:
    owner = factories.signed_in(contoso)
    dashboard = reverse("console:dashboard", kwargs={"organization": contoso.slug})
    Printer.objects.filter(pk=secure.pk).update(state=PrinterState.IDLE)
    check_release_queues(secure.server)

    page = text(owner.get(dashboard))

    assert "follow-me: Someone resumed the queue: its jobs print by themselves" in page
    assert address(secure) in page

    Printer.objects.filter(pk=secure.pk).update(state=PrinterState.STOPPED)
    check_release_queues(secure.server)
    assert "follow-me" not in text(owner.get(dashboard))


def test_a_safe_queue_says_so(cups: PrivateCups, contoso: Organization, real: Printer) -> None:
    owner = factories.signed_in(contoso)
    cups.policy(BLOCK)
    probe_server(real.server, by=TESTER)
    send(owner, real, "_change", devices=[Printer.objects.get(name="hall").pk])

    page = shown(owner, real)

    assert "Only an operator with the password" in page
    assert Printer.objects.get(pk=real.pk).hold_problem == ""
