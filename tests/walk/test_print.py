"""Printed, or saved as PDF: whose page it is, when it was read, rows with their times, nothing to press."""

import re
from collections.abc import Iterator

from django.test import Client
from playwright.sync_api import Page, expect

from printmgmt.organizations.models import Administrator, Organization
from tests.browsing import Visitor
from tests.walk.test_every_page import furnished, kind_of, reachable

__all__ = ["furnished"]

MOMENT = r"[A-Z][a-z]{2} \d{1,2}, \d{4}, \d\d:\d\d"
# On paper the second pseudo-element says what the text, which has no size there, does not.
PRINTED_TIMES = """() => [...document.querySelectorAll("main time.relative")].filter(t => t.offsetParent)
  .map(t => getComputedStyle(t).fontSize === "0px" ? getComputedStyle(t, "::after").content : t.innerText)"""
# A box that may not be broken goes to the next page whole, and leaves this one empty.
UNBROKEN = """() => { const found = [];
  for (let box = document.querySelector("main tbody tr, main .list-group-item"); box; box = box.parentElement)
    if (!box.matches("tr, li") && getComputedStyle(box).breakInside !== "auto") found.push(box.className);
  return found; }"""
CONTROLS = ".btn, .filters, .pagination, .console-sidebar, .page-pretitle, input[type=search]"


def lists(client: Client, start: str) -> Iterator[str]:
    """Addresses of the pages with filters above a list; of pages that differ in ids one."""
    found: dict[str, str] = {}
    for path, text in reachable(client, start):
        if 'class="filters"' in text:
            found.setdefault(kind_of(path), path)
    yield from found.values()


def faults_in_print(page: Page) -> list[str]:
    """What is wrong with the page as it would be printed now."""
    page.emulate_media(media="print")
    controls = page.locator(CONTROLS).locator("visible=true").count()
    unbroken = page.evaluate(UNBROKEN)
    times = [
        text for text in page.evaluate(PRINTED_TIMES) if not re.fullmatch(rf'"{MOMENT}:\d\d CES?T"', text)
    ]
    page.emulate_media(media="screen")
    return [f"{controls} controls"] * bool(controls) + [f"not broken: {unbroken}"] * bool(unbroken) + times


def test_every_list_is_printed_with_its_times_and_without_controls(
    furnished: Organization, owner: Administrator, ada: Visitor
) -> None:
    Organization.objects.filter(pk=furnished.pk).update(time_zone="Europe/Paris")
    client = Client()
    client.force_login(owner.account)
    paths = list(lists(client, f"/o/{furnished.slug}/"))
    assert len(paths) >= 8

    for path in paths:
        ada.page.goto(ada.url + path)
        assert faults_in_print(ada.page) == [], path


def test_print_says_whose_it_is_when_it_was_read_and_which_filters_were_on(
    furnished: Organization, ada: Visitor
) -> None:
    Organization.objects.filter(pk=furnished.pk).update(time_zone="Europe/Paris")
    ada.open_console(furnished, "people/")
    expect(ada.page.locator("#printed")).to_be_hidden()

    ada.search("hostile")  # htmx replaces the list alone
    ada.rows(5)
    ada.page.emulate_media(media="print")

    expect(ada.page.locator("#printed")).to_have_text(re.compile(rf"\s*Contoso\s+As of {MOMENT} CES?T\s*"))
    expect(ada.page.locator("#printed-filters li").first).to_have_text("Search: hostile")
    expect(ada.page.locator("#printed-filters")).to_contain_text("State: Not removed")
