"""Every page with hostile names in it, and what it costs the database."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from printmgmt.deprovisioning.models import Trigger
from printmgmt.organizations.models import Organization
from printmgmt.people.credentials import set_card, set_pin
from printmgmt.people.devices import enrol_device
from printmgmt.people.models import PrintUser
from tests import factories
from tests.printmgmt.console.conftest import Page

pytestmark = pytest.mark.django_db


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "=1+3",
    "{{ 7|add:7 }}{% debug %}",
    "محمد بن عبد الله",
    "\u202egnirts sdrawkcab",
    "山田 太郎",
    "x" * 300,
    "",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_only_a_name(page: Page, contoso: Organization, name: str) -> None:
    run = factories.leaver(contoso, who=factories.person(contoso, display_name=name, department=name))

    pages = [
        page("console:people"),
        page("console:leavers"),
        page("console:dashboard"),
        page("console:person", person=run.person_id),
        page("console:run", run=run.pk),
    ]

    for html in pages:
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert "14{% debug" not in html
        assert run.person.user_name in html


def furnish(of: Organization, people: int) -> PrintUser:
    """Make so many people, each with all a page can show of one, and return the last."""
    for number in range(people):
        person = factories.person(of, display_name=f"Person {number}")
        set_card(person, f"CARD-{of.pk}-{number}", by=factories.TESTER)
        set_pin(person, "1234", by=factories.TESTER)
        for _each in range(people):
            enrol_device(person, "laptop", by=factories.TESTER)
        factories.leaver(of, Trigger.REMOVED, who=person)
    return person


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("name", "queries"),
    [
        ("console:dashboard", 23),
        ("console:people", 7),
        ("console:person", 25),
        ("console:leavers", 9),
        ("console:run", 10),
        ("addons:catalogue", 6),
        ("addons:details", 18),
    ],
)
def test_a_pages_queries_do_not_depend_on_its_rows(
    client: Client,
    contoso: Organization,
    django_assert_num_queries: DjangoAssertNumQueries,
    name: str,
    queries: int,
    rows: int,
) -> None:
    installation = factories.installed(contoso)
    person = furnish(contoso, rows)
    arguments: dict[str, object] = {
        "console:person": {"person": person.pk},
        "console:run": {"run": person.runs.get().pk},
        "addons:details": {"addon": factories.ADDON, "installation": installation.pk},
    }.get(name, {})
    url = reverse(name, kwargs={"organization": contoso.slug, **arguments})

    with django_assert_num_queries(queries):
        client.get(url, {"state": "removed"} if name == "console:people" else {})
