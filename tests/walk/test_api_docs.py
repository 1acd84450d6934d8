"""The description of the API in a browser: drawn under the console's own policy, and tried out."""

from playwright.sync_api import expect

from printmgmt.organizations.models import Organization
from tests.browsing import Visitor
from tests.printmgmt.printing import equipment


def test_the_page_shows_the_endpoints_and_tries_one(visitor: Visitor, contoso: Organization) -> None:
    page = visitor.page
    hall = equipment.printer(equipment.print_server(contoso), "hall")
    _station, token = equipment.station(hall, "Entrance")
    page.goto(f"{visitor.url}/api/v1/docs/")
    expect(page.get_by_text("/api/v1/station/jobs/release/")).to_be_visible()

    page.get_by_role("button", name="Authorize").first.click()
    page.get_by_label("auth-bearer-value").fill(token)
    page.get_by_role("dialog").or_(page.locator(".modal-ux")).get_by_role(
        "button", name="Apply credentials"
    ).click()
    page.locator(".modal-ux").get_by_role("button", name="Close").first.click()
    page.get_by_role("button", name="get /api/v1/station/", exact=True).click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    expect(page.locator(".live-responses-table")).to_contain_text('"name": "Entrance"')
