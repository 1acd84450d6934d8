"""Secure release is set up from a printer's page, resumed behind our back, stopped again and ended."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, expect

from demo.cupsd import PrivateCups
from printmgmt.printing.models import Printer, PrinterState
from printmgmt.printing.secure_release.checking import check_release_queues
from tests import factories
from tests.browsing import FITS, answers_search, comes_true
from tests.conftest import Server
from tests.printmgmt.printing import equipment

LONG = "a-very-long-name-of-a-printer-without-any-space-in-it-on-the-second-floor"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_secure_release_from_setting_up_to_ending(
    server: Server, browser: Browser, own_cups: PrivateCups, width: int, scheme: str
) -> None:
    contoso = factories.organization("Contoso")
    print_server = equipment.operated(contoso, own_cups)
    for name in ("follow-me", "hall", LONG):
        own_cups.add_queue(name)
        equipment.printer(print_server, name, state=PrinterState.IDLE, location="Ground floor")
    queue = Printer.objects.get(name="follow-me")
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

    page.goto(f"/o/{contoso.slug}/printers/{queue.pk}/")
    page.get_by_role("link", name="Secure release").click()
    expect(page.get_by_role("link", name="Set up secure release")).to_be_visible()
    assert is_fine()
    page.get_by_role("link", name="Set up secure release").click()
    expect(page.get_by_text("What will happen")).to_be_visible()
    page.get_by_role("button", name="Stop the queue and set it up").click()
    expect(page.get_by_text("Choose at least one printer")).to_be_visible()
    assert is_fine()
    page.get_by_label("hall").check()
    with page.expect_response(answers_search("second")):
        page.get_by_role("searchbox", name="Search").fill("second")
    expect(page.get_by_label("hall")).to_be_checked()
    page.get_by_label(LONG).check()
    assert is_fine()
    page.get_by_role("button", name="Stop the queue and set it up").click()

    expect(page.get_by_text("Secure release is set up at follow-me.")).to_be_visible()
    expect(page.get_by_text("The print server was not tested for who can move jobs out of")).to_be_visible()
    assert is_fine()
    assert set(queue.devices.values_list("name", flat=True)) == {"hall", LONG}

    Printer.objects.filter(pk=queue.pk).update(state=PrinterState.IDLE)
    own_cups.operate("Resume-Printer", queue="follow-me")
    check_release_queues(queue.server)
    page.goto(f"/o/{contoso.slug}/")
    page.get_by_role("link", name="follow-me: Someone resumed the queue").click()
    expect(page.get_by_role("alert")).to_contain_text("Someone resumed the queue")
    assert is_fine()
    page.get_by_role("button", name="Stop it again").click()
    expect(page.get_by_text("follow-me is stopped.")).to_be_visible()

    own_cups.submit("follow-me", "ada")
    page.get_by_role("link", name="End secure release").click()
    expect(page.get_by_role("button", name="End secure release")).to_be_visible()
    assert is_fine()
    page.get_by_role("button", name="End secure release").click()
    expect(page.get_by_text("Secure release at follow-me ended. 1 job was held.")).to_be_visible()
    assert complaints == []
    context.close()
