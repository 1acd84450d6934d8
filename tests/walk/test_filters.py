"""Searching and filtering a list asks the server once for each change, and for nothing else."""

from playwright.sync_api import Request, expect

from printmgmt.organizations.models import Organization
from tests import many
from tests.browsing import Visitor

SETTLED = 600
"""Milliseconds in which a request that something set off has certainly begun."""


def test_a_list_is_asked_for_once_a_change_and_not_for_leaving_the_search_box(
    ada: Visitor, contoso: Organization
) -> None:
    many.people(contoso, range(3))
    ada.open_console(contoso, "people/")
    requests: list[Request] = []
    ada.page.on("request", lambda request: requests.append(request) if "q=" in request.url else None)

    ada.search("x")
    # Pressing a result leaves the box first: a list replaced just then would swallow the press.
    ada.page.get_by_role("searchbox", name="Search").blur()
    ada.page.wait_for_timeout(SETTLED)
    assert len(requests) == 1

    ada.choose("State", "suspended")
    assert "state=suspended" in ada.page.url
    ada.page.wait_for_timeout(SETTLED)
    assert len(requests) == 2


def test_a_search_says_what_it_found_and_is_there_again_on_the_way_back(
    ada: Visitor, contoso: Organization
) -> None:
    many.people(contoso, range(3))
    ada.open_console(contoso, "people/")
    announcements = ada.page.locator("#announcements")

    ada.search("nobody at all")
    expect(announcements).to_contain_text("No matches")
    ada.search("active2")
    expect(announcements).to_have_text("1–1 of 1")
    ada.page.locator("main tbody a").first.click()
    ada.follow("People")

    expect(ada.page.get_by_role("searchbox", name="Search")).to_have_value("active2")


def test_a_day_filters_a_list_too(ada: Visitor, contoso: Organization) -> None:
    many.audit_events(contoso, range(3))
    ada.open_console(contoso, "audit/")

    ada.page.get_by_label("From", exact=True).fill("2030-01-01")

    ada.page.wait_for_url("**since=2030-01-01*")
    ada.rows(0)
