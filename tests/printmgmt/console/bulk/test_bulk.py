"""Bulk changes on the lists of people and leavers: select, preview, start, watch, stop."""

import re

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from printmgmt.bulk.models import BulkOperation, OperationState
from printmgmt.bulk.performing import BulkOperations
from printmgmt.bulk.services import order
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.in_bulk import BLOCK
from printmgmt.deprovisioning.models import DeprovisionRun, WaitingJobs
from printmgmt.deprovisioning.policy import change_policy
from printmgmt.organizations.models import Account, Organization
from printmgmt.organizations.roles import Role
from printmgmt.people.models import CONSOLE, PersonState, PrintUser
from printmgmt.printing.models import JobState
from printmgmt.work.runner import perform_due
from tests import factories, many
from tests.factories import TESTER
from tests.printmgmt.equipment import equip
from tests.printmgmt.printing import equipment

pytestmark = pytest.mark.django_db


@pytest.fixture
def contoso() -> Organization:
    return factories.organization("Contoso")


@pytest.fixture
def people(contoso: Organization) -> list[PrintUser]:
    return [factories.person(contoso, display_name=name) for name in ("Ada", "Bob", "Cem")]


def address(of: Organization, name: str = "console:people", **more: object) -> str:
    return reverse(name, kwargs={"organization": of.slug, **more})


def operation(of: Organization | None = None) -> BulkOperation:
    """The only one, of an organization or of all."""
    operations = BulkOperation.objects.all()
    return (operations.filter(organization=of) if of else operations).get()


def prepared(client: Client, of: Organization, deed: str, **data: object) -> str:
    """Send a selection, and return the page it leads to."""
    response = client.post(address(of), {"deed": deed, **data}, follow=True)
    return re.sub(r"\s+", " ", response.content.decode())


def start(client: Client, of: Organization, **data: object) -> None:
    client.post(address(of, "console:bulk_start", operation=operation(of).pk), data)


def states(people: list[PrintUser]) -> list[str]:
    found = dict(PrintUser.objects.values_list("pk", "state"))
    return [found[person.pk] for person in people]


def test_selected_people_are_previewed_then_suspended(contoso: Organization, people: list[PrintUser]) -> None:
    client = factories.signed_in(contoso, Role.HELPDESK)

    text = prepared(client, contoso, "people.suspend", pick=[people[0].pk, people[1].pk])
    assert "The access of 2 people ends immediately." in text
    assert (operation().state, states(people)) == (OperationState.PREVIEW, [PersonState.ACTIVE] * 3)

    start(client, contoso, reason="Contract ended")
    perform_due(BulkOperations())

    assert states(people) == [PersonState.SUSPENDED, PersonState.SUSPENDED, PersonState.ACTIVE]
    page = client.get(address(contoso, "console:bulk", operation=operation().pk)).content.decode()
    assert "Contract ended" in page
    assert "every 2s" not in page


def test_people_of_one_name_are_told_apart_also_in_the_file(contoso: Organization) -> None:
    namesakes = [factories.person(contoso, f"ada{n}@contoso.example", display_name="Ada") for n in range(7)]
    for one in namesakes[1:]:
        leaving.suspend(one, by=TESTER)
    client = factories.signed_in(contoso)

    text = prepared(client, contoso, "people.suspend", pick=[one.pk for one in namesakes])
    url = address(contoso, "console:bulk", operation=operation().pk)
    file = client.get(url, {"export": "csv"}).getvalue().decode("utf-8-sig")  # type: ignore[attr-defined]

    assert "6 other people have no access already: Ada, Ada, Ada, Ada, Ada and 1 more." in text
    for one in namesakes:
        assert one.user_name in client.get(url).content.decode()
        assert one.user_name in file


def test_all_that_match_are_those_that_matched_at_the_preview(
    contoso: Organization, people: list[PrintUser]
) -> None:
    client = factories.signed_in(contoso)
    client.post(f"{address(contoso)}?q=Ada", {"deed": "people.block", "all": "1"})
    later = factories.person(contoso, display_name="Ada")

    start(client, contoso)
    perform_due(BulkOperations())

    assert states([*people, later]) == [
        PersonState.SUSPENDED,
        PersonState.ACTIVE,
        PersonState.ACTIVE,
        PersonState.ACTIVE,
    ]


def test_a_department_suspended_by_mistake_is_unblocked_at_once(
    contoso: Organization, people: list[PrintUser]
) -> None:
    """Suspending people of a directory blocks them, so restoring them would not bring them back."""
    for person in people[:2]:
        leaving.block(person, by=TESTER)
    PrintUser.objects.filter(pk=people[1].pk).update(active=False)
    client = factories.signed_in(contoso)

    text = prepared(client, contoso, "people.unblock", pick=[person.pk for person in people])
    assert "1 person can print again." in text
    assert "1 person is not active in the directory" in text
    start(client, contoso)
    perform_due(BulkOperations())

    assert states(people) == [PersonState.ACTIVE, PersonState.SUSPENDED, PersonState.ACTIVE]
    assert not contoso.people.exclude(blocked_at=None).exists()
    assert [item.reason for item in operation().items.exclude(reason="")] == ["Not blocked."]


def test_whoever_changed_since_the_preview_is_skipped(contoso: Organization, people: list[PrintUser]) -> None:
    client = factories.signed_in(contoso)
    prepared(client, contoso, "people.suspend", all="1")
    leaving.suspend(people[0], by=TESTER)
    leaving.restore(people[0], by=TESTER)

    start(client, contoso)
    perform_due(BulkOperations())

    assert states(people) == [PersonState.ACTIVE, PersonState.SUSPENDED, PersonState.SUSPENDED]
    skipped = operation().items.exclude(reason="").get()
    assert skipped.reason == "Access has changed since this person was selected."


def test_reasons_are_in_the_language_of_who_reads_them(
    contoso: Organization, people: list[PrintUser]
) -> None:
    leaving.block(people[0], by=TESTER)
    done = order(BLOCK, [people[0].pk], organization=contoso, by=TESTER)
    perform_due(BulkOperations())
    client = factories.signed_in(contoso)
    Account.objects.update(language="fr")

    page = client.get(address(contoso, "console:bulk", operation=done.pk))
    file = client.get(address(contoso, "console:bulk", operation=done.pk), {"export": "csv"})

    assert done.items.get().reason == "Already blocked."
    assert "Blocage déjà fait" in page.content.decode()
    assert "Blocage déjà fait" in file.getvalue().decode()  # type: ignore[attr-defined]


def test_an_auditor_sees_no_boxes_and_is_refused(contoso: Organization, people: list[PrintUser]) -> None:
    client = factories.signed_in(contoso, Role.AUDITOR)

    assert 'name="pick"' not in client.get(address(contoso)).content.decode()
    assert client.post(address(contoso), {"deed": "people.suspend", "all": "1"}).status_code == 403
    assert not BulkOperation.objects.exists()


def test_the_help_desk_approves_nothing(contoso: Organization, people: list[PrintUser]) -> None:
    leaving.remove(people[0], by=TESTER)
    client = factories.signed_in(contoso, Role.HELPDESK)

    refused = client.post(address(contoso, "console:leavers"), {"deed": "runs.approve", "all": "1"})

    assert refused.status_code == 403


def test_runs_are_approved_with_a_reason_only(contoso: Organization, people: list[PrintUser]) -> None:
    run = leaving.remove(people[0], by=TESTER)
    client = factories.signed_in(contoso)
    client.post(address(contoso, "console:leavers"), {"deed": "runs.approve", "pick": run.pk})
    start(client, contoso)
    assert operation().state == OperationState.PREVIEW

    start(client, contoso, reason="Court order")
    perform_due(BulkOperations())

    assert run.steps.get(name="wipe-credentials").decision_reason == "Court order"
    assert operation().done == 1


def test_leavers_are_restored_unless_something_happened_since(
    contoso: Organization, people: list[PrintUser]
) -> None:
    for person in people[:2]:
        leaving.suspend(person, by=TESTER)
    leaving.remove(people[1], by=TESTER)
    old = DeprovisionRun.objects.filter(person=people[1]).order_by("epoch")[0]
    first = DeprovisionRun.objects.get(person=people[0])
    client = factories.signed_in(contoso)
    client.post(
        address(contoso, "console:leavers"), {"deed": "runs.restore", "pick": [str(old.pk), str(first.pk)]}
    )
    start(client, contoso)
    perform_due(BulkOperations())

    assert states(people) == [PersonState.ACTIVE, PersonState.REMOVED, PersonState.ACTIVE]


def test_an_operation_at_work_is_watched_and_stopped(contoso: Organization, people: list[PrintUser]) -> None:
    client = factories.signed_in(contoso)
    prepared(client, contoso, "people.suspend", all="1")
    start(client, contoso)
    url = address(contoso, "console:bulk", operation=operation().pk)
    assert "every 2s" in client.get(url).content.decode()
    fragment = client.get(url, headers={"HX-Request": "true", "HX-Target": "progress"}).content.decode()
    assert "<html" not in fragment

    client.post(address(contoso, "console:bulk_stop", operation=operation().pk))
    perform_due(BulkOperations())

    assert (operation().state, states(people)) == (OperationState.STOPPED, [PersonState.ACTIVE] * 3)


def test_a_selection_without_rows_changes_nothing(contoso: Organization, people: list[PrintUser]) -> None:
    text = prepared(factories.signed_in(contoso), contoso, "people.suspend")

    assert "Nothing is selected. No changes were made." in text
    assert not BulkOperation.objects.exists()


def test_the_preview_counts_what_a_leaving_would_do_and_names_for_whom_it_is_different(
    contoso: Organization, people: list[PrintUser]
) -> None:
    front = equipment.printer(equipment.print_server(contoso, user_name="operator"), "front")
    equip(people[0])
    equipment.print_job(front, people[0], state=JobState.PENDING, hold_until="no-hold")
    equipment.print_job(front, people[1], state=JobState.HELD)
    leaving.suspend(people[2], by=TESTER)
    by_add_on = factories.person(contoso, by=factories.DIRECTORY)
    before = rows_of_all_tables()
    client = factories.signed_in(contoso)

    text = prepared(client, contoso, "people.suspend", all="1")
    page = client.get(address(contoso, "console:bulk", operation=operation().pk))

    assert "The access of 3 people ends immediately." in text
    assert "1 other person has no access already: Cem." in text
    assert "1 is managed by a directory and is blocked." in text
    assert by_add_on.source != CONSOLE
    assert {str(line.label): line.number for line in page.context["totals"] if line.number} == {
        "Cards turned off": 1,
        "PINs turned off": 1,
        "Devices signed out": 1,
        "Jobs held": 1,
        "Names refused by queues": 3,
        "Jobs canceled and deleted": 2,
        "Seats freed": 3,
    }
    changed = {name for name, rows in rows_of_all_tables().items() if rows != before[name]}
    assert changed <= {"bulk.BulkOperation", "bulk.BulkItem", "sessions.Session", *SIGNING_IN}


SIGNING_IN = {"organizations.Account", "organizations.Administrator", "usersessions.UserSession"}


def rows_of_all_tables() -> dict[str, list[object]]:
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values_list())
        for model in apps.get_models()
    }


def test_the_preview_follows_the_policy(contoso: Organization, people: list[PrintUser]) -> None:
    front = equipment.printer(equipment.print_server(contoso, user_name="operator"), "front")
    equipment.print_job(front, people[0], state=JobState.PENDING, hold_until="no-hold")
    change_policy(contoso, {"waiting_jobs": WaitingJobs.PURGE, "suspend_grace_days": 9}, by=TESTER)
    client = factories.signed_in(contoso)

    text = prepared(client, contoso, "people.suspend", pick=[people[0].pk])
    page = client.get(address(contoso, "console:bulk", operation=operation().pk))

    assert "You can undo this for 9 days, except for devices." in text
    assert [(str(line.label), line.when) for line in page.context["totals"] if line.number] == [
        ("Names refused by queues", "At once"),
        ("Jobs canceled and deleted", "At once"),
        ("Seats freed", "At once"),
    ]


def test_the_list_has_every_operation_that_was_started(
    contoso: Organization, people: list[PrintUser]
) -> None:
    client = factories.signed_in(contoso)
    prepared(client, contoso, "people.suspend", pick=[people[0].pk, people[1].pk])
    listed = address(contoso, "console:bulk_operations")
    assert "No bulk operations yet" in client.get(listed).content.decode()
    stranger = factories.organization("Fabrikam")
    order(BLOCK, [factories.person(stranger).pk], organization=stranger, by=TESTER)

    start(client, contoso, reason="Contract ended")
    perform_due(BulkOperations())
    (row,) = client.get(listed).context["rows"]
    page = client.get(listed, {"q": "contract", "state": "finished"}).content.decode()

    assert (row.pk, row.total, row.done, row.failed) == (operation(contoso).pk, 2, 2, 0)
    assert f'href="{address(contoso, "console:bulk", operation=row.pk)}">Suspend people</a>' in page
    assert "Contract ended" in page
    assert "No matches" in client.get(listed, {"state": "working"}).content.decode()


def test_the_audit_leads_to_an_operation_as_long_as_it_is_kept(
    contoso: Organization, people: list[PrintUser]
) -> None:
    client = factories.signed_in(contoso)
    prepared(client, contoso, "people.suspend", pick=[people[0].pk])
    start(client, contoso)
    link = f'href="{address(contoso, "console:bulk", operation=operation().pk)}"'

    assert link in client.get(address(contoso, "console:audit")).content.decode()
    operation().delete()
    assert link not in client.get(address(contoso, "console:audit")).content.decode()


def test_a_page_of_a_list_offers_all_of_them_only_where_there_are_more(
    contoso: Organization, people: list[PrintUser]
) -> None:
    client = factories.signed_in(contoso)
    assert "that match" not in client.get(address(contoso)).content.decode()
    many.people(contoso, range(58))

    page = client.get(address(contoso)).content.decode()
    text = prepared(client, contoso, "people.suspend", all="1")

    assert "All 61 that match" in " ".join(page.split())
    form = page.partition('id="selection"')[2].partition("</form>")[0]
    assert "csrfmiddlewaretoken" in form  # the browser of these tests does not need one, others do
    assert "61 selected" in text
