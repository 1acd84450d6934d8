"""The way in, and the first page: what needs a person, who is here, who left last."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from printmgmt.console.shell.extensions import Attention, extensions
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.merging import merge_people
from printmgmt.deprovisioning.models import DeprovisionRun, RunState, Trigger
from printmgmt.organizations.models import Organization
from printmgmt.organizations.roles import Role
from tests import factories
from tests.printmgmt.console.conftest import Page

pytestmark = pytest.mark.django_db


def test_who_administers_one_organization_goes_straight_in(client: Client, contoso: Organization) -> None:
    assert client.get("/")["Location"] == reverse("console:dashboard", kwargs={"organization": contoso.slug})


def test_who_administers_several_chooses(contoso: Organization) -> None:
    account = factories.account()
    fabrikam = factories.organization("Fabrikam")
    factories.organization("Northwind")
    for organization in (contoso, fabrikam):
        factories.administrator(organization, who=account)
    client = Client()
    client.force_login(account)

    html = client.get("/").content.decode()

    assert f'href="/o/{contoso.slug}/"' in html
    assert f'href="/o/{fabrikam.slug}/"' in html
    assert "Northwind" not in html


def test_who_administers_nothing_sees_what_to_do() -> None:
    client = Client()
    client.force_login(factories.account("new@contoso.example"))

    html = client.get("/").content.decode()

    assert "You don't have access to any organization" in html
    assert "Ask an owner" in html
    assert "new@contoso.example" in html


def test_the_dashboard_of_a_new_organization_leads_to_the_add_ons(page: Page) -> None:
    html = page("console:dashboard")

    assert "Nobody has left yet" in html
    assert "Connect your directory" in html
    assert reverse("addons:catalogue", kwargs={"organization": "contoso"}) in html


def test_the_dashboard_counts_people_and_shows_the_last_leavers(page: Page, contoso: Organization) -> None:
    factories.person(contoso)
    factories.leaver(contoso, who=factories.person(contoso, display_name="Ada Lovelace"))
    factories.leaver(factories.organization("Fabrikam"))

    html = page("console:dashboard")

    assert 'Active people</span> <span class="figure-number tabular">1<' in html
    assert 'Suspended people</span> <span class="figure-number tabular">1<' in html
    assert "Ada Lovelace" in html
    assert "All clear. Nothing needs your attention." in html


def test_what_needs_a_person_comes_first(page: Page, contoso: Organization) -> None:
    run = factories.leaver(contoso)
    DeprovisionRun.objects.filter(pk=run.pk).update(state=RunState.ATTENTION)

    html = page("console:dashboard")

    assert html.index("1 leaver has a failed step") < html.index("Active people")
    assert "?state=attention" in html


def test_an_owner_who_left_and_keeps_access_needs_a_person(contoso: Organization) -> None:
    owner = contoso.administrators.get()
    url = reverse("console:dashboard", kwargs={"organization": contoso.slug})
    administrator = reverse(
        "console:administrator", kwargs={"organization": contoso.slug, "administrator": owner.pk}
    )
    factories.leaver(contoso, who=factories.person(contoso, owner.account.email))

    def shown(role: Role) -> str:
        return factories.signed_in(contoso, role).get(url).content.decode()

    html = shown(Role.ADMIN)
    assert f"{owner.account.email} left but still has console access" in html
    assert f'href="{administrator}"' in html
    assert administrator not in shown(Role.HELPDESK)


def test_last_leavers_are_people_who_are_gone_each_once(page: Page, contoso: Organization) -> None:
    gone, back = (
        factories.person(contoso, name) for name in ("gone@contoso.example", "back@contoso.example")
    )
    for person in (gone, back):
        leaving.suspend(person, by=factories.TESTER)
        leaving.remove(person, by=factories.TESTER)
    leaving.restore(back, by=factories.TESTER)
    past = factories.leaver(contoso, Trigger.REMOVED, who=factories.person(contoso, "past@contoso.example"))
    merge_people(factories.person(contoso), past.person, by=factories.TESTER)

    html = page("console:dashboard")

    last = html[html.index("Recent leavers") :]
    assert last.count('<bdi class="person-user-name">gone@contoso.example</bdi>') == 1
    assert f"/leavers/{gone.runs.latest('epoch').pk}/" in last
    assert "back@contoso.example" not in last
    assert "past@contoso.example" not in last


def test_an_installed_add_on_has_its_tile(page: Page, contoso: Organization) -> None:
    factories.installed(contoso)

    html = page("console:dashboard")

    assert "Not set up yet" in html
    assert "Connect your directory" not in html


def test_what_an_add_on_needs_a_person_for_stands_at_the_top(
    page: Page, contoso: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    calm = Attention("The token <ends>", "/soon/", "Next week")
    urgent = Attention("Nothing arrives", "/now/", urgent=True)
    monkeypatch.setattr(extensions, "_attention", [lambda _organization: [calm, urgent]])

    html = page("console:dashboard")

    assert (
        html.index("Needs attention") < html.index("Nothing arrives") < html.index("The token &lt;ends&gt;")
    )
    assert 'href="/soon/"' in html
    assert "All clear. Nothing needs your attention." not in html


def test_the_dashboard_says_how_many_seats_there_are(page: Page, contoso: Organization) -> None:
    Organization.objects.filter(pk=contoso.pk).update(seats=1200)

    assert "of 1,200 seats" in page("console:dashboard")


def test_the_dashboard_costs_the_same_at_7_and_67_leavers(client: Client, contoso: Organization) -> None:
    factories.installed(contoso)
    url = reverse("console:dashboard", kwargs={"organization": contoso.slug})

    def queries(people: int) -> int:
        for _number in range(people):
            factories.leaver(contoso)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    queries(6)
    assert queries(1) == queries(60)


@pytest.mark.parametrize(
    ("role", "seats", "is_warned"),
    [(Role.OWNER, 1, True), (Role.ADMIN, 1, True), (Role.HELPDESK, 1, False), (Role.AUDITOR, 1, False),
     (Role.OWNER, 2, False), (Role.OWNER, None, False)],
)  # fmt: skip
def test_who_may_change_it_sees_that_more_seats_are_used_than_there_are(
    contoso: Organization, role: Role, seats: int | None, is_warned: bool
) -> None:
    for _each in range(2):
        factories.person(contoso)
    contoso.seats = seats
    contoso.save()
    client = factories.signed_in(contoso, role)

    html = client.get(reverse("console:dashboard", kwargs={"organization": contoso.slug})).content.decode()

    assert ("2 of 1 seats are used" in html) is is_warned
