"""Add-ons: found, learnt about, set, paused, their tokens rotated, uninstalled by name."""

import re

import pytest
import requests
from playwright.sync_api import expect

from addons.models import Installation, InstallationState
from printmgmt.organizations.models import Administrator, Organization
from printmgmt.organizations.roles import Role
from printmgmt.people.models import PersonState, PrintUser
from scim_sync.credentials.tokens import mint_first_token, tenant_url
from scim_sync.models import ScimToken
from scim_sync.rehearsal.signing_in import ClientCredentials
from tests import factories, many
from tests.browsing import Visitor

NAME = "Microsoft Azure AD User Sync"


@pytest.fixture
def installation(contoso: Organization) -> Installation:
    return factories.installed(contoso)


def opens(installation: Installation, token: str) -> bool:
    """Whether the directory gets in with this token."""
    where = f"{tenant_url(installation)}/Users"
    answer = requests.get(where, headers={"Authorization": f"Bearer {token}"}, timeout=120)
    return answer.status_code == 200


def test_the_catalogue_is_searched_and_a_search_without_hit_is_cleared(
    ada: Visitor, contoso: Organization, installation: Installation
) -> None:
    offers = ada.page.locator(".offers > li")
    ada.open_console(contoso, "add-ons/")
    expect(offers).to_have_count(2)

    ada.search("payroll csv")
    expect(offers).to_have_count(0)
    ada.follow("Show all add-ons")
    expect(offers).to_have_count(2)
    ada.choose("State", "available")
    assert "state=available" in ada.page.url
    expect(offers).to_have_count(1)
    ada.follow("Learn more: Directory export")
    ada.sees("Cards, PINs and devices never leave")
    ada.check_width()


def test_who_may_not_add_sees_whom_to_ask(visitor: Visitor, contoso: Organization) -> None:
    visitor.enter(factories.administrator(contoso, Role.HELPDESK).account)
    visitor.open_console(contoso, "add-ons/azure-ad-user-sync/learn-more/")

    visitor.sees("Your role is Help desk.")
    expect(visitor.page.get_by_role("button", name="Add", exact=True)).to_be_disabled()


def test_settings_are_refused_saved_and_kept(
    ada: Visitor, contoso: Organization, installation: Installation
) -> None:
    ada.open(factories.page_of(contoso, "addons:details"))
    ada.follow("Settings")
    ada.check_width()
    days = ada.page.get_by_label("Keep the provisioning log for (days)")
    days.fill("0")
    ada.page.locator("main form").first.evaluate("form => form.noValidate = true")
    ada.press("Save")
    ada.confirm("Save changes")
    ada.sees("greater than or equal to 1")
    expect(days).to_be_focused()
    days.fill("7")
    ada.press("Save")
    expect(ada.page.get_by_role("dialog")).to_contain_text("Older log entries are deleted within a day.")
    ada.cancel()
    days.fill("90")
    ada.page.get_by_label("When the directory sends a user name that already exists").select_option("review")
    ada.press("Save")
    expect(ada.page.get_by_role("dialog")).to_contain_text("Links that exist are kept.")
    expect(ada.page.get_by_role("dialog")).not_to_contain_text("Older log entries are deleted within a day.")
    ada.confirm("Save changes")

    ada.sees("The settings are saved.")
    expect(ada.page.get_by_label("When the directory sends a user name that already exists")).to_have_value(
        "review"
    )
    installation.refresh_from_db()
    assert installation.settings["keep_events_days"] == 90


def test_pausing_refuses_the_directory_until_it_is_undone(
    ada: Visitor, contoso: Organization, installation: Installation
) -> None:
    token = mint_first_token(installation, by=factories.TESTER)
    ada.open(factories.page_of(contoso, "addons:settings"))

    ada.press("Pause")
    ada.cancel()
    assert opens(installation, token)
    ada.press("Pause")
    ada.confirm("Pause")
    ada.sees("is paused")
    assert not opens(installation, token)
    ada.press("Undo")
    ada.sees("is active again")
    assert opens(installation, token)


def test_azure_is_connected_with_client_credentials_which_are_switched_off_and_on(
    ada: Visitor, contoso: Organization, installation: Installation
) -> None:
    token = mint_first_token(installation, by=factories.TESTER)
    ada.open(factories.page_of(contoso, "addons:details"))
    ada.page.get_by_text("Client credentials", exact=True).click()
    ada.check_width()
    way = ada.page.locator("#client-credentials")
    way.get_by_label("Name").fill(many.HOSTILE[0])
    way.get_by_label("Expires in").select_option("1095")
    ada.press("Create client secret")
    ada.confirm_password()

    ada.sees("Shown only once.")
    ada.check_width()
    named = ("Token endpoint", "Client identifier", "Client secret")
    endpoint, *client = (ada.page.get_by_label(name, exact=True).input_value() for name in named)
    sign_in = ClientCredentials(endpoint, *client)
    assert opens(installation, sign_in.token())
    ada.follow("Done")
    expect(way.get_by_label("Client identifier", exact=True)).to_be_visible()  # unfolded by the address
    ada.check_width()
    ada.press("Switch off")
    expect(ada.page.get_by_role("dialog")).to_contain_text("you can switch this on again")
    ada.confirm("Switch off")
    ada.sees("Azure can no longer connect with them.")
    assert not opens(installation, sign_in.token())
    assert opens(installation, token)
    ada.press("Undo")
    ada.sees("switched on again")
    assert sign_in.renew(sign_in.token())
    assert opens(installation, sign_in.token())


def test_a_token_is_rotated_beside_the_old_one_which_is_then_revoked(
    ada: Visitor, contoso: Organization, installation: Installation, owner: Administrator
) -> None:
    old = mint_first_token(installation, by=factories.TESTER, account=owner.account)
    ScimToken.objects.update(label=many.HOSTILE[-1][:100])
    ada.open(factories.page_of(contoso, "addons:details"))
    ada.page.get_by_text("Rotate token").click()
    tokens = ada.page.locator("#secret-token")
    tokens.get_by_label("Name").fill(many.HOSTILE[0])
    tokens.get_by_label("Expires in").select_option("730")
    ada.press("Create token")
    expect(ada.page.get_by_role("dialog")).to_contain_text("keeps working until you revoke it")
    ada.confirm("Create")
    ada.confirm_password()

    ada.sees("Shown only once.")
    ada.check_width()
    new = ada.page.get_by_label("Secret token", exact=True).input_value()
    assert opens(installation, old)
    assert opens(installation, new)
    ada.follow("Done")
    ada.check_width()
    assert new not in ada.page.content()
    ada.press(f"Revoke “{many.HOSTILE[-1][:100]}”")
    expect(ada.page.get_by_role("dialog")).to_contain_text("This cannot be undone.")
    ada.confirm("Revoke")
    ada.sees("was revoked")
    assert not opens(installation, old)
    assert opens(installation, new)


def test_uninstalling_wants_the_name_and_does_what_was_chosen(
    ada: Visitor, contoso: Organization, installation: Installation
) -> None:
    person = factories.person(contoso)
    PrintUser.objects.filter(pk=person.pk).update(source=installation.source)
    token = mint_first_token(installation, by=factories.TESTER)
    ada.open(factories.page_of(contoso, "addons:settings"))
    ada.follow("Uninstall…")
    ada.check_width()
    ada.page.get_by_role("radio", name=re.compile("^Suspend them")).check()
    ada.page.get_by_label("Type the name of the add-on to confirm").fill("something else")
    ada.press("Uninstall")
    ada.confirm_password()
    ada.sees("This is not the name of the add-on.")
    assert opens(installation, token)
    ada.page.get_by_role("radio", name=re.compile("^Suspend them")).check()
    ada.page.get_by_label("Type the name of the add-on to confirm").fill(NAME.lower())
    ada.press("Uninstall")

    ada.sees("was uninstalled")
    expect(ada.page.get_by_role("link", name=f"Open: {NAME}")).to_have_count(0)
    assert not opens(installation, token)
    installation.refresh_from_db()
    assert installation.state == InstallationState.UNINSTALLED
    person.refresh_from_db()
    assert person.state == PersonState.SUSPENDED
