"""A print server is added by its certificate, tested, mended, paused and removed; on a phone, too."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, expect

from demo.cupsd import OPERATOR, PrivateCups
from printmgmt.console.print_servers.certificates import grouped
from printmgmt.printing.models import PrintServer
from printmgmt.printing.servers.findings.holds import BLOCK
from tests import factories
from tests.browsing import FITS, comes_true
from tests.conftest import Server


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_a_print_server_from_adding_to_removing(
    server: Server, browser: Browser, own_cups: PrivateCups, width: int, scheme: str
) -> None:
    contoso = factories.organization("Contoso")
    own_cups.add_queue("front")
    context = browser.new_context(
        base_url=server.url,
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    session = factories.signed_in(contoso).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": server.url}])
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)

    def is_fine() -> bool:
        return comes_true(page, FITS) and not Axe().run(page).response["violations"]

    page.goto(f"/o/{contoso.slug}/print-servers/")
    page.get_by_role("link", name="Add print server").first.click()
    page.get_by_label("Address").fill(own_cups.https)
    page.keyboard.press("Enter")
    expect(page.get_by_text(grouped(own_cups.fingerprint))).to_be_visible()
    assert is_fine()
    page.get_by_label("I compared this fingerprint").check()
    page.get_by_label("Name").fill("Front office")
    page.get_by_label("Operator").fill(OPERATOR)
    page.get_by_label("Password").fill(own_cups.passwords[OPERATOR])
    page.keyboard.press("Enter")

    expect(page.get_by_text("Front office was added.")).to_be_visible()
    expect(page.get_by_text("People can undo a hold on their own jobs")).to_be_visible()
    expect(page.locator("#announcements")).to_contain_text("The test is finished.")
    assert is_fine()
    page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    page.get_by_role("button", name="Copy the lines for: People can undo a hold").click()
    expect(page.get_by_role("button", name="Copy the lines for: People can undo a hold")).to_contain_text(
        "Copied"
    )
    assert page.evaluate("window.copied") == BLOCK.strip()

    own_cups.policy(BLOCK)
    page.get_by_role("button", name="Test now").click()
    expect(page.get_by_text("A held job stays held")).to_be_visible()
    expect(page.get_by_text("People can undo a hold on their own jobs")).to_have_count(0)

    page.get_by_role("button", name="Pause").click()
    page.get_by_role("dialog").get_by_role("button", name="Pause").click()
    expect(page.get_by_text("Front office was paused.")).to_be_visible()
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_text("Front office was resumed.")).to_be_visible()
    page.get_by_role("button", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    assert PrintServer.objects.get().removed_at is None
    page.get_by_role("button", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_text("Front office was removed.")).to_be_visible()
    expect(page.get_by_text("No print servers yet")).to_be_visible()
    assert complaints == []
    context.close()
