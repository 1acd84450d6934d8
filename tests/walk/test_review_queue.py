"""The review queue: links approved, refused, asked again; a card that two should hold."""

import re

import pytest
from playwright.sync_api import expect

from addons.models import Installation
from addons.services import configure
from printmgmt.organizations.models import Organization
from printmgmt.organizations.roles import Role
from printmgmt.people.credentials import set_card
from printmgmt.people.identification import identify
from printmgmt.people.models import ReviewItem, ReviewState
from scim_sync.models import ScimUser
from tests import factories, many
from tests.browsing import Visitor
from tests.scim_sync.client import PRINTMGMT, Scim, op

TITLE = op("Add", "title", "Printer")
CARD = op("Add", f"{PRINTMGMT}:cardNumber", "CARD-4711")


@pytest.fixture
def installation(contoso: Organization) -> Installation:
    made = factories.installed(contoso)
    return configure(made, {"linking": "review"}, by=factories.TESTER)


def test_nothing_to_decide(ada: Visitor, contoso: Organization, installation: Installation) -> None:
    ada.open(factories.page_of(contoso, "scim_sync:review"))

    ada.sees("Nothing to review")


def test_links_are_approved_refused_asked_again_and_approved_all(
    ada: Visitor, contoso: Organization, installation: Installation
) -> None:
    azure = Scim.of(installation)
    for name in many.HOSTILE:
        person = factories.person(contoso, display_name=name)
        assert azure.patch(person.pk, TITLE).status == 409
    questions = ada.page.locator("main .list-group-item")
    ada.open_console(contoso)
    ada.follow("5 sync decisions need review", exact=False)
    expect(questions).to_have_count(5)
    ada.check_width()

    questions.first.get_by_role("button", name="Link").click()
    ada.confirm("Link")
    ada.sees("is linked")
    questions.first.get_by_role("button", name="Don't sync").click()
    ada.cancel()
    expect(questions).to_have_count(4)
    questions.first.get_by_role("button", name="Don't sync").click()
    ada.confirm("Don't sync")
    ada.sees("=1+3 will not be synced.")
    expect(questions).to_have_count(3)
    ada.press("Undo")
    ada.sees("The question is open again.")
    ada.press("Approve all 4 links")
    ada.confirm("Approve all")
    ada.sees("4 people are linked.")
    ada.sees("Nothing to review")
    assert ScimUser.objects.filter(installation=installation).count() == 5

    ada.open(factories.page_of(contoso, "scim_sync:review") + "?state=approved")
    expect(questions).to_have_count(5)
    ada.check_width()
    ada.choose("Question", "card-held")
    ada.sees("No matches")


def test_a_card_is_given_to_whom_the_directory_says(
    ada: Visitor, contoso: Organization, installation: Installation
) -> None:
    azure = Scim.of(installation)
    holder = factories.person(contoso, "holder@contoso.example", display_name=many.HOSTILE[0])
    set_card(holder, "CARD-4711", by=factories.TESTER)
    wanted = azure.create("alice@contoso.example", displayName="Alice Adams").id
    azure.patch(wanted, CARD)

    ada.open(factories.page_of(contoso, "scim_sync:review"))
    ada.sees("but someone else has it:")
    ada.press("Move to this person")
    dialog = ada.page.get_by_role("dialog")
    expect(dialog).to_contain_text(re.compile(r"stops working for <script>alert\(1\)</script> immediately"))
    ada.confirm("Move card")
    ada.sees("Alice Adams has the card now.")

    found = identify(contoso, card="CARD-4711")
    assert found is not None
    assert str(found.pk) == wanted
    assert ReviewItem.objects.get().state == ReviewState.APPROVED


def test_an_auditor_sees_the_questions_and_decides_none(
    visitor: Visitor, contoso: Organization, installation: Installation
) -> None:
    many.questions(installation, many.people(contoso, range(3)))
    visitor.enter(factories.administrator(contoso, Role.AUDITOR).account)

    visitor.open(factories.page_of(contoso, "scim_sync:review"))

    expect(visitor.page.locator("main .list-group-item")).to_have_count(6)
    expect(visitor.page.locator("main").get_by_role("button")).to_have_count(0)
