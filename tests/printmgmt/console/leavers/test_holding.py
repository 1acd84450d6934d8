"""Still holding: who is listed, what is said of each thing, what can be done, filters and the file."""

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse

from printmgmt.deprovisioning.models import DeprovisionRun, StepState, Trigger
from printmgmt.organizations.models import Organization
from printmgmt.organizations.roles import Role
from printmgmt.people.models import Credential, PrintUser
from tests import factories
from tests.printmgmt.equipment import equip
from tests.printmgmt.printing import equipment

pytestmark = pytest.mark.django_db


def page(browser: Client, of: Organization, **query: str) -> str:
    response = browser.get(reverse("console:still_holding", args=[of.slug]), query)
    assert response.status_code == 200
    return b"".join(response).decode("utf-8-sig") if response.streaming else response.content.decode()


def with_card(of: Organization, name: str) -> PrintUser:
    person = equip(factories.person(of, f"{name}@contoso.example")).person
    factories.leaver(of, Trigger.REMOVED, who=person)
    Credential.objects.filter(person=person, kind="card").update(disabled_at=None)
    return person


def with_jobs(of: Organization, name: str) -> DeprovisionRun:
    server = factories.print_server(of, f"Server of {name}")
    run = factories.leaver(of, who=factories.person(of, f"{name}@contoso.example"))
    for _each in range(2):
        equipment.print_job(server.printers.first() or equipment.printer(server), run.person)
    run.steps.filter(name="hold-jobs").update(state=StepState.DONE)
    return run


def test_nobody_holds_anything(contoso: Organization) -> None:
    factories.leaver(contoso)
    assert "Nobody who left still holds anything." in page(factories.signed_in(contoso), contoso)


def test_each_thing_has_its_reason_and_its_remedy(contoso: Organization) -> None:
    person, run = with_card(contoso, "ada"), with_jobs(contoso, "grace")
    card = person.credentials.get(kind="card")

    html = page(factories.signed_in(contoso), contoso)

    assert f"Card ending in {card.last4}" in html
    assert "It works, and no step turns it off." in html
    assert reverse("console:person_credential_revoke", args=[contoso.slug, person.pk, card.pk]) in html
    assert "2 jobs on Server of grace" in html
    assert "Cancel waiting print jobs: on " in html
    assert reverse("console:run", args=[contoso.slug, run.pk]) in html
    assert f"?person={run.person_id}&amp;state=open&amp;server=" in html


def test_a_failed_step_can_be_retried_from_here(contoso: Organization) -> None:
    run = with_jobs(contoso, "grace")
    run.steps.filter(name="cancel-jobs").update(state=StepState.ATTENTION)
    retry = reverse("console:run_retry", args=[contoso.slug, run.pk])

    assert retry in page(factories.signed_in(contoso, Role.HELPDESK), contoso)
    html = page(factories.signed_in(contoso, Role.AUDITOR), contoso)
    assert "Cancel waiting print jobs: needs attention." in html
    assert retry not in html


def test_who_may_only_look_gets_no_buttons(contoso: Organization) -> None:
    person = with_card(contoso, "ada")
    html = page(factories.signed_in(contoso, Role.AUDITOR), contoso)
    assert "ada@contoso.example" in html
    assert reverse("console:person", args=[contoso.slug, person.pk]) in html
    assert "/revoke/" not in html


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, {"ada", "grace"}),
        ({"why": "action"}, {"ada"}),
        ({"why": "planned"}, {"grace"}),
        ({"holds": "card"}, {"ada"}),
        ({"holds": "jobs"}, {"grace"}),
        ({"holds": "jobs", "why": "action"}, set()),
        ({"holds": "card", "why": "planned"}, set()),
        ({"state": "removed"}, {"ada"}),
        ({"state": "suspended"}, {"grace"}),
        ({"q": "grac"}, {"grace"}),
        ({"holds": "x", "why": "x", "state": "x"}, {"ada", "grace"}),
    ],
)
def test_filters(contoso: Organization, query: dict[str, str], names: set[str]) -> None:
    with_card(contoso, "ada")
    with_jobs(contoso, "grace")

    html = page(factories.signed_in(contoso), contoso, **query)

    assert {name for name in ("ada", "grace") if f"{name}@contoso.example" in html} == names


def test_the_file_has_a_line_for_each_thing(contoso: Organization) -> None:
    person = with_card(contoso, "ada")
    Credential.objects.filter(person=person).update(disabled_at=None)
    with_jobs(contoso, "grace")

    text = page(factories.signed_in(contoso), contoso, export="csv")

    rows = list(csv.DictReader(io.StringIO(text)))
    held = {(row["User name"], row["Still holds"], row["Number"], row["Needs action"]) for row in rows}
    last4 = person.credentials.get(kind="card").last4
    assert held == {
        ("ada@contoso.example", f"Card ending in {last4}", "1", "yes"),
        ("ada@contoso.example", "PIN", "1", "yes"),
        ("grace@contoso.example", "2 jobs on Server of grace", "2", "no"),
    }


def test_the_dashboard_counts_what_needs_someone(contoso: Organization) -> None:
    browser, url = factories.signed_in(contoso), reverse("console:dashboard", args=[contoso.slug])
    with_jobs(contoso, "grace")
    assert "still hold" not in browser.get(url).content.decode()

    with_card(contoso, "ada")

    html = browser.get(url).content.decode()
    assert "1 person who left still holds something" in html
    assert reverse("console:still_holding", args=[contoso.slug]) + "?why=action" in html


def test_another_organization_is_not_in_it(contoso: Organization) -> None:
    with_card(factories.organization("Fabrikam"), "ada")
    assert "ada@" not in page(factories.signed_in(contoso), contoso)
    assert "ada@" not in page(factories.signed_in(contoso), contoso, export="csv")
