"""A day at the help desk: a person is added, given a card and a PIN, suspended, and taken back."""

import pytest
from django.conf import settings
from playwright.sync_api import Browser, expect

from printmgmt.organizations.roles import Role
from printmgmt.people.identification import identify
from printmgmt.people.models import PersonState, PrintUser
from tests import factories
from tests.browsing import FITS, comes_true
from tests.conftest import Server
from tests.printmgmt.console.people.pages import HOSTILE


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [1440, 390])
def test_the_help_desk_looks_after_a_person(server: Server, browser: Browser, width: int) -> None:
    contoso = factories.organization("Contoso")
    context = browser.new_context(base_url=server.url, viewport={"width": width, "height": 900})
    session = factories.signed_in(contoso, Role.HELPDESK).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": server.url}])
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)

    def is_narrow_enough() -> bool:
        return comes_true(page, FITS)

    page.goto(f"/o/{contoso.slug}/people/")
    page.get_by_role("link", name="Add person").click()
    page.get_by_label("User name").fill("mallory@contoso.example")
    page.get_by_label("Display name").fill(HOSTILE)
    assert is_narrow_enough()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("was added.")).to_be_visible()
    assert is_narrow_enough()
    person = PrintUser.objects.of(contoso).get()

    page.get_by_role("link", name="Add card").click()
    page.get_by_label("Card number").fill("CARD-4711")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Card ending in 4711").first).to_be_visible()
    page.get_by_role("link", name="Set PIN").click()
    page.get_by_label("show it once").check()
    page.get_by_role("button", name="Set PIN").click()
    pin = page.get_by_label("PIN", exact=True).input_value()
    assert identify(contoso, card="CARD-4711", pin=pin) == person
    assert is_narrow_enough()
    page.get_by_role("link", name="Done").click()

    page.get_by_role("button", name="Suspend").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("2 cards and PINs are turned off")
    dialog.get_by_role("button", name="Cancel").click()
    person.refresh_from_db()
    assert person.state == PersonState.ACTIVE
    page.get_by_role("button", name="Suspend").click()
    dialog.get_by_role("button", name="Suspend").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    assert identify(contoso, card="CARD-4711") is None
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("can print again")).to_be_visible()
    assert identify(contoso, card="CARD-4711", pin=pin) == person

    for _again in range(3):
        page.get_by_role("button", name="Block", exact=True).click()
        dialog.get_by_role("button", name="Block").click()
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_role("button", name="Block", exact=True)).to_be_visible()
    expect(page.get_by_text("Person added")).to_have_count(0)
    page.get_by_role("link", name="Show earlier").click()
    expect(page.get_by_text("Person added")).to_be_visible()
    assert is_narrow_enough()
    assert complaints == []
    context.close()
