"""A station in a browser: added, connected, used with a card reader, by finger, by keyboard, in the dark."""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

from demo.cupsd import STUCK_DEVICE, PrivateCups
from printmgmt.deprovisioning import services as leaving
from printmgmt.organizations.models import Organization
from printmgmt.people.credentials import set_card, set_pin
from printmgmt.people.models import PrintUser
from printmgmt.printing.models import Printer, PrintJob
from tests import factories, many
from tests.browsing import FITS, Visitor, comes_true, settle
from tests.factories import TESTER
from tests.printmgmt.printing import equipment

CARD, OTHER_CARD, PIN = "04CAFE02", "04CAFE03", "271828"
TABLET, PHONE = ViewportSize(width=1280, height=800), ViewportSize(width=390, height=800)
EVERYTHING = {"resultTypes": ["violations"]}
MINUTE = 60_000
LEEWAY = 25_000
"""The browser's clock goes on between two jumps, too, on a busy machine for seconds."""


@pytest.fixture
def hall(contoso: Organization, cups: PrivateCups) -> Printer:
    cups.add_queue("hall", device=STUCK_DEVICE)
    return equipment.printer(equipment.operated(contoso, cups), "hall", location="Ground floor")


@pytest.fixture
def ada_winter(contoso: Organization) -> PrintUser:
    person = factories.person(contoso, "ada@contoso.example", display_name="Ada Winter")
    set_card(person, CARD, by=TESTER)
    set_pin(person, PIN, by=TESTER)
    return person


@pytest.fixture
def bob(contoso: Organization) -> PrintUser:
    person = factories.person(contoso, "bob@contoso.example", display_name="Bob Summer")
    set_card(person, OTHER_CARD, by=TESTER)
    return person


@pytest.fixture
def screen(visitor: Visitor, hall: Printer) -> Page:
    """The station's first screen, connected."""
    _station, token = equipment.station(hall, "Entrance hall")
    connect(visitor, token)
    return visitor.page


def connect(visitor: Visitor, token: str) -> None:
    visitor.page.goto(f"{visitor.url}/station/")
    visitor.page.get_by_label("Token").fill(token)
    visitor.page.get_by_role("button", name="Connect").click()
    expect(visitor.page.get_by_role("heading", name="Show your card")).to_be_visible()


def read_card(page: Page, number: str) -> None:
    """What a reader does: types, wherever the focus is, and presses Enter."""
    settle(page)
    page.keyboard.type(number)
    page.keyboard.press("Enter")


def check_screen(page: Page, name: str) -> None:
    """It fits and axe finds nothing, on tablet and phone, light and dark."""
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
        for size in (TABLET, PHONE):
            page.set_viewport_size(size)
            assert comes_true(page, FITS)
        found = Axe().run(page, options=EVERYTHING).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == [], name
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(TABLET)


def test_a_station_is_added_connected_and_prints_what_a_card_releases(
    ada: Visitor,
    contoso: Organization,
    cups: PrivateCups,
    hall: Printer,
    ada_winter: PrintUser,
    context: BrowserContext,
) -> None:
    job = equipment.seen_job(cups, hall, cups.submit("hall", "ada", hold="indefinite"), ada_winter)
    left = equipment.seen_job(cups, hall, cups.submit("hall", "ada", hold="indefinite"), ada_winter)
    PrintJob.objects.update(title="Letter")
    PrintJob.objects.filter(pk=left.pk).update(title="Slides")
    ada.open_console(contoso, "stations/")
    ada.follow("Add station")
    ada.check_width()
    ada.search("ground")
    ada.page.get_by_role("radio", name="hall").check()
    ada.page.get_by_label("Name").fill("Entrance hall")
    ada.press("Add station")
    ada.sees("Shown only once")
    ada.check_width()
    assert Axe().run(ada.page, options=EVERYTHING).response["violations"] == []
    token = ada.page.get_by_label("Token", exact=True).input_value()
    ada.follow("Done")
    ada.sees("Never connected")
    connect(ada, token)
    assert token not in ada.page.content()
    page = ada.page
    for cookie in context.cookies(f"{ada.url}/station/"):
        if cookie["name"] == "printmgmt_station":
            assert cookie["httpOnly"]
            assert cookie["sameSite"] == "Strict"

    read_card(page, CARD)
    expect(page.get_by_role("heading", name="Jobs of Ada Winter")).to_be_visible()
    page.get_by_role("button", name="Print Letter").click()
    expect(page.get_by_text("Printing 1 job.")).to_be_visible()
    expect(page.get_by_role("button", name="Print Letter")).to_have_count(0)
    assert cups.job(job.remote_id)["job-state"] in (3, 5, 9)
    assert cups.job(left.remote_id)["job-state"] == 4

    leaving.suspend(ada_winter, by=TESTER)
    page.get_by_role("button", name="Print Slides").click()
    expect(page.get_by_text("Your session has ended")).to_be_visible()
    read_card(page, CARD)
    expect(page.get_by_text("Not recognized")).to_be_visible()
    assert cups.job(left.remote_id)["job-state"] == 4


def test_another_card_switches_the_person_and_a_minute_without_a_touch_ends_the_visit(
    screen: Page, hall: Printer, ada_winter: PrintUser, bob: PrintUser
) -> None:
    equipment.print_job(hall, ada_winter, title="Ada's letter")
    equipment.print_job(hall, bob, title="Bob's plan")
    screen.clock.install()
    screen.reload()
    screen.locator("h1").click()  # the focus is nowhere
    read_card(screen, CARD)
    expect(screen.get_by_text("Ada's letter")).to_be_visible()

    read_card(screen, OTHER_CARD)
    expect(screen.get_by_role("heading", name="Jobs of Bob Summer")).to_be_visible()
    expect(screen.get_by_text("Ada's letter")).to_have_count(0)

    screen.clock.fast_forward(MINUTE - LEEWAY)
    screen.mouse.click(5, 400)
    screen.clock.fast_forward(MINUTE - LEEWAY)
    expect(screen.get_by_text("Bob's plan")).to_be_visible()
    screen.clock.fast_forward(LEEWAY)
    expect(screen.get_by_role("heading", name="Show your card")).to_be_visible()
    screen.go_back()
    expect(screen.get_by_text("Bob's plan")).to_have_count(0)


def test_every_screen_fits_and_is_accessible_with_hostile_names_and_sixty_jobs(
    visitor: Visitor, hall: Printer, ada_winter: PrintUser
) -> None:
    long = "x" * 200
    Printer.objects.filter(pk=hall.pk).update(location=f"{long} {many.HOSTILE[2]}")
    PrintUser.objects.filter(pk=ada_winter.pk).update(display_name=long)
    far = equipment.printer(equipment.print_server(hall.organization), "annex", location="Second floor")
    for number in range(60):
        title = many.HOSTILE[number % len(many.HOSTILE)]
        equipment.print_job(far if number % 7 == 0 else hall, ada_winter, title=title, sheets=number)
    page = visitor.page
    page.goto(f"{visitor.url}/station/")
    check_screen(page, "connect")
    _station, token = equipment.station(hall, f"{long[:150]} {many.HOSTILE[2]}")
    connect(visitor, token)
    check_screen(page, "start")
    page.get_by_role("link", name="No card?").click()
    check_screen(page, "pin")
    page.get_by_label("User name").fill("ada@contoso.example")
    page.get_by_label("PIN").fill("1")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Not recognized")).to_be_visible()
    check_screen(page, "refused")
    page.get_by_label("User name").fill("ada@contoso.example")
    page.get_by_label("PIN").fill(PIN)
    page.keyboard.press("Enter")
    expect(page.get_by_text("There are more jobs")).to_be_visible()
    check_screen(page, "jobs")
    page.get_by_role("button", name="Delete all").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Delete all jobs?")
    check_screen(page, "delete-all")
    dialog.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_role("heading", name="Show your card")).to_be_visible()


def test_without_a_mouse(screen: Page, hall: Printer, ada_winter: PrintUser) -> None:
    equipment.print_job(hall, ada_winter, title="Letter")

    expect(screen.get_by_label("Card")).to_be_focused()
    read_card(screen, CARD)
    expect(screen.get_by_role("heading", name="Jobs of Ada Winter")).to_be_visible()
    reached: list[str] = []
    for _press in range(12):
        screen.keyboard.press("Tab")
        focused = screen.locator(":focus")
        name = focused.evaluate("e => (e.ariaLabel || e.innerText || e.id).trim()") if focused.count() else ""
        reached.append(name)
    for name in ("Done", "Français", "Print all", "Delete all", "Print Letter", "Delete Letter", "card"):
        assert name in reached


def test_the_language_is_chosen_for_one_person(screen: Page, ada_winter: PrintUser) -> None:
    screen.get_by_role("button", name="Français").click()
    expect(screen.locator("html")).to_have_attribute("lang", "fr")
    read_card(screen, CARD)
    expect(screen.locator("html")).to_have_attribute("lang", "fr")
    screen.locator("form[action$='/end/'] button").click()
    expect(screen.locator("html")).to_have_attribute("lang", "en")


def test_a_server_that_is_away_is_said_and_the_screen_stays_usable(
    visitor: Visitor, screen: Page, ada_winter: PrintUser
) -> None:
    screen.route("**/healthz", lambda route: route.abort())
    read_card(screen, CARD)
    expect(screen.get_by_text("cannot reach print management")).to_be_visible()
    check_screen(screen, "offline")

    screen.unroute("**/healthz")
    screen.get_by_role("button", name="Show my jobs").click()
    expect(screen.get_by_role("heading", name="Jobs of Ada Winter")).to_be_visible()
    visitor.complaints[:] = [each for each in visitor.complaints if "ERR_FAILED" not in each]


def test_a_failed_page_leads_back_by_itself(visitor: Visitor, screen: Page) -> None:
    screen.clock.install()
    answer: Any = screen.goto(f"{visitor.url}/station/nothing/")
    assert answer.status == 404
    expect(screen.get_by_role("heading", name="One moment")).to_be_visible()
    check_screen(screen, "failure")

    screen.clock.fast_forward(11_000)
    expect(screen.get_by_role("heading", name="Show your card")).to_be_visible()
    visitor.complaints[:] = [each for each in visitor.complaints if not re.search("404", each)]
