"""Administrators: invited by mail, accepted, given a role, their access ended and given back."""

import re

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from playwright.sync_api import Browser, expect

from printmgmt.deprovisioning import services as leaving
from printmgmt.organizations.models import Account, Administrator, Organization
from printmgmt.organizations.roles import Role
from tests import factories, many
from tests.browsing import NARROW, Visitor
from tests.due import outbox
from tests.factories import PASSWORD

TABLE_SCROLLS = "[...document.querySelectorAll('.table-responsive')].some(e => e.scrollWidth > e.clientWidth)"


def link_mailed_to(address: str) -> str:
    """The address in the newest mail to someone; this process does a worker's part."""
    *_older, newest = [sent for sent in outbox() if sent.to == [address]]
    found = re.search(r"http://\S+", str(newest.body))
    assert found
    return found[0]


def test_somebody_is_invited_accepts_and_is_given_another_role(
    visitor: Visitor, owner: Administrator, contoso: Organization, browser: Browser
) -> None:
    visitor.sign_in(owner.account.email, PASSWORD)
    visitor.menu("Administrators")
    visitor.follow("Invite")
    visitor.check_width()
    visitor.page.get_by_label("Email address").fill("grace@contoso.example")
    visitor.page.get_by_label("Role", exact=True).select_option("auditor")
    visitor.press("Send invitation")
    visitor.sees("Invitation sent to grace@contoso.example.")
    dead = link_mailed_to("grace@contoso.example")
    visitor.press("Send again")
    visitor.confirm("Send again")
    visitor.sees("Invitation sent to grace@contoso.example.")
    visitor.check_width()

    grace = Visitor(browser.new_context().new_page(), visitor.url)
    answer = grace.page.goto(dead)
    assert answer is not None
    assert answer.status == 410
    grace.complaints.clear()  # the browser calls 410 an error
    grace.sees("This invitation no longer works")
    grace.page.goto(link_mailed_to("grace@contoso.example"))
    grace.check_width()
    grace.sees("Your role: Auditor.")
    grace.page.get_by_label("Your name").fill(many.HOSTILE[0])
    grace.page.get_by_label("Password").fill("short")
    grace.press("Accept and sign in")
    grace.sees("too short")
    grace.page.get_by_label("Password").fill(PASSWORD)
    grace.press("Accept and sign in")
    expect(grace.page.get_by_role("heading", level=1)).to_have_text("Dashboard")
    grace.menu("Administrators")
    grace.sees(owner.account.email)
    expect(grace.page.get_by_role("link", name="Invite")).to_have_count(0)

    visitor.menu("Administrators")
    visitor.follow(many.HOSTILE[0])
    visitor.check_width()
    visitor.page.get_by_role("radio", name=re.compile("^Administrator")).check()
    visitor.press("Change role")
    expect(visitor.page.get_by_role("dialog")).to_contain_text("New role: Administrator.")
    visitor.confirm("Change")
    visitor.confirm_password()
    visitor.sees("grace@contoso.example now has the role Administrator.")
    grace.page.reload()
    grace.menu("Administrators")

    visitor.follow(many.HOSTILE[0])
    visitor.press("End access")
    visitor.confirm("End access")
    visitor.sees("no longer has access")
    refused = grace.page.reload()
    assert refused is not None
    assert refused.status == 404
    visitor.follow(many.HOSTILE[0])
    visitor.press("Restore access")
    visitor.confirm("Restore")
    visitor.sees("has access again")
    assert len(grace.complaints) == 1  # the browser calls 404 an error
    grace.page.context.close()


def test_an_invitation_is_withdrawn(ada: Visitor, contoso: Organization) -> None:
    many.administrators(contoso, range(60))
    ada.open_console(contoso, "administrators/")
    ada.rows(50)
    ada.sees("The newest 50 are shown.")

    ada.press("Withdraw")
    ada.confirm("Withdraw")
    expect(ada.page.get_by_text(re.compile(r"Invitation to \S+ withdrawn\.")).first).to_be_visible()

    assert contoso.invitations.count() == 59


def test_the_only_owner_sees_why_not(visitor: Visitor, contoso: Organization) -> None:
    only = contoso.administrators.get(role=Role.OWNER)
    visitor.enter(only.account)
    visitor.open_console(contoso, f"administrators/{only.pk}/")

    visitor.sees("The only owner. Make someone else an owner first")
    expect(visitor.page.get_by_role("button", name="Change role")).to_be_disabled()
    expect(visitor.page.get_by_role("button", name="End access")).to_have_count(0)


def test_administrators_are_searched_and_filtered_in_the_address(ada: Visitor, contoso: Organization) -> None:
    many.administrators(contoso, range(10))
    helpdesk = factories.administrator(contoso, Role.HELPDESK)
    Account.objects.filter(pk=helpdesk.account_id).update(name="Zoe Help")
    ada.open_console(contoso, "administrators/")
    ada.rows(13)

    ada.choose("Role", "helpdesk")
    assert "role=helpdesk" in ada.page.url
    ada.rows(1)
    ada.search("nobody")
    ada.sees("No matches")
    ada.follow("Clear search and filters")
    ada.search("zoe")
    ada.rows(1)
    ada.page.reload()
    ada.rows(1)


def test_an_owner_decides_about_somebody_who_is_back_and_resets_their_second_factor(
    ada: Visitor, contoso: Organization, owner: Administrator
) -> None:
    hank = factories.administrator(contoso, Role.HELPDESK, who=factories.account("hank@contoso.example"))
    TOTP.activate(hank.account, "JBSWY3DPEHPK3PXP")
    person = factories.person(contoso, "hank@contoso.example")
    factories.leaver(contoso, who=person, by=factories.DIRECTORY)
    leaving.reactivate(person, by=factories.DIRECTORY)

    ada.open_console(contoso)
    ada.page.get_by_role("link", name="hank@contoso.example can print again.").click()
    ada.sees("Access ended by Entra through SCIM (person suspended).")
    ada.check_width()
    ada.press("Restore access")
    ada.confirm("Restore")
    ada.confirm_password()
    ada.sees("hank@contoso.example has access again.")
    ada.follow("Roles")
    ada.sees("Remove people, and merge duplicate entries")
    ada.check_width()
    ada.page.set_viewport_size(NARROW)
    assert not ada.page.evaluate(TABLE_SCROLLS)

    Account.objects.filter(pk=owner.account_id).update(language="fr")
    ada.open_console(contoso, f"administrators/{hank.pk}/")
    ada.page.set_viewport_size(NARROW)
    button = ada.page.get_by_role("button", name="Réinitialiser la connexion à deux facteurs")
    assert button.evaluate("button => button.getBoundingClientRect().right <= innerWidth - 32")
    Account.objects.filter(pk=owner.account_id).update(language="en")
    ada.open_console(contoso, f"administrators/{hank.pk}/")
    ada.page.get_by_label("Reason for resetting two-factor authentication").fill("Lost the phone")
    ada.press("Reset two-factor authentication")
    ada.confirm("Reset")
    ada.sees("Two-factor authentication was reset for hank@contoso.example.")
    assert not Authenticator.objects.filter(user=hank.account).exists()


def test_what_becomes_of_console_access_is_a_paragraph_of_its_own(
    visitor: Visitor, contoso: Organization, owner: Administrator
) -> None:
    person = factories.person(contoso, owner.account.email)
    visitor.enter(factories.administrator(contoso, Role.HELPDESK).account)
    visitor.open_console(contoso, f"people/{person.pk}/")

    visitor.press("Block")

    paragraphs = visitor.page.get_by_role("dialog").get_by_role("paragraph").inner_text().split("\n\n")
    assert len(paragraphs) == 2
    assert paragraphs[1].startswith(f"{owner.account.email} also administers this console (role: Owner)")
