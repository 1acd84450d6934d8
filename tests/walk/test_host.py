"""The host's staff: seats are set, an account is found, a stuck run looked at; every look is audited."""

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.utils import timezone
from playwright.sync_api import expect

from printmgmt.audit.models import AuditEvent
from printmgmt.deprovisioning.models import DeprovisionRun, RunState
from printmgmt.organizations.models import Account, Administrator, Organization
from tests import factories, many
from tests.browsing import Visitor


@pytest.fixture
def staff(visitor: Visitor) -> Visitor:
    account = Account.objects.create_superuser("root@host.example", factories.PASSWORD)
    TOTP.activate(account, "JBSWY3DPEHPK3PXP")
    visitor.enter(account)
    return visitor


def test_staff_sets_seats_and_the_customer_sees_it(
    staff: Visitor, contoso: Organization, owner: Administrator
) -> None:
    Organization.objects.filter(pk=contoso.pk).update(name=many.HOSTILE[0])
    many.people(contoso, range(3))
    staff.open("/host/")
    staff.page.locator("#organizations-organization").get_by_role("link").first.click()
    staff.page.get_by_role("link", name=many.HOSTILE[0], exact=True).click()
    staff.page.get_by_label("Seats").fill("1200")
    staff.page.get_by_role("button", name="Save", exact=True).click()
    expect(staff.page.get_by_text("was changed successfully")).to_be_visible()

    staff.enter(owner.account)
    staff.open_console(contoso)
    staff.sees("of 1,200 seats")
    staff.open_console(contoso, "audit/")
    staff.sees("root@host.example")
    seen = AuditEvent.objects.filter(organization=contoso, verb__startswith="host.")
    assert set(seen.values_list("verb", flat=True)) == {"host.viewed", "host.changed"}


def test_staff_finds_an_account_by_its_whole_address_only(staff: Visitor, owner: Administrator) -> None:
    staff.open("/host/organizations/account/")
    rows = staff.page.locator("#result_list tbody tr")
    expect(rows).to_have_count(0)

    box = staff.page.get_by_role("textbox").first
    box.fill(owner.account.email[:-3])
    with staff.page.expect_navigation():
        box.press("Enter")
    expect(rows).to_have_count(0)
    box = staff.page.get_by_role("textbox").first
    box.fill(owner.account.email)
    box.press("Enter")
    expect(rows).to_have_count(1)
    rows.get_by_role("link").first.click()
    staff.page.get_by_label("Active").uncheck()
    staff.page.get_by_role("button", name="Save", exact=True).click()

    expect(staff.page.get_by_text("was changed successfully")).to_be_visible()
    owner.account.refresh_from_db()
    assert not owner.account.is_active


def test_a_stuck_run_is_shown_without_a_name(staff: Visitor, contoso: Organization) -> None:
    run = factories.leaver(contoso, who=factories.person(contoso, "secret@contoso.example"))
    DeprovisionRun.objects.filter(pk=run.pk).update(
        state=RunState.WORKING, cut_at=timezone.now() - timedelta(hours=3)
    )

    staff.open("/host/deprovisioning/deprovisionrun/")
    staff.page.get_by_role("link", name=str(run.pk)).click()

    assert "secret@" not in staff.page.content()
    expect(staff.page.get_by_role("button", name="Save")).to_have_count(0)


def test_a_customers_owner_is_sent_away(ada: Visitor, owner: Administrator) -> None:
    TOTP.activate(owner.account, "JBSWY3DPEHPK3PXP")

    answer = ada.page.goto(f"{ada.url}/host/")

    assert answer is not None
    assert answer.status == 403
    ada.complaints.clear()  # the browser calls 403 an error
    ada.sees("You don't have permission")
