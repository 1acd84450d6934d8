"""Unassigned jobs: which are listed, since when, who may have sent them, and what can be done."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from printmgmt.deprovisioning.models import Trigger
from printmgmt.organizations.models import Organization
from printmgmt.organizations.roles import Role
from printmgmt.people import services as people
from printmgmt.printing.jobs.likely import likely_people
from printmgmt.printing.models import JobState, OwnerDoubt, Printer, PrintJob
from tests import factories
from tests.printmgmt.printing import equipment

pytestmark = pytest.mark.django_db


@pytest.fixture
def front(contoso: Organization) -> Printer:
    return equipment.printer(equipment.print_server(contoso, name="Lyon"), "front")


def nobodys(at: Printer, name: str, doubt: OwnerDoubt = OwnerDoubt.UNKNOWN, **columns: object) -> PrintJob:
    return equipment.print_job(at, owner_text=name, owner_key=name.lower(), doubt=doubt, **columns)


def html_of(of: Organization, role: Role = Role.OWNER, **query: str) -> str:
    answer = factories.signed_in(of, role).get(reverse("console:unassigned_jobs", args=[of.slug]), query)
    assert answer.status_code == 200
    content: bytes = answer.getvalue() if answer.streaming else answer.content
    return content.decode("utf-8-sig")


def test_all_jobs_have_an_owner(contoso: Organization, front: Printer) -> None:
    equipment.print_job(front, factories.person(contoso))
    nobodys(front, "eve", state=JobState.COMPLETED)
    nobodys(front, "mallory", anonymised_at=timezone.now())

    assert "Every job that waits has an owner." in html_of(contoso)


def test_a_job_of_nobody_says_why_since_when_and_who_it_may_be(contoso: Organization, front: Printer) -> None:
    ada = factories.person(contoso, "ada@contoso.example", display_name="Ada Lovelace")
    job = nobodys(front, "CONTOSO\\ada", submitted_at=timezone.now() - timedelta(days=3))

    html = html_of(contoso)

    for text in ("CONTOSO\\ada", "No person prints under this name.", "Ada Lovelace", "3\xa0days"):
        assert text in html
    owner = reverse("console:job_owner", args=[contoso.slug, job.pk])
    assert f"{owner}?q=ada%40contoso.example&amp;back=" in html
    assert 'value="cancel"' in html
    auditors = html_of(contoso, Role.AUDITOR)
    assert owner not in auditors
    assert reverse("console:person", args=[contoso.slug, ada.pk]) in auditors
    assert 'value="cancel"' not in auditors


def test_filters_and_the_file(contoso: Organization, front: Printer) -> None:
    nobodys(front, "eve")
    nobodys(front, "mallory", OwnerDoubt.FORGED)

    forged = html_of(contoso, doubt="forged")
    assert "mallory" in forged
    assert ">eve<" not in forged
    rows = list(csv.DictReader(io.StringIO(html_of(contoso, export="csv"))))
    assert {row["Name on the server"] for row in rows} == {"eve", "mallory"}


def test_the_dashboard_and_the_list_of_jobs_lead_here(contoso: Organization, front: Printer) -> None:
    nobodys(front, "eve")
    browser, here = factories.signed_in(contoso), reverse("console:unassigned_jobs", args=[contoso.slug])
    for view in ("console:dashboard", "console:jobs"):
        assert f'href="{here}"' in browser.get(reverse(view, args=[contoso.slug])).content.decode()


def test_another_organization_is_not_in_it(contoso: Organization) -> None:
    other = factories.organization("Fabrikam")
    nobodys(equipment.printer(equipment.print_server(other)), "eve")
    assert ">eve<" not in html_of(contoso)


@pytest.mark.parametrize(
    ("name", "likely"),
    [
        ("ada", {"ada@contoso.example", "ada@fabrikam.example"}),
        ("CONTOSO\\ada", {"ada@contoso.example", "ada@fabrikam.example"}),
        ("ada@other.example", {"ada@contoso.example", "ada@fabrikam.example"}),
        ("grace hopper", {"grace@contoso.example"}),
        ("eve", set()),
        ("gone@contoso.example", set()),
        ("\\", set()),
    ],
)
def test_people_with_such_a_name(contoso: Organization, front: Printer, name: str, likely: set[str]) -> None:
    for user_name in ("ada@contoso.example", "ada@fabrikam.example"):
        factories.person(contoso, user_name)
    factories.person(contoso, "grace@contoso.example", display_name="Grace Hopper")
    factories.person(factories.organization("Fabrikam"), "eve@contoso.example")
    factories.leaver(contoso, Trigger.REMOVED, who=factories.person(contoso, "gone@contoso.example"))
    job = nobodys(front, name)

    found = likely_people(contoso, [job]).get(job.pk, [])

    assert {person.user_name for person in found} == likely


def test_a_former_name_is_a_hint_and_a_job_without_a_name_has_none(
    contoso: Organization, front: Printer
) -> None:
    person = factories.person(contoso, "ada@contoso.example")
    people.update_person(person, {"user_name": "countess@contoso.example"}, by=factories.TESTER)
    former, hidden = nobodys(front, "ada"), nobodys(front, "", OwnerDoubt.HIDDEN)

    found = likely_people(contoso, [former, hidden])

    assert found[former.pk] == [person]
    assert hidden.pk not in found
    assert likely_people(contoso, [hidden]) == {}
