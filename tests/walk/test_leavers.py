"""Leavers: found in the list, followed step by step on the run's page, taken along as a file, restored."""

import csv
from pathlib import Path

from django.utils import timezone
from playwright.sync_api import expect

from printmgmt.deprovisioning.models import DeprovisionRun, RunState, StepState, Trigger
from printmgmt.organizations.models import Organization
from printmgmt.people.credentials import set_card
from printmgmt.people.devices import enrol_device
from printmgmt.people.identification import identify
from printmgmt.people.models import PersonState
from tests import factories, many
from tests.browsing import Visitor
from tests.due import perform_due


def test_nobody_has_left_yet(ada: Visitor, contoso: Organization) -> None:
    ada.open_console(contoso, "leavers/")

    ada.sees("Nobody has left yet")
    expect(ada.page.get_by_role("searchbox")).to_have_count(0)


def test_a_leaver_is_searched_followed_live_and_restored(ada: Visitor, contoso: Organization) -> None:
    many.leavers(contoso, range(120))
    person = factories.person(contoso, "zoe@contoso.example", display_name=many.HOSTILE[0])
    set_card(person, "CARD-4711", by=factories.TESTER)
    enrol_device(person, many.HOSTILE[0], by=factories.TESTER)
    run = factories.leaver(contoso, who=person)

    ada.open_console(contoso, "leavers/")
    ada.rows(50)
    ada.follow("Next page")
    ada.page.wait_for_url("**page=2*")
    ada.search("zoe@")
    ada.rows(1)
    assert "page=" not in ada.page.url
    ada.follow(many.HOSTILE[0])
    expect(ada.page.get_by_role("heading", level=1)).to_have_text(many.HOSTILE[0])
    ada.sees("Access ended")
    expect(ada.page.get_by_text("Pending", exact=True).first).to_be_visible()
    ada.check_width()

    perform_due(run_id=run.pk)
    ada.sees("No connection was open. The device's token is rejected.")  # by itself, without a reload
    expect(ada.page.get_by_text("In restore period", exact=True).first).to_be_visible()

    assert identify(contoso, card="CARD-4711") is None
    ada.follow("View person")
    ada.press("Restore")
    ada.confirm("Restore")
    ada.sees("can print again")
    person.refresh_from_db()
    assert person.state == PersonState.ACTIVE
    assert identify(contoso, card="CARD-4711") == person


def test_a_step_that_gave_up_is_retried_while_the_page_brings_itself_up_to_date(
    ada: Visitor, contoso: Organization
) -> None:
    run = factories.leaver(contoso)
    run.steps.filter(name="notify-administrators").update(state=StepState.ATTENTION, ended_at=timezone.now())
    DeprovisionRun.objects.filter(pk=run.pk).update(state=RunState.ATTENTION)
    ada.page.clock.install()

    ada.open_console(contoso, "")
    ada.page.get_by_role("link", name="1 leaver has a failed step").click()
    ada.follow(run.person.user_name)
    ada.press("Retry")
    with ada.page.expect_response("**/leavers/*/"):
        ada.page.clock.fast_forward(31_000)
    ada.confirm("Retry")

    ada.sees("Retrying 1 step now.")
    assert run.steps.get(name="notify-administrators").state == StepState.PENDING


def test_the_filters_stand_in_the_address_and_the_file_follows_them(
    ada: Visitor, contoso: Organization, tmp_path: Path
) -> None:
    many.leavers(contoso, range(21))
    factories.leaver(contoso, Trigger.REMOVED)

    ada.open_console(contoso, "leavers/")
    tabs = ada.page.get_by_role("navigation", name="State")
    tabs.get_by_role("link", name="Needs attention 3").click()
    ada.page.wait_for_url("**state=attention*")
    ada.rows(3)
    ada.page.reload()
    ada.rows(3)
    expect(tabs.get_by_role("link", name="Needs attention")).to_have_attribute("aria-current", "page")
    with ada.download("Export CSV", tmp_path).open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    assert len(lines) == 1 + 3
    assert {line[2] for line in lines[1:]} == {"Needs attention"}

    ada.choose("Leaving", "removed")
    ada.sees("No matches")
    ada.follow("Clear search and filters")
    ada.rows(22)


def test_a_step_that_failed_says_why(ada: Visitor, contoso: Organization) -> None:
    run = factories.leaver(contoso)
    run.steps.filter(name="notify-administrators").update(
        error=f"The mail was refused: {many.HOSTILE[0]} {many.HOSTILE[-1]}",
        attempts=3,
        due_at=timezone.now(),
    )

    ada.open_console(contoso, f"leavers/{run.pk}/")

    ada.sees(f"The mail was refused: {many.HOSTILE[0]}")
    ada.sees("tried 3 times")


def test_a_run_that_updates_itself_leaves_focus_and_questions_alone(
    ada: Visitor, contoso: Organization
) -> None:
    run = factories.leaver(contoso, who=factories.person(contoso, display_name="Zoe"))
    run.steps.filter(name="notify-administrators").update(state=StepState.ATTENTION, error="Mail server down")
    set_state(run, RunState.WORKING)  # so that the page asks every two seconds
    ada.open_console(contoso, f"leavers/{run.pk}/")
    skip = ada.page.get_by_role("link", name="Skip…").first
    skip.focus()

    run.steps.filter(name="notify-administrators").update(error="Mail server is back")
    ada.sees("Mail server is back")
    expect(skip).to_be_focused()

    ada.press("Restore")
    run.steps.filter(name="notify-administrators").update(error="Mail server down again")
    with ada.page.expect_response(f"**/leavers/{run.pk}/"):
        pass
    expect(ada.page.get_by_role("dialog")).to_be_visible()
    ada.misses("Mail server down again")
    ada.cancel()
    ada.sees("Mail server down again")

    set_state(run, RunState.FINISHED)
    receipt = ada.page.get_by_role("link", name="Receipt")
    expect(receipt).to_be_visible()  # the buttons above come with the run


def set_state(run: DeprovisionRun, state: RunState) -> None:
    DeprovisionRun.objects.filter(pk=run.pk).update(state=state, ended_at=timezone.now())


def test_a_tab_keeps_the_search_and_the_search_keeps_the_tab(ada: Visitor, contoso: Organization) -> None:
    for name, state in (("zoe", RunState.ATTENTION), ("ada", RunState.ATTENTION), ("zora", RunState.SETTLED)):
        run = factories.leaver(contoso, who=factories.person(contoso, f"{name}@contoso.example"))
        DeprovisionRun.objects.filter(pk=run.pk).update(state=state)
    ada.open_console(contoso, "leavers/")
    ada.rows(3)

    ada.page.get_by_role("link", name="Needs attention 2").click()
    ada.rows(2)
    ada.search("zo")
    ada.rows(1)
    assert "state=attention" in ada.page.url
    expect(ada.page.get_by_role("link", name="All 2")).to_be_visible()
    ada.page.get_by_role("link", name="In restore period 1").click()
    ada.rows(1)
    ada.sees("zora@contoso.example")
    assert "q=zo" in ada.page.url
    ada.check_width()
