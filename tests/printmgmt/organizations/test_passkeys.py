"""A passkey in a real browser: added, and then enough to sign in without a password."""

from urllib.parse import urlsplit

from django.urls import reverse
from playwright.sync_api import Page, expect

from tests import factories
from tests.conftest import Server

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
PASSWORD = "correct horse battery"


def test_passkey_is_added_and_signs_in(server: Server, page: Page) -> None:
    ada = factories.administrator(factories.organization("Contoso"))
    # Browsers allow passkeys on names only, never on an IP address.
    url = f"http://localhost:{urlsplit(server.url).port}"
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})

    page.goto(f"{url}{reverse('account_login')}?next={reverse('mfa_add_webauthn')}")
    page.get_by_label("Email address").fill(ada.account.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add the key").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()

    page.context.clear_cookies()
    page.goto(url + reverse("account_login"))
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()


def test_key_that_cannot_be_used_gets_an_error(server: Server, page: Page) -> None:
    page.goto(server.url + reverse("account_login"))  # an IP address

    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_text("That did not work")).to_be_visible()
