"""The host's admin: staff with two-factor authentication only, every look into a customer audited."""

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from printmgmt.audit.models import AuditEvent
from printmgmt.deprovisioning.models import DeprovisionRun, RunState
from printmgmt.organizations.models import Account, Organization
from tests import factories

pytestmark = pytest.mark.django_db


def browser_of(account: Account) -> Client:
    browser = Client()
    browser.force_login(account)
    return browser


@pytest.fixture
def staff() -> Client:
    account = Account.objects.create_superuser("root@host.example", "correct horse battery")
    TOTP.activate(account, "JBSWY3DPEHPK3PXP")
    return browser_of(account)


def events(organization: Organization) -> list[tuple[str, str]]:
    rows = AuditEvent.objects.filter(organization=organization, verb__startswith="host.").order_by("id")
    return list(rows.values_list("verb", "object_type"))


def test_visitor_signs_in_on_the_usual_page() -> None:
    answer = Client().get(reverse("admin:index"), follow=True)

    assert answer.redirect_chain[-1][0].startswith(reverse("account_login"))


def test_staff_without_a_second_factor_is_sent_to_set_it_up() -> None:
    account = Account.objects.create_superuser("root@host.example", "correct horse battery")

    answer = browser_of(account).get(reverse("admin:index"), follow=True)

    assert answer.redirect_chain[-1][0] == reverse("mfa_index")


def test_administrator_of_a_customer_is_sent_away_even_with_a_second_factor() -> None:
    owner = factories.administrator(factories.organization()).account
    TOTP.activate(owner, "JBSWY3DPEHPK3PXP")

    assert browser_of(owner).get(reverse("admin:index"), follow=True).status_code == 403


def test_looking_at_an_organization_is_audited_there(staff: Client) -> None:
    contoso, fabrikam = factories.organization(), factories.organization("Fabrikam")

    assert staff.get(reverse("admin:organizations_organization_changelist")).status_code == 200
    assert staff.get(reverse("admin:organizations_organization_change", args=[contoso.pk])).status_code == 200
    assert (
        staff.get(reverse("admin:organizations_organization_history", args=[contoso.pk])).status_code == 200
    )

    assert events(contoso) == [("host.viewed", "organization")] * 2
    assert events(fabrikam) == []


def test_seats_are_set_and_the_customer_can_read_it(staff: Client) -> None:
    contoso = factories.organization()

    staff.post(reverse("admin:organizations_organization_change", args=[contoso.pk]), {"seats": "50"})

    contoso.refresh_from_db()
    assert contoso.seats == 50
    changed = AuditEvent.objects.get(organization=contoso, verb="host.changed")
    assert changed.details is not None
    assert changed.details["changes"] == {"seats": ["None", "50"]}
    assert changed.details["actor"] == "root@host.example"


def test_looking_at_an_account_is_audited_wherever_it_administers(staff: Client) -> None:
    contoso, fabrikam = factories.organization(), factories.organization("Fabrikam")
    ada = factories.administrator(contoso).account
    factories.administrator(fabrikam, who=ada)

    html = staff.get(reverse("admin:organizations_account_change", args=[ada.pk])).content.decode()

    assert "argon2" not in html
    assert events(contoso) == events(fabrikam) == [("host.viewed", "account")]


def test_accounts_are_found_by_their_whole_address_only(staff: Client) -> None:
    ada = factories.account("ada@contoso.example")
    url = reverse("admin:organizations_account_changelist")

    assert ada.email not in staff.get(url).content.decode().replace(f'value="{ada.email}"', "")
    assert str(ada.pk) not in staff.get(url, {"q": "ada"}).content.decode()
    assert str(ada.pk) in staff.get(url, {"q": "ADA@contoso.example"}).content.decode()


def test_stuck_runs_are_listed_without_names_and_cannot_be_changed(staff: Client) -> None:
    contoso = factories.organization()
    stuck, late, fresh = (factories.leaver(contoso) for _ in range(3))
    DeprovisionRun.objects.filter(pk=stuck.pk).update(state=RunState.ATTENTION)
    DeprovisionRun.objects.filter(pk=late.pk).update(
        state=RunState.WORKING, cut_at=timezone.now() - timedelta(hours=2)
    )
    DeprovisionRun.objects.filter(pk=fresh.pk).update(state=RunState.WORKING)

    html = staff.get(reverse("admin:deprovisioning_deprovisionrun_changelist")).content.decode()

    assert (str(stuck.pk) in html, str(late.pk) in html, str(fresh.pk) in html) == (True, True, False)
    assert stuck.person.user_name not in html
    change = reverse("admin:deprovisioning_deprovisionrun_change", args=[stuck.pk])
    assert staff.get(change).status_code == 200
    assert staff.post(change, {"state": "finished"}).status_code == 403
    assert ("host.viewed", "run") in events(contoso)


def test_the_host_sees_who_uses_more_seats_than_there_are(staff: Client) -> None:
    over, full = factories.organization("Contoso"), factories.organization("Fabrikam")
    for organization, people, seats in ((over, 3, 2), (full, 2, 2)):
        for _each in range(people):
            factories.person(organization)
        organization.seats = seats
        organization.save()
    listed = reverse("admin:organizations_organization_changelist")

    html = staff.get(listed).content.decode()

    assert "3 of 2: over the limit" in html
    assert '<td class="field-seats_used">2</td>' in html
    assert "3 of 2: over the limit" in staff.get(f"{listed}{over.pk}/change/").content.decode()
    found = staff.get(listed, {"seats_used": "over"}).content.decode()
    assert "Contoso" in found
    assert "Fabrikam" not in found


@pytest.mark.parametrize(
    "lookup",
    [
        *(
            "password__regex",
            "password__startswith",
            "password",
            "email__contains",
            "name__icontains",
            "pk__gt",
        ),
        *("administrations__role", "administrations__organization__name", "authenticator__data__icontains"),
        *("is_active__regex", "last_login__year", "groups__name", "id__in", "usersession__ip"),
    ],
)
def test_the_list_of_accounts_answers_no_questions_but_those_beside_it(staff: Client, lookup: str) -> None:
    account = factories.account("ada@contoso.example")
    url = reverse("admin:organizations_account_changelist")

    answer = staff.get(url, {lookup: "argon2", "q": account.email})

    assert answer.status_code in {302, 400}
    assert account.email not in answer.content.decode()


def test_the_filters_beside_the_list_still_work(staff: Client) -> None:
    on, off = factories.account("on@x.example"), factories.account("off@x.example")
    Account.objects.filter(pk=off.pk).update(is_active=False)
    url = reverse("admin:organizations_account_changelist")

    def found(email: str, active: int) -> bool:
        return (
            f"/{Account.objects.get(email=email).pk}/"
            in staff.get(url, {"q": email, "is_active__exact": active}).content.decode()
        )

    assert [found(on.email, 1), found(on.email, 0), found(off.email, 1), found(off.email, 0)] == [
        *(True, False, False, True)
    ]


def test_a_search_that_finds_something_is_in_the_audit_of_its_organizations(staff: Client) -> None:
    contoso, fabrikam = factories.organization(), factories.organization("Fabrikam")
    ada = factories.administrator(contoso).account
    factories.administrator(fabrikam)
    accounts = reverse("admin:organizations_account_changelist")
    organizations = reverse("admin:organizations_organization_changelist")

    staff.get(accounts, {"q": ada.email})
    staff.get(accounts, {"q": "nobody@contoso.example"})
    staff.get(organizations, {"q": "conto"})
    staff.get(organizations)

    assert events(contoso) == [("host.searched", "account"), ("host.searched", "organization")]
    assert events(fabrikam) == []
    first = AuditEvent.objects.filter(verb="host.searched").order_by("id")[0]
    assert first.details is not None
    assert (first.details["object"], first.details["actor"]) == (ada.email, "root@host.example")


def test_no_address_of_the_hosts_pages_is_an_error(staff: Client) -> None:
    account = factories.account()
    staff.raise_request_exception = False
    below = [
        *("r/1/1/", "r/x/y/", "r/1/", "r/9999/%00/", "jsi18n/", "autocomplete/", "password_change/"),
        *(
            "password_change/done/",
            "logout/",
            "login/",
            "auth/",
            "organizations/",
            "organizations/account/add/",
        ),
        *("organizations/account/x/change/", f"organizations/account/{account.pk}/delete/"),
        *("organizations/account/?o=99&p=99999999999999999999", "organizations/account/?e=1", "x/y/z/", "r/"),
        "organizations/account/?_to_field=password&q=x",
        "organizations/account/?_popup=1&_facets=True&p=-1&all=",
        "organizations/account/" + "9" * 4400 + "/change/",
        "organizations/account/%00/history/",
        "autocomplete/?app_label=organizations&model_name=account&field_name=email&term=x",
        "deprovisioning/deprovisionrun/?state__exact=%00",
        "deprovisioning/deprovisionrun/?state__in=" + "x," * 5000,
        "organizations/organization/?q=%00",
        "organizations/account/?is_active__exact=" + "9" * 4400,
    ]

    broken = {path: code for path in below if (code := staff.get(f"/host/{path}").status_code) >= 500}

    assert broken == {}
    assert staff.get("/host/r/1/1/").status_code == 404
    assert staff.get("/host/password_change/")["Location"] == reverse("account_change_password")
