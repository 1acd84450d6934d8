"""Leavers: the list, and one run with its steps, live."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from printmgmt.audit.actors import Actor
from printmgmt.audit.models import ActorKind
from printmgmt.console.shell import turns
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.merging import merge_people
from printmgmt.deprovisioning.models import DeprovisionRun, RunState, StepState, Trigger
from printmgmt.organizations.models import Organization
from printmgmt.organizations.roles import Role
from printmgmt.people.credentials import set_card
from printmgmt.people.devices import enrol_device
from tests import factories
from tests.due import perform_due
from tests.printmgmt.console.conftest import Page
from tests.printmgmt.console.people.pages import address, message_text, verbs

pytestmark = pytest.mark.django_db


def test_an_empty_leavers_list_says_what_will_be_there(page: Page) -> None:
    assert "Nobody has left yet" in page("console:leavers")


def test_leavers_are_filtered_by_state_way_and_name(page: Page, contoso: Organization) -> None:
    factories.leaver(contoso, Trigger.SUSPENDED, who=factories.person(contoso, "ada@contoso.example"))
    factories.leaver(contoso, Trigger.REMOVED, who=factories.person(contoso, "grace@contoso.example"))

    def shown(**query: str) -> set[str]:
        html = page("console:leavers", query)
        return {name for name in ("ada", "grace") if f"{name}@contoso.example" in html}

    assert shown() == {"ada", "grace"}
    assert shown(trigger="removed") == {"grace"}
    assert shown(q="ADA@") == {"ada"}
    assert shown(state="attention") == set()


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [(0, "immediately"), (4, "in 0.004 s"), (210, "in 0.21 s"), (1500, "in 1.50 s")],
)
def test_a_run_says_how_fast_access_ended(
    page: Page, contoso: Organization, milliseconds: int, words: str
) -> None:
    run = factories.leaver(contoso)
    requested_at = run.cut_at - timedelta(milliseconds=milliseconds)
    DeprovisionRun.objects.filter(pk=run.pk).update(requested_at=requested_at)

    assert f"Access ended {words} <" in page("console:run", run=run.pk)


def test_a_run_says_who_caused_it_under_which_policy(page: Page, contoso: Organization) -> None:
    token = Actor(kind=ActorKind.TOKEN, label="SCIM pmscim_1a2b", request_id="req-1")

    html = page("console:run", run=factories.leaver(contoso, by=token).pk)

    assert "SCIM pmscim_1a2b" in html
    assert "(policy version 1)" in html
    assert "req-1" in html


def test_a_runs_steps_say_what_they_did_in_words(page: Page, contoso: Organization) -> None:
    person = factories.person(contoso)
    set_card(person, "CARD-998877", by=factories.TESTER)
    enrol_device(person, "Ada's laptop", by=factories.TESTER)
    run = factories.leaver(contoso, Trigger.REMOVED, who=person)
    run.steps.update(due_at=timezone.now())
    perform_due(run_id=run.pk)

    html = page("console:run", run=run.pk)

    assert "No connection was open. The device&#x27;s token is rejected." in html
    assert "Card ending in 8877 erased." in html
    assert "administrators notified." in html


def test_a_step_that_could_not_act_shows_why_and_when_it_tries_again(
    page: Page, contoso: Organization
) -> None:
    run = factories.leaver(contoso)
    run.steps.filter(name="notify-administrators").update(
        attempts=2, error="The email could not be sent: <refused>", due_at=timezone.now() + timedelta(hours=3)
    )

    html = page("console:run", run=run.pk)

    assert "The email could not be sent: &lt;refused&gt;" in html
    assert "tried 2 times, next retry" in html


@pytest.mark.parametrize(
    ("state", "seconds"),
    [(RunState.WORKING, 2), (RunState.SETTLED, 30), (RunState.ATTENTION, 30), (RunState.FINISHED, None)],
)
def test_a_run_asks_again_while_something_can_happen(
    page: Page, contoso: Organization, state: RunState, seconds: int | None
) -> None:
    run = factories.leaver(contoso)
    DeprovisionRun.objects.filter(pk=run.pk).update(state=state)

    html = page("console:run", run=run.pk)

    assert (f'hx-trigger="every {seconds}s"' in html) is (seconds is not None)
    assert ("hx-trigger" in html) is (seconds is not None)


def test_what_htmx_asks_for_is_the_run_without_the_page(client: Client, contoso: Organization) -> None:
    run = factories.leaver(contoso)
    url = reverse("console:run", kwargs={"organization": contoso.slug, "run": run.pk})

    html = client.get(url, headers={"HX-Request": "true"}).content.decode()

    assert html.lstrip().startswith('<div id="run"')
    assert "<html" not in html


def test_a_step_nobody_makes_any_more_is_still_readable(page: Page, contoso: Organization) -> None:
    run = factories.leaver(contoso)
    fax = {"name": "fax-the-porter", "state": StepState.DONE, "evidence": {"pages": 3}}
    run.steps.filter(name="notify-administrators").update(**fax)

    html = page("console:run", run=run.pk)

    assert "fax-the-porter" in html
    assert "pages: 3" in html


@pytest.fixture
def stuck(contoso: Organization) -> DeprovisionRun:
    """A run with a step that gave up."""
    run = factories.leaver(contoso, who=factories.person(contoso, display_name="Ada"))
    run.steps.filter(name="notify-administrators").update(
        state=StepState.ATTENTION, error="The email could not be sent", ended_at=timezone.now()
    )
    DeprovisionRun.objects.filter(pk=run.pk).update(state=RunState.ATTENTION)
    return run


def test_a_stuck_run_is_retried_where_the_dashboard_leads(
    client: Client, page: Page, contoso: Organization, stuck: DeprovisionRun
) -> None:
    url = reverse("console:run_retry", kwargs={"organization": contoso.slug, "run": stuck.pk})
    assert f'action="{url}"' in page("console:run", run=stuck.pk)

    answer = client.post(url)

    assert answer["Location"] == reverse("console:run", kwargs={"organization": "contoso", "run": stuck.pk})
    assert message_text(answer) == "Retrying 1 step now."
    assert stuck.steps.get(name="notify-administrators").state == StepState.PENDING
    assert verbs(contoso) == ["run.retried"]
    html = page("console:run", run=stuck.pk)
    assert url not in html
    history = page("console:person", person=stuck.person_id)
    assert "Retried" in history
    assert "<bdi>Email administrators</bdi>" in history
    assert "Nothing" in message_text(client.post(url))


def test_who_may_only_look_sees_what_is_stuck_without_buttons(
    contoso: Organization, stuck: DeprovisionRun
) -> None:
    url = reverse("console:run", kwargs={"organization": contoso.slug, "run": stuck.pk})

    html = factories.signed_in(contoso, Role.AUDITOR).get(url).content.decode()

    assert "A step failed (see below)" in html
    assert "/retry/" not in html
    assert "/restore/" not in html


@pytest.mark.parametrize("trigger", Trigger)
def test_the_person_is_restored_from_the_run(page: Page, contoso: Organization, trigger: Trigger) -> None:
    run = factories.leaver(contoso, trigger)
    action = f'action="{address(run.person, "person_restore")}"'

    html = page("console:run", run=run.pk)

    assert action in html
    assert "Cards and PINs turned off when they left work again." in html
    leaving.restore(run.person, by=factories.TESTER)
    assert action not in page("console:run", run=run.pk)


def test_a_run_of_somebody_blocked_offers_to_lift_the_block(page: Page, contoso: Organization) -> None:
    run = leaving.block(factories.person(contoso), by=factories.TESTER)
    assert run is not None

    html = page("console:run", run=run.pk)

    assert f'action="{address(run.person, "person_unblock")}"' in html
    assert "/restore/" not in html


def test_nothing_is_restored_from_a_run_after_its_grace(page: Page, contoso: Organization) -> None:
    run = factories.leaver(contoso, Trigger.REMOVED)
    DeprovisionRun.objects.filter(pk=run.pk).update(cut_at=timezone.now() - timedelta(days=8))

    assert "/restore/" not in page("console:run", run=run.pk)


def test_nothing_is_restored_from_the_run_of_a_row_that_was_merged(page: Page, contoso: Organization) -> None:
    run = factories.leaver(contoso, Trigger.REMOVED)
    keep = factories.person(contoso)
    leaving.suspend(keep, by=factories.TESTER)  # so that the leaving of the other one goes on
    merge_people(keep, run.person, by=factories.TESTER)

    assert "/restore/" not in page("console:run", run=run.pk)


def test_a_run_that_is_held_back_says_what_to_do(page: Page, contoso: Organization) -> None:
    run = factories.leaver(contoso, Trigger.REMOVED)
    DeprovisionRun.objects.filter(pk=run.pk).update(state=RunState.WAITING)

    html = page("console:run", run=run.pk)

    assert "What cannot be undone waits for a decision about all of them" in html
    assert f'action="{address(run.person, "person_restore")}"' in html


def tabs(client: Client, of: Organization, **query: str) -> dict[str, int]:
    """The numbers of the tabs that are not 0."""
    context = client.get(reverse("console:leavers", args=[of.slug]), query).context
    return {str(tab.label): tab.number for tab in context["tabs"] if tab.number}


def test_tabs_count_what_search_and_filters_let_through(client: Client, contoso: Organization) -> None:
    for number in range(3):
        factories.leaver(contoso, who=factories.person(contoso, f"ada{number}@contoso.example"))
    gone = factories.leaver(contoso, Trigger.REMOVED, who=factories.person(contoso, "bob@contoso.example"))
    DeprovisionRun.objects.filter(pk=gone.pk).update(state=RunState.ATTENTION)
    factories.leaver(factories.organization("Fabrikam"))

    assert tabs(client, contoso) == {"All": 4, "Needs attention": 1, "In restore period": 3}
    assert tabs(client, contoso, state="attention") == {
        "All": 4,
        "Needs attention": 1,
        "In restore period": 3,
    }
    assert tabs(client, contoso, q="ada") == {"All": 3, "In restore period": 3}
    assert tabs(client, contoso, trigger="removed") == {"All": 1, "Needs attention": 1}

    answer = client.get(reverse("console:leavers", args=[contoso.slug]), {"state": "attention", "q": "@"})
    current = next(tab for tab in answer.context["tabs"] if tab.is_current)
    assert [row.pk for row in answer.context["rows"]] == [gone.pk]
    assert answer.context["page_obj"].paginator.count == 1
    assert (str(current.label), current.url) == (
        "Needs attention",
        f"/o/{contoso.slug}/leavers/?q=%40&state=attention",
    )


def test_leavers_have_their_cause_and_are_filtered_by_it(client: Client, contoso: Organization) -> None:
    sync = factories.installed(contoso)
    token = Actor(kind=ActorKind.TOKEN, label="SCIM pmscim_1a2b", source=sync.source)
    by_add_on = factories.leaver(contoso, by=token)
    by_console = factories.leaver(contoso)
    by_rule = leaving.remove(factories.person(contoso), by=factories.TESTER, by_rule=True)
    url = reverse("console:leavers", args=[contoso.slug])

    def shown(cause: str) -> list[object]:
        return [row.pk for row in client.get(url, {"cause": cause}).context["rows"]]

    assert shown("console") == [by_console.pk]
    assert shown("rule") == [by_rule.pk]
    assert shown(factories.ADDON) == [by_add_on.pk]
    assert len(shown("nobody")) == 3
    html = client.get(url).content.decode()
    assert "SCIM pmscim_1a2b" in html
    assert "Suspended for too long" in html
    file = client.get(url, {"export": "csv"}).getvalue().decode("utf-8-sig")  # type: ignore[attr-defined]
    assert ",Entra,SCIM pmscim_1a2b," in file


def test_the_buttons_of_a_run_come_with_it(client: Client, contoso: Organization) -> None:
    run = factories.leaver(contoso)
    url = reverse("console:run", kwargs={"organization": contoso.slug, "run": run.pk})

    html = client.get(url, headers={"HX-Request": "true"}).content.decode()

    assert 'id="run-actions"' in html
    assert 'hx-swap-oob="true"' in html
    assert 'hx-swap-oob="true"' not in client.get(url).content.decode()


def test_the_file_is_read_in_turns_the_newest_first(
    client: Client, contoso: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "TURN", 2)
    people = [factories.person(contoso, f"{name}@contoso.example") for name in ("ada", "bob", "cid")]
    for who in people:
        factories.leaver(contoso, who=who)
    answer = client.get(reverse("console:leavers", args=[contoso.slug]), {"export": "csv"})

    with CaptureQueriesContext(connection) as captured:
        file = answer.getvalue().decode("utf-8-sig")  # type: ignore[attr-defined]

    names = [line[1] for line in csv.reader(io.StringIO(file))][1:]
    assert names == [person.user_name for person in reversed(people)]
    assert [query["sql"].endswith("LIMIT 2") for query in captured.captured_queries] == [True, True]
