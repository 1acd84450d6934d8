"""The provisioning log: paged, searched and filtered in its address, one event read to its end."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from addons.models import Installation
from printmgmt.organizations.models import Organization
from scim_sync.credentials.tokens import mint_first_token
from tests import factories, many
from tests.browsing import NARROW, Visitor
from tests.scim_sync.client import DISABLE, PRINTMGMT, Scim, op


@pytest.fixture
def installation(contoso: Organization) -> Installation:
    return factories.installed(contoso)


def test_an_empty_log_says_what_will_be_there(
    ada: Visitor, contoso: Organization, installation: Installation
) -> None:
    ada.open(factories.page_of(contoso, "scim_sync:log"))

    ada.sees("No changes yet")


def test_the_log_is_paged_filtered_and_taken_along(
    ada: Visitor, contoso: Organization, installation: Installation, tmp_path: Path
) -> None:
    mint_first_token(installation, by=factories.TESTER)
    many.provisioning_events(installation, many.people(contoso, range(60)))
    ada.open(factories.page_of(contoso, "scim_sync:log"))
    ada.rows(50)
    newest = ada.table.first.inner_text()
    ada.follow("Older")
    ada.page.wait_for_url("**before=*")
    ada.check_width()
    ada.follow("Older")
    ada.rows(20)
    ada.follow("Newer")
    ada.rows(50)
    ada.follow("Newer")
    expect(ada.table.first).to_have_text(re.compile(re.escape(newest.split()[0])))

    ada.choose("Result", "refused")
    assert "result=refused" in ada.page.url
    assert "before=" not in ada.page.url
    ada.choose("Code", "409")
    assert "code=409" in ada.page.url
    ada.page.reload()
    expect(ada.page.get_by_label("Result", exact=True)).to_have_value("refused")
    with ada.download("Export CSV", tmp_path).open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    assert len(lines) == 1 + 60
    assert {line[lines[0].index("Result")] for line in lines[1:]} == {"Rejected"}

    ada.search("nobody at all")
    ada.sees("No matches")
    ada.follow("Clear search and filters")
    ada.rows(50)


def test_a_phone_shows_how_each_call_ended_without_scrolling_sideways(
    ada: Visitor, contoso: Organization, installation: Installation
) -> None:
    mint_first_token(installation, by=factories.TESTER)
    many.provisioning_events(installation, many.people(contoso, range(5)))
    ada.page.set_viewport_size(NARROW)

    ada.page.goto(ada.url + factories.page_of(contoso, "scim_sync:log"))

    ada.rows(10)
    for row in ada.table.all():
        for text in (row.get_by_text("Update"), row.locator(".status")):
            expect(text.locator("visible=true")).to_have_count(1)
    scrolls = "[...document.querySelectorAll('.table-responsive')].some(e => e.scrollWidth > e.clientWidth)"
    assert not ada.page.evaluate(scrolls)


def test_a_refused_path_that_is_one_long_word_widens_no_page(
    ada: Visitor, contoso: Organization, installation: Installation
) -> None:
    azure = Scim.of(installation)
    alice = azure.create("alice@contoso.example").id
    assert azure.patch(alice, op("Replace", f"{PRINTMGMT}.pin", "4711")).error == (400, "invalidPath")

    for page in (f"/o/{contoso.slug}/", factories.page_of(contoso, "addons:details")):
        ada.open(page)
        ada.sees("The newest,")


def test_a_refusal_is_read_from_the_log_to_its_remedy(
    ada: Visitor, contoso: Organization, installation: Installation
) -> None:
    azure = Scim.of(installation)
    created = azure.create("alice@contoso.example", displayName=many.HOSTILE[0])
    azure.create("alice@contoso.example", displayName=many.HOSTILE[-1])

    ada.open(factories.page_of(contoso, "scim_sync:log") + "?result=refused")
    ada.table.first.get_by_role("link").first.click()
    ada.sees("Another synced person already has this user name.")
    ada.sees("What to do")
    ada.sees('"scimType": "uniqueness"')
    ada.check_width()
    ada.follow("Provisioning log")
    ada.rows(1)  # as it was filtered
    assert created.status == 201


def test_an_event_shows_old_and_new_and_leads_to_what_followed(
    ada: Visitor, contoso: Organization, installation: Installation
) -> None:
    azure = Scim.of(installation)
    person = azure.create("alice@contoso.example", displayName=many.HOSTILE[0]).id
    azure.patch(person, op("Replace", "displayName", many.HOSTILE[-1]), op("Add", "colour", many.HOSTILE[1]))
    azure.patch(person, op("Add", f"{PRINTMGMT}:pin", "13795"))
    azure.patch(person, DISABLE)

    ada.open(factories.page_of(contoso, "scim_sync:log") + "?action=suspend")
    ada.table.first.get_by_role("link").first.click()
    ada.follow("What followed")
    ada.sees("Follow-up steps")
    ada.open(factories.page_of(contoso, "scim_sync:log") + "?action=update")
    ada.rows(2)
    ada.table.nth(1).get_by_role("link").first.click()
    expect(ada.page.locator("del")).to_have_text(many.HOSTILE[0])
    expect(ada.page.locator("ins")).to_have_text(many.HOSTILE[-1])
    ada.sees("Ignored: not stored here")
    ada.check_width()
    ada.page.go_back()
    ada.table.first.get_by_role("link").first.click()
    ada.sees("•••")
    assert "13795" not in ada.page.content()
    ada.follow("View person")
    expect(ada.page.get_by_role("heading", level=1)).to_have_text(many.HOSTILE[-1])
