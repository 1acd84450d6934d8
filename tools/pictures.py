"""Take the pictures of the documentation from a running demo: `python tools/pictures.py URL SIGN_IN_LINK`.

Start `make demo` first; both values are what it prints. Writes docs/pictures/*.png.
"""

import sys
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
PASSWORD = "correct horse battery staple"  # noqa: S105 -- of a demo that ends with this terminal
WIDE = {"width": 1280, "height": 800}


def main(url: str, link: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium" if Path("/usr/bin/chromium").exists() else None,
            args=["--disable-gpu"],
        )
        page = browser.new_page(viewport=WIDE)
        sign_in(page, link)
        home = f"{url}/o/contoso/"
        picture(page, home, "dashboard")
        picture(page, f"{home}add-ons/", "add-ons")
        picture(page, f"{home}add-ons/azure-ad-user-sync/learn-more/", "learn-more")
        picture(page, f"{home}add-ons/azure-ad-user-sync/", "details")
        picture(page, f"{home}people/", "people")
        picture(page, f"{home}leavers/", "leavers")
        page.locator("main tbody a").first.click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        take(page, "run")
        page.locator("main a[href*='/people/']").first.click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        take(page, "person")
        page.emulate_media(color_scheme="dark")
        page.set_viewport_size({"width": 390, "height": 800})
        picture(page, f"{home}leavers/", "leavers-phone-dark")
        browser.close()


def sign_in(page: Page, link: str) -> None:
    """Set the password the first time, later sign in with it as whoever the demo's owner is."""
    page.goto(link)
    if page.get_by_role("button", name="Save and sign in").count() == 0:
        page.goto(link.partition("/account/")[0] + "/account/login/")
        page.locator("input[type=email]").fill("ada@contoso.example")
    for box in page.locator("input[type=password]").all():
        box.fill(PASSWORD)
    page.locator("main button[type=submit], form button[type=submit]").first.click()


def picture(page: Page, url: str, name: str) -> None:
    page.goto(url)
    take(page, name)


def take(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURES / f"{name}.png")


if __name__ == "__main__":
    main(*sys.argv[1:3])
