"""The help desk finds that two rows are one human, and makes them one."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, expect

from printmgmt.deprovisioning.models import Trigger
from printmgmt.organizations.roles import Role
from printmgmt.people.credentials import set_card, set_pin
from printmgmt.people.devices import enrol_device
from printmgmt.people.identification import identify
from printmgmt.people.models import PrintUser
from tests import factories
from tests.browsing import FITS, answers_search, comes_true
from tests.conftest import Server
from tests.printmgmt.console.people.pages import HOSTILE


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (390, "dark")])
def test_the_help_desk_makes_two_rows_one_person(
    server: Server, browser: Browser, width: int, theme: str
) -> None:
    contoso = factories.organization("Contoso")
    synced = factories.person(
        contoso, "ada@contoso.example", display_name="Ada King", work_email="ada@contoso.example"
    )
    PrintUser.objects.filter(pk=synced.pk).update(source=factories.installed(contoso).source)
    local = factories.person(contoso, "ada", display_name=HOSTILE, department="Analysis")
    set_card(local, "CARD-4711", by=factories.TESTER)
    set_pin(local, "1234", by=factories.TESTER)
    enrol_device(local, "Ada's laptop", by=factories.TESTER)
    gone = factories.person(contoso, "ada@contoso.old", display_name="Ada Byron")
    factories.leaver(contoso, Trigger.REMOVED, who=gone)
    context = browser.new_context(
        base_url=server.url,
        viewport={"width": width, "height": 900},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
    )
    session = factories.signed_in(contoso, Role.ADMIN).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": server.url}])
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)

    def look() -> None:
        assert comes_true(page, FITS)
        assert Axe().run(page).response["violations"] == []

    page.goto(f"/o/{contoso.slug}/people/{local.pk}/")
    page.get_by_role("link", name="Merge with…").click()
    expect(page.get_by_role("heading", name="Likely duplicates")).to_be_visible()
    look()
    with page.expect_response(answers_search("king")):
        page.get_by_label("Search").fill("king")
    expect(page.get_by_role("heading", name="Results")).to_be_visible()
    page.get_by_role("link", name="Compare with Ada King").click()

    expect(page.get_by_role("region", name="Kept", exact=True)).to_contain_text("ada@contoso.example")
    expect(page.get_by_role("region", name="Merged into it")).to_contain_text("…4711")
    expect(page.get_by_text("This cannot be undone.", exact=True)).to_be_visible()
    look()
    page.get_by_role("button", name="Merge").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("This cannot be undone.")
    look()
    dialog.get_by_role("button", name="Cancel").click()
    local.refresh_from_db()
    assert local.merged_into is None
    page.get_by_role("button", name="Merge").click()
    dialog.get_by_role("button", name="Merge").click()

    expect(page.get_by_text("was merged into Ada King.")).to_be_visible()
    assert identify(contoso, card="CARD-4711") == synced
    look()
    page.get_by_role("link", name="<script>").click()
    expect(page.get_by_text("Merged into Ada King")).to_be_visible()
    expect(page.get_by_role("button", name="Restore")).to_have_count(0)
    look()
    assert complaints == []
    context.close()
