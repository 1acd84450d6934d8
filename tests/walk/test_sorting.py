"""A list is sorted by mouse, by keyboard and on a phone, and stays so while it is searched."""

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from printmgmt.organizations.models import Administrator, Organization
from tests import factories
from tests.browsing import NARROW, WIDE, Visitor

NAMES = ["Ada", "Bob", "Eve", "Zoe"]


def names(page: Page) -> Locator:
    return page.locator("main tbody .person-name")


def test_headings_and_a_select_sort_and_the_search_keeps_it(
    visitor: Visitor, contoso: Organization, owner: Administrator, tmp_path: Path
) -> None:
    page = visitor.page
    for number, name in enumerate(NAMES):
        factories.person(contoso, display_name=name, user_name=f"{9 - number}@contoso.example")
    visitor.enter(owner.account)
    visitor.open_console(contoso, "people/")
    heading = page.get_by_role("columnheader", name="Person")
    expect(heading).to_have_attribute("aria-sort", "ascending")

    heading.get_by_role("link", name="Person").press("Enter")
    page.wait_for_url("**/people/?sort=-name")
    expect(heading).to_have_attribute("aria-sort", "descending")
    expect(heading.get_by_role("link", name="Person")).to_be_focused()
    expect(names(page)).to_have_text(NAMES[::-1])

    visitor.search("o")  # in the name of every organization's domain
    assert "sort=-name" in page.url
    expect(heading).to_have_attribute("aria-sort", "descending")
    heading.get_by_role("link", name="User name").click()
    page.wait_for_url("**sort=user_name*")
    visitor.settle()
    assert "q=o" in page.url
    expect(names(page)).to_have_text(NAMES[::-1])
    file = visitor.download("Export CSV", tmp_path).read_text("utf-8-sig").splitlines()
    assert [line.split("@")[0] for line in file[1:]] == ["6", "7", "8", "9"]

    page.set_viewport_size(NARROW)
    visitor.choose("Sort by", label="Person: Z to A")
    assert "sort=-name" in page.url
    assert "q=o" in page.url
    visitor.choose("Sort by", label="Person: A to Z")
    expect(heading).to_have_attribute("aria-sort", "ascending")
    expect(names(page)).to_have_text(NAMES)
    page.set_viewport_size(WIDE)
    expect(page.get_by_label("Sort by")).to_be_hidden()
    visitor.search("b")
    assert "q=b" in page.url
    assert "sort" not in page.url
    assert visitor.complaints == []
