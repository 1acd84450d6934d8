"""Takes the pictures of the documentation from a running demo.

`python tools/pictures.py URL SIGN_IN_LINK TOKEN CARD`: start `make demo` first; it prints all four values. If
it printed no token, leave out the last two: nothing was printed, and those pictures stay as they are. Writes
docs/pictures/*.png. Adds to Contoso what the demo does not have: a second token, sync decisions, invitations,
an export.
"""

import re
import sys
from pathlib import Path
from urllib.parse import urljoin

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright
from small_png import shrink

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
PASSWORD = "correct horse battery staple"  # noqa: S105 -- of a demo that ends with this terminal
WIDE = {"width": 1280, "height": 800}
TENANT = "5f3b8c1e-27d4-4e9a-8b60-c9a1d7e02f43"
TABLET = {"width": 1024, "height": 768}
PATCH = {
    "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
    "Operations": [{"op": "Add", "path": "title", "value": "Typesetter"}],
}


def main(url: str, link: str, token: str = "", card: str = "") -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium" if Path("/usr/bin/chromium").exists() else None,
            args=["--disable-gpu"],
        )
        page = browser.new_page(viewport=WIDE)
        sign_in(page, link)
        home = f"{url}/o/contoso/"
        add_on_care(page, home)
        connecting(page, home)
        questions_and_log(page, home)
        groups(page, home)
        directory_export(page, home)
        administrators(page, home)
        account(page, url)
        if token:
            paper(page, home)
            station(browser, url, token, card)
        everyday(page, home)
        browser.close()


def paper(page: Page, home: str) -> None:
    """Take pictures of what is waiting and where, and of what the print server's test found."""
    picture(page, f"{home}printers/", "printers")
    picture(page, f"{home}jobs/", "jobs")
    page.goto(f"{home}print-servers/")
    page.locator("main tbody a").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.get_by_text("A held job stays held").scroll_into_view_if_needed()
    take(page, "print-server")


def station(browser: Browser, url: str, token: str, card: str) -> None:
    """Take a picture of a person's jobs on a tablet, which has cookies of its own."""
    page = browser.new_page(viewport=TABLET)
    page.goto(f"{url}/station/")
    page.get_by_label("Token").fill(token)
    page.get_by_role("button", name="Connect").click()
    page.get_by_label("Card", exact=True).fill(card)
    page.get_by_role("button", name="Show my jobs").click()
    expect(page.get_by_role("heading", name="Jobs of")).to_be_visible()
    take(page, "station")
    page.close()


def everyday(page: Page, home: str) -> None:
    picture(page, home, "dashboard")
    picture(page, f"{home}add-ons/", "add-ons")
    picture(page, f"{home}add-ons/azure-ad-user-sync/learn-more/", "learn-more")
    picture(page, address_of(page, home, "azure-ad-user-sync"), "details")
    picture(page, f"{home}people/", "people")
    picture(page, f"{home}leavers/", "leavers")
    page.locator("main tbody a").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    take(page, "run")
    page.locator("main a[href*='/people/']").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    take(page, "person")
    page.goto(f"{home}audit/?actor_kind=account")
    page.locator(".audit-details summary").first.click()
    take(page, "audit")
    picture(page, f"{home}settings/", "settings")
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 390, "height": 800})
    picture(page, f"{home}leavers/", "leavers-phone-dark")


def add_on_care(page: Page, home: str) -> None:
    """Take pictures of the settings and of a second token."""
    page.goto(address_of(page, home, "azure-ad-user-sync") + "settings/")
    page.get_by_label("When the directory sends a user name that already exists").select_option("review")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Save changes").click()
    take(page, "add-on-settings")


def rotated(page: Page, home: str) -> tuple[str, str]:
    """Return the tenant URL and a new secret token."""
    page.goto(address_of(page, home, "azure-ad-user-sync"))
    way(page, "secret-token")
    body = page.locator(".way-body#secret-token")
    body.get_by_text("Rotate token").click()
    body.get_by_label("Name").fill("Azure, next year")
    body.get_by_role("button", name="Create token").click()
    page.get_by_role("dialog").get_by_role("button", name="Create").click()
    say_who(page)
    values = (
        page.get_by_label("Tenant URL", exact=True).input_value(),
        page.get_by_label("Secret token", exact=True).input_value(),
    )
    take(page, "token-rotated")
    page.get_by_role("link", name="Done").click()
    page.locator("#credentials").scroll_into_view_if_needed()
    take(page, "tokens")
    return values


def connecting(page: Page, home: str) -> None:
    """Set up every way to connect, and take a picture of each as docs/connect.md needs them."""
    sync = address_of(page, home, "azure-ad-user-sync")
    page.goto(f"{sync}federation/add/")
    page.get_by_label("Issuer").fill(f"https://login.microsoftonline.com/{TENANT}/v2.0")
    page.get_by_label("Subject").fill("0b1f3a52-6c1d-4f7e-9a80-3d5c2e714b96")
    page.get_by_label("Audience").fill("api://7d2c9e10-58ab-4c3f-b6e4-91f0a2d3c845/.default")
    take(page, "connect-federation-form", page.locator("#content"))
    page.get_by_role("button", name="Set up federation").click()
    say_who(page)
    way(page, "client-credentials")
    body = page.locator(".way-body#client-credentials")
    if not body.get_by_label("Name").is_visible():
        body.locator("summary").click()
    body.get_by_label("Name").fill("Azure, 2027")
    body.get_by_role("button", name="Create client secret").click()
    say_who(page)
    take(page, "connect-client-secret", page.locator("#content"))
    for name in ("secret-token", "client-credentials", "federation"):
        page.goto(sync)
        way(page, name)
        take(page, f"connect-{name}", page.locator("section[aria-labelledby=credentials]"))
    take(page, "connect-green", page.locator("#connection > .card-body").first)
    page.get_by_text("Is this console private on purpose?").click()
    take(page, "connect-agent", page.locator("#content .alert-warning").first)


def way(page: Page, name: str) -> None:
    """Unfold a way to connect on the details page."""
    body = page.locator(f".way-body#{name}")
    if not body.is_visible():
        page.locator("details.way", has=body).locator("> summary").click()
    expect(body).to_be_visible()


def questions_and_log(page: Page, home: str) -> None:
    """Add people whom the directory then sends as well, so that decisions are needed."""
    tenant_url, token = rotated(page, home)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/scim+json"}
    for name in ("Grace Hopper", "Barbara Liskov", "Radia Perlman"):
        page.goto(f"{home}people/add/")
        page.get_by_label("User name").fill(name.lower().replace(" ", ".") + "@contoso.example")
        page.get_by_label("Display name").fill(name)
        page.get_by_role("button", name="Add", exact=True).click()
        person = re.sub(r".*/people/([^/]+)/.*", r"\1", page.url)
        page.request.patch(f"{tenant_url}/Users/{person}", headers=headers, data=PATCH)
    sync = address_of(page, home, "azure-ad-user-sync")
    picture(page, f"{sync}review/", "review-queue")
    picture(page, f"{sync}log/", "provisioning-log")
    page.goto(f"{sync}log/?result=refused")
    page.locator("main tbody a").first.click()
    expect(page.get_by_role("heading", name="What to do")).to_be_visible()
    take(page, "log-detail")


def groups(page: Page, home: str) -> None:
    """Create a group with people of the directory."""
    page.goto(f"{home}groups/add/")
    page.get_by_label("Name").fill("Exam week")
    page.get_by_role("button", name="Create group").click()
    page.get_by_role("link", name="Add members").first.click()
    for box in page.locator("main input[type=checkbox]").all()[:6]:
        box.check()
    page.get_by_role("button", name="Add to the group").click()
    expect(page.get_by_text(re.compile("Added .+ to Exam week"))).to_be_visible()
    take(page, "group")


def directory_export(page: Page, home: str) -> None:
    page.goto(f"{home}add-ons/directory-export/learn-more/")
    if page.get_by_role("button", name="Add", exact=True).count():
        page.get_by_role("button", name="Add", exact=True).click()
        page.get_by_role("button", name="Agree and add").click()
        say_who(page)
    export = address_of(page, home, "directory-export")
    page.goto(f"{export}settings/")
    page.get_by_label("Export to").select_option("folder")
    page.get_by_label("Folder").fill("payroll")
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto(export)
    page.get_by_role("button", name="Export now").click()
    page.get_by_role("dialog").get_by_role("button", name="Export now").click()
    for _second in range(30):  # until the worker has delivered both
        page.wait_for_timeout(1_000)
        page.goto(export)
        if page.get_by_text("Delivered", exact=True).count() >= 2:
            break
    take(page, "directory-export")


def administrators(page: Page, home: str) -> None:
    for email, role in (("barbara@contoso.example", "admin"), ("edsger@contoso.example", "auditor")):
        page.goto(f"{home}administrators/invite/")
        page.get_by_label("Email address").fill(email)
        page.get_by_label("Role", exact=True).select_option(role)
        page.get_by_role("button", name="Send invitation").click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    picture(page, f"{home}administrators/", "administrators")


def account(page: Page, url: str) -> None:
    """Set up two-factor authentication up to the QR code."""
    page.goto(f"{url}/account/two-factor/totp/activate/")
    say_who(page)
    expect(page.get_by_role("button", name="Turn on")).to_be_visible()
    take(page, "two-factor")


def say_who(page: Page) -> None:
    """Enter the password again if the console asks for it."""
    page.wait_for_load_state()
    if "/reauthenticate/" in page.url:
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Confirm").click()


def sign_in(page: Page, link: str) -> None:
    """Set the password of the demo's owner the first time; sign in with it later."""
    page.goto(link)
    if page.get_by_role("button", name="Save and sign in").count() == 0:
        page.goto(link.partition("/account/")[0] + "/account/login/")
        page.locator("input[type=email]").fill("ada@contoso.example")
    for box in page.locator("input[type=password]").all():
        box.fill(PASSWORD)
    page.locator("main button[type=submit], form button[type=submit]").first.click()
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()


def address_of(page: Page, home: str, slug: str) -> str:
    """Where the installed add-on is, as its page in the catalogue says."""
    page.goto(f"{home}add-ons/{slug}/learn-more/")
    return urljoin(home, page.get_by_role("link", name="Open").first.get_attribute("href") or "")


def picture(page: Page, url: str, name: str) -> None:
    page.goto(url)
    take(page, name)


def take(page: Page, name: str, part: Locator | None = None) -> None:
    """Take a picture of the window, or of a part of the page, without messages of earlier clicks."""
    page.wait_for_load_state("networkidle")
    page.evaluate("document.querySelectorAll('.alert-dismissible').forEach(message => message.remove())")
    (part or page).screenshot(path=PICTURES / f"{name}.png")
    shrink(PICTURES / f"{name}.png")


if __name__ == "__main__":
    main(*sys.argv[1:5])
