"""The dashboard: what needs a person leads to where it is mended, and is gone afterwards."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from printmgmt.deprovisioning.models import DeprovisionRun, RunState
from printmgmt.organizations.models import Organization
from scim_sync.credentials.tokens import mint_first_token
from scim_sync.models import ScimToken
from tests import factories, many
from tests.browsing import Visitor


def test_a_new_organization_is_led_to_the_add_ons(ada: Visitor, contoso: Organization) -> None:
    ada.open_console(contoso)

    ada.sees("All clear. Nothing needs your attention.")
    ada.sees("Nobody has left yet")
    ada.menu("Add-ons")
    expect(ada.page.get_by_role("heading", level=1)).to_have_text("All add-ons")


def test_what_needs_a_person_leads_there_and_is_gone_once_done(ada: Visitor, contoso: Organization) -> None:
    installation = factories.installed(contoso)
    mint_first_token(installation, by=factories.TESTER)
    ScimToken.objects.update(
        label=many.HOSTILE[0], expires_at=timezone.now() + timedelta(days=3), last_used_at=timezone.now()
    )
    run = factories.leaver(contoso, who=factories.person(contoso, display_name=many.HOSTILE[-1]))
    DeprovisionRun.objects.filter(pk=run.pk).update(state=RunState.ATTENTION)
    ada.open_console(contoso)

    needs = ada.page.get_by_role("region", name="Needs attention").get_by_role("link")
    expect(needs).to_have_count(2)
    ada.follow("1 leaver has a failed step", exact=False)
    ada.rows(1)
    assert "state=attention" in ada.page.url

    ada.menu("Dashboard")
    ada.follow(f"The secret token “{many.HOSTILE[0]}” expires on", exact=False)
    ada.page.get_by_text("Rotate token").click()
    ada.page.get_by_label("Name").first.fill("Azure, next year")
    ada.press("Create token")
    ada.confirm("Create")
    ada.confirm_password()
    ada.follow("Done")
    ada.press(f"Revoke “{many.HOSTILE[0]}”")
    ada.confirm("Revoke")
    ada.sees("was revoked")
    ada.menu("Dashboard")
    expect(needs).to_have_count(1)


def test_figures_lead_to_the_lists_they_count(ada: Visitor, contoso: Organization) -> None:
    many.people(contoso, range(1_200))
    many.leavers(contoso, range(14))
    ada.open_console(contoso)

    ada.follow("Active people 1,200", exact=False)
    ada.rows(50)
    ada.sees("1–50 of 1,200")
    ada.menu("Dashboard")
    ada.follow("Leavers in progress 2", exact=False)
    ada.rows(2)
    ada.menu("Dashboard")
    ada.follow("All leavers")
    ada.rows(14)
