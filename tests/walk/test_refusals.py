"""What a visitor reads where the door is closed: not found, not allowed, too many guesses, an old form."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, expect

from printmgmt.organizations.models import Administrator, Organization
from printmgmt.organizations.roles import Role
from tests import factories, many
from tests.browsing import Visitor


@pytest.fixture
def _few_guesses_before(contoso: Organization) -> Iterator[None]:
    """The sign-in page counts by address, and every browser of the tests has the same one."""
    cache.clear()
    yield
    cache.clear()


@pytest.mark.parametrize("path", ["no/such/page/", f"people/{many.HOSTILE[0]}/", "people/00000000/"])
def test_a_page_that_is_not_there_leads_back(ada: Visitor, contoso: Organization, path: str) -> None:
    answer = ada.page.goto(f"{ada.url}/o/{contoso.slug}/{path}")

    assert answer is not None
    assert answer.status == 404
    ada.complaints.clear()  # the browser calls 404 an error
    ada.check_width()
    ada.follow("Back to the console")
    expect(ada.page.get_by_role("heading", level=1)).to_have_text("Dashboard")


def test_a_page_of_another_role_says_who_can_help(visitor: Visitor, contoso: Organization) -> None:
    visitor.enter(factories.administrator(contoso, Role.HELPDESK).account)
    answer = visitor.page.goto(f"{visitor.url}/o/{contoso.slug}/settings/")

    assert answer is not None
    assert answer.status == 403
    visitor.complaints.clear()  # the browser calls 403 an error
    visitor.sees("An owner can change your role.")
    visitor.check_width()


@pytest.mark.usefixtures("_few_guesses_before")
def test_guessing_a_password_is_stopped_in_words(visitor: Visitor, owner: Administrator) -> None:
    for number in range(6):
        visitor.sign_in(owner.account.email, f"wrong {number} {many.HOSTILE[0]}")
    visitor.sees("Too many failed login attempts")
    visitor.check_width()

    visitor.sign_in(owner.account.email, factories.PASSWORD)
    visitor.sees("Too many failed login attempts")


def test_a_list_left_open_over_a_sign_out_leads_to_the_sign_in_page(
    ada: Visitor, contoso: Organization, browser: Browser
) -> None:
    many.people(contoso, range(3))
    ada.open_console(contoso, "people/")
    ada.page.context.clear_cookies()

    ada.page.get_by_role("searchbox", name="Search").fill("x")

    expect(ada.page.get_by_role("heading", level=1)).to_have_text("Sign in")
