"""Questions that the world answered: closed with a note, by themselves or when someone presses a button."""

import csv
import io

import pytest
from django.test import Client

from addons.models import Installation
from addons.services import configure
from printmgmt.audit.models import AuditEvent
from printmgmt.deprovisioning import services as leaving
from printmgmt.organizations.models import Organization
from printmgmt.people.credentials import set_card
from printmgmt.people.models import PrintUser, ReviewAnswer, ReviewItem, ReviewState
from printmgmt.people.revocations import revoke_credential
from scim_sync.models import ScimUser
from scim_sync.monitoring.periodic import maintain
from tests import factories
from tests.factories import TESTER
from tests.scim_sync.client import PRINTMGMT, Scim, op
from tests.scim_sync.console.conftest import Page, Post, address

TITLE = op("Add", "title", "Printer")
CARD = op("Add", f"{PRINTMGMT}:cardNumber", "CARD-4711")
FREE = "Nobody has the card any more. Provision the person on demand in the directory"


@pytest.fixture
def wanted(scim: Scim, alice: PrintUser, bob: PrintUser) -> ReviewItem:
    """The directory gives Alice a card that Bob holds."""
    set_card(bob, "CARD-4711", by=TESTER)
    scim.patch(alice.pk, CARD)
    return ReviewItem.objects.get()


@pytest.fixture
def proposed(scim: Scim, bob: PrintUser, installation: Installation) -> ReviewItem:
    """The directory wants to keep Bob, and waits for an administrator."""
    configure(installation, {"linking": "review"}, by=TESTER)
    assert scim.patch(bob.pk, TITLE).status == 409
    return ReviewItem.objects.get()


def outcome(item: ReviewItem) -> tuple[str, str]:
    item.refresh_from_db()
    return item.state, item.answer


def test_a_card_revoked_meanwhile_leaves_the_queue_with_a_note(
    page: Page, wanted: ReviewItem, bob: PrintUser
) -> None:
    revoke_credential(bob, bob.credentials.get().pk, by=TESTER)

    assert "Nothing to review" in page("scim_sync:review")
    html = page("scim_sync:review", {"state": "closed"})
    assert "alice@contoso.com" in html
    assert FREE in html
    assert "Move card" not in html


@pytest.mark.parametrize("button", ["review_card_moves", "review_card_stays"])
@pytest.mark.parametrize("how", ["revoked", "suspended"])
def test_a_button_of_an_older_page_says_what_answered_the_question(
    post: Post, wanted: ReviewItem, alice: PrintUser, bob: PrintUser, button: str, how: str
) -> None:
    if how == "revoked":
        revoke_credential(bob, bob.credentials.get().pk, by=TESTER)
    else:
        leaving.suspend(bob, by=TESTER)
    before = AuditEvent.objects.count()

    html = post(f"scim_sync:{button}", item=wanted.pk)

    assert f"No changes were made. {FREE}" in html
    assert outcome(wanted) == (ReviewState.CLOSED, ReviewAnswer.CARD_FREE)
    assert not alice.credentials.exists()
    assert AuditEvent.objects.count() == before


def test_the_directory_gives_the_free_card_by_its_next_word(
    scim: Scim, wanted: ReviewItem, alice: PrintUser, bob: PrintUser
) -> None:
    revoke_credential(bob, bob.credentials.get().pk, by=TESTER)

    scim.patch(alice.pk, CARD)

    assert alice.credentials.filter(last4="4711", revoked_at__isnull=True).count() == 1
    assert ReviewItem.objects.count() == 1


def test_a_card_for_somebody_suspended_waits_and_says_why(
    post: Post, wanted: ReviewItem, alice: PrintUser, bob: PrintUser
) -> None:
    leaving.suspend(alice, by=TESTER)

    html = post("scim_sync:review_card_moves", item=wanted.pk)

    assert "Alice Adams is suspended." in html
    assert outcome(wanted) == (ReviewState.OPEN, "")
    assert bob.credentials.filter(revoked_at__isnull=True).count() == 1


def test_a_closed_question_says_who_held_the_card_not_who_holds_it(
    page: Page, wanted: ReviewItem, bob: PrintUser
) -> None:
    assert "but someone else has it:" in page("scim_sync:review")
    revoke_credential(bob, bob.credentials.get().pk, by=TESTER)

    html = page("scim_sync:review", {"state": "closed"})

    assert "but someone else had it:" in html
    assert "but someone else has it:" not in html


def test_what_nobody_looks_at_is_closed_by_the_sweep(wanted: ReviewItem, bob: PrintUser) -> None:
    leaving.suspend(bob, by=TESTER)
    assert outcome(wanted) == (ReviewState.OPEN, "")

    maintain()

    assert outcome(wanted) == (ReviewState.CLOSED, ReviewAnswer.CARD_FREE)


def test_the_sweep_leaves_what_is_still_a_question(wanted: ReviewItem) -> None:
    maintain()

    assert outcome(wanted) == (ReviewState.OPEN, "")


def test_a_link_that_the_directory_made_itself_is_no_question(
    scim: Scim, bob: PrintUser, proposed: ReviewItem, installation: Installation
) -> None:
    configure(installation, {"linking": "link"}, by=TESTER)

    assert scim.patch(bob.pk, TITLE).status == 200

    assert outcome(proposed) == (ReviewState.CLOSED, ReviewAnswer.LINKED)


@pytest.mark.parametrize("button", ["review_approve", "review_refuse"])
def test_a_link_of_somebody_removed_is_closed_and_not_made(
    post: Post, bob: PrintUser, proposed: ReviewItem, button: str
) -> None:
    leaving.remove(bob, by=TESTER)

    html = post(f"scim_sync:{button}", item=proposed.pk)

    assert "The person was removed in the meantime." in html
    assert outcome(proposed) == (ReviewState.CLOSED, ReviewAnswer.LEFT)
    assert not ScimUser.objects.exists()


def test_somebody_who_came_back_is_asked_about_again(
    scim: Scim, bob: PrintUser, proposed: ReviewItem
) -> None:
    leaving.remove(bob, by=TESTER)
    leaving.restore(bob, by=TESTER)

    assert scim.patch(bob.pk, TITLE).status == 409

    assert ReviewItem.objects.filter(state=ReviewState.OPEN, person=bob).count() == 1


def test_a_refusal_about_somebody_removed_is_not_taken_back(
    post: Post, bob: PrintUser, proposed: ReviewItem
) -> None:
    post("scim_sync:review_refuse", item=proposed.pk)
    leaving.remove(bob, by=TESTER)

    html = post("scim_sync:review_ask_again", item=proposed.pk)

    assert "No changes were made. The person was removed in the meantime." in html
    assert outcome(proposed) == (ReviewState.REFUSED, "")


def test_a_decided_question_says_who_decided_and_how(
    post: Post, contoso: Organization, proposed: ReviewItem
) -> None:
    post("scim_sync:review_refuse", item=proposed.pk)
    who = contoso.administrators.latest("pk").account.email

    html = post("scim_sync:review_refuse", item=proposed.pk)

    assert f"No changes were made. {who} has already decided this: Rejected." in html


def test_the_file_says_why_a_question_was_closed(
    client: Client, contoso: Organization, wanted: ReviewItem, bob: PrintUser
) -> None:
    revoke_credential(bob, bob.credentials.get().pk, by=TESTER)
    url = address(contoso, "scim_sync:review")

    answer = client.get(url, {"state": "closed", "export": "csv"})

    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["State"] == "Closed"
    assert row["Reason for closing"].startswith("Nobody has the card any more.")


def test_a_question_of_another_organization_is_not_closed(
    client: Client, contoso: Organization, installation: Installation, fabrikam: Organization
) -> None:
    theirs = ReviewItem.objects.create(
        organization=fabrikam,
        kind="card-held",
        key="x",
        source=factories.installed(fabrikam).source,
        person=factories.person(fabrikam),
        details={"last4": "4711", "holder": ""},
    )

    answer = client.post(address(contoso, "scim_sync:review_card_stays", item=theirs.pk))

    assert answer.status_code == 404
    assert outcome(theirs) == (ReviewState.OPEN, "")
