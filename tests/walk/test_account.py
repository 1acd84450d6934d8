"""One's own account: name, password, sessions, and a second factor that is asked for afterwards."""

import time

from allauth.mfa.app_settings import TOTP_PERIOD
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, expect

from printmgmt.organizations.models import Administrator, Organization
from tests import many
from tests.browsing import Visitor
from tests.factories import PASSWORD

NEW = "a new password that is long"


def code_of(secret: str, *, later: int = 0) -> str:
    """What an app shows now, or ``later`` half minutes from now."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // TOTP_PERIOD + later)))


def test_name_and_password_are_changed_and_sign_in_again(
    visitor: Visitor, owner: Administrator, contoso: Organization
) -> None:
    visitor.sign_in(owner.account.email, PASSWORD)
    visitor.page.get_by_role("button", name="Account:").click()
    visitor.page.get_by_role("link", name="Your account").click()
    visitor.check_width()
    visitor.page.get_by_label("Name").fill(many.HOSTILE[0])
    visitor.press("Save")
    expect(visitor.page.get_by_label("Name")).to_have_value(many.HOSTILE[0])
    visitor.follow("Change password", exact=False)
    visitor.check_width()
    visitor.page.get_by_label("Current Password").fill(PASSWORD)
    visitor.page.get_by_label("New Password", exact=True).fill(NEW)
    visitor.page.get_by_label("New Password (again)").fill(NEW)
    with visitor.page.expect_navigation():
        visitor.page.locator("main form button[type=submit]").first.click()

    visitor.sign_in(owner.account.email, PASSWORD)
    visitor.sees("not correct")
    visitor.sign_in(owner.account.email, NEW)
    visitor.open_console(contoso)
    expect(visitor.page.get_by_role("button", name="Account:")).to_contain_text(many.HOSTILE[0])


def test_every_other_browser_is_signed_out_by_one_button(
    visitor: Visitor, owner: Administrator, browser: Browser
) -> None:
    agent = many.HOSTILE[0] + many.HOSTILE[-1]
    elsewhere = Visitor(browser.new_context(user_agent=agent).new_page(), visitor.url)
    elsewhere.sign_in(owner.account.email, PASSWORD)
    visitor.sign_in(owner.account.email, PASSWORD)

    visitor.open("/account/sessions/")
    expect(visitor.page.locator("main .list-group-item")).to_have_count(2)
    visitor.sees(many.HOSTILE[0])
    visitor.press("Sign out everywhere else")
    visitor.cancel()
    visitor.press("Sign out everywhere else")
    visitor.confirm("Sign out")
    expect(visitor.page.locator("main .list-group-item")).to_have_count(1)

    elsewhere.page.reload()
    expect(elsewhere.page.get_by_role("heading", level=1)).to_have_text("Sign in")
    visitor.open("/account/")
    elsewhere.page.context.close()


def test_a_second_factor_is_set_up_and_asked_for(visitor: Visitor, owner: Administrator) -> None:
    visitor.sign_in(owner.account.email, PASSWORD)
    visitor.open("/account/two-factor/")
    visitor.follow("Set up the app")
    visitor.confirm_password()
    visitor.check_width()
    secret = visitor.page.get_by_role("textbox", name="Can't scan?").input_value()
    code = visitor.page.get_by_role("textbox", name="code")
    code.fill("000000")
    visitor.press("Turn on")
    visitor.sees("Incorrect code")
    code.fill(code_of(secret))
    visitor.press("Turn on")
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    expect(visitor.page.locator(".recovery-codes li")).to_have_count(10)
    recovery = visitor.page.locator(".recovery-codes code").first.inner_text()
    visitor.check_width()

    visitor.sign_in(owner.account.email, PASSWORD)
    visitor.sees("One more step")
    visitor.check_width()
    code.fill(code_of(secret, later=1))
    visitor.press("Sign in")
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Dashboard")
    visitor.sign_in(owner.account.email, PASSWORD)
    code.fill(recovery)
    visitor.press("Sign in")
    visitor.open("/account/two-factor/")
    visitor.sees("9 left")
