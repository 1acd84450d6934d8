"""The review queue: links to approve or refuse, cards to leave or give."""

from dataclasses import replace

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from addons.disposition import Disposition
from addons.models import Installation
from addons.services import configure, uninstall
from printmgmt.audit.models import AuditEvent
from printmgmt.deprovisioning.models import Trigger
from printmgmt.organizations.models import Organization
from printmgmt.people.credentials import set_card
from printmgmt.people.identification import identify
from printmgmt.people.models import PrintUser, ReviewAnswer, ReviewItem, ReviewKind, ReviewState
from scim_sync.models import ProvisioningEvent, ScimUser
from tests import factories
from tests.scim_sync.client import DISABLE, PRINTMGMT, Scim, op
from tests.scim_sync.console.conftest import Page, Post, address

TITLE = op("Add", "title", "Printer")
CARD = op("Add", f"{PRINTMGMT}:cardNumber", "CARD-4711")


@pytest.fixture
def proposed(scim: Scim, bob: PrintUser, installation: Installation) -> ReviewItem:
    """Azure's write to Bob waits for an administrator."""
    configure(installation, {"linking": "review"}, by=factories.TESTER)
    assert scim.patch(bob.pk, TITLE).status == 409
    return ReviewItem.objects.get()


def test_an_empty_queue_says_what_will_be_there(page: Page) -> None:
    assert "Nothing to review" in page("scim_sync:review")


def test_when_all_is_decided_the_decided_ones_can_be_chosen(page: Page, proposed: ReviewItem) -> None:
    ReviewItem.objects.update(state=ReviewState.REFUSED)

    html = page("scim_sync:review")

    assert "Nothing to review" in html
    assert f'<option value="{ReviewState.REFUSED}"' in html


def test_both_sides_stand_beside_each_other_with_the_call(
    page: Page, scim: Scim, bob: PrintUser, proposed: ReviewItem
) -> None:
    secret = {PRINTMGMT: {"pin": "13795", "cardNumber": "CARD-4711"}}
    mail = [{"type": "work", "value": "bobby@contoso.com"}]
    scim.create("BOB@contoso.com", displayName="Bobby", externalId="b-1", emails=mail, **secret)
    scim.patch(bob.pk, DISABLE)  # what was said stays

    html = page("scim_sync:review")

    assert ReviewItem.objects.get().details["proposed"] == {
        "user_name": "BOB@contoso.com",
        "display_name": "Bobby",
        "work_email": "bobby@contoso.com",
        "external_id": "b-1",
    }
    for value in ("Bob Brown", "Bobby", "bob@contoso.com", "BOB@contoso.com", "bobby@contoso.com", "b-1"):
        assert f"<bdi>{value}</bdi>" in html
    event = ProvisioningEvent.objects.get(method="PATCH")  # the newest call, counted with the first
    assert f'/log/{event.pk}/">Request</a>' in html
    assert event.person == bob


@pytest.mark.parametrize(
    ("operation", "values"),
    [
        (op("Replace", "displayName", "Bobby"), {"display_name": "Bobby"}),
        (op("Add", 'emails[type eq "work"].value', "b@contoso.com"), {"work_email": "b@contoso.com"}),
        (op("Add", "", {"externalId": "b-1", "userName": "B"}), {"external_id": "b-1", "user_name": "B"}),
        (op("Add", f"{PRINTMGMT}:pin", "13795"), {}),
        (op("Nonsense", "displayName", "Bobby"), {}),
    ],
)
def test_of_a_patch_is_kept_what_it_says(
    scim: Scim, bob: PrintUser, proposed: ReviewItem, operation: dict[str, object], values: dict[str, str]
) -> None:
    assert scim.patch(bob.pk, operation).status == 409

    assert ReviewItem.objects.get().details["proposed"] == values


def test_an_approved_link_lets_the_next_write_through(
    page: Page, post: Post, scim: Scim, bob: PrintUser, proposed: ReviewItem, installation: Installation
) -> None:
    assert "bob@contoso.com" in page("scim_sync:review")
    version = bob.version

    html = post("scim_sync:review_approve", item=proposed.pk)

    assert "Bob Brown is linked" in html
    bob.refresh_from_db()
    assert (bob.source, bob.version) == (installation.source, version + 1)
    assert ScimUser.objects.filter(installation=installation, person=bob).exists()
    assert AuditEvent.objects.filter(verb="person.linked", object_id=bob.pk, actor_kind="account").exists()
    assert scim.patch(bob.pk, TITLE).status == 200
    proposed.refresh_from_db()
    assert proposed.state == ReviewState.APPROVED
    assert proposed.decided_by is not None


def test_a_refused_link_is_not_asked_about_again(
    post: Post, scim: Scim, bob: PrintUser, proposed: ReviewItem
) -> None:
    html = post("scim_sync:review_refuse", item=proposed.pk)

    assert "Undo" in html
    assert scim.patch(bob.pk, TITLE).status == 409
    assert ReviewItem.objects.get().state == ReviewState.REFUSED


def test_a_refusal_can_be_taken_back_or_turned_into_a_link(
    page: Page, post: Post, bob: PrintUser, proposed: ReviewItem
) -> None:
    post("scim_sync:review_refuse", item=proposed.pk)
    post("scim_sync:review_ask_again", item=proposed.pk)
    assert "bob@contoso.com" in page("scim_sync:review")
    post("scim_sync:review_refuse", item=proposed.pk)

    assert "bob@contoso.com" in page("scim_sync:review", {"state": "refused"})
    post("scim_sync:review_approve", item=proposed.pk)

    assert ScimUser.objects.filter(person=bob).exists()


def test_what_was_decided_in_the_meantime_is_shown(post: Post, proposed: ReviewItem) -> None:
    post("scim_sync:review_approve", item=proposed.pk)

    assert "has already decided this: Approved." in post("scim_sync:review_refuse", item=proposed.pk)


def test_approve_all_links_who_was_shown_and_nobody_later(
    post: Post, page: Page, scim: Scim, contoso: Organization, proposed: ReviewItem
) -> None:
    grace = factories.person(contoso, "grace@contoso.com")
    scim.patch(grace.pk, TITLE)
    newest = ReviewItem.objects.latest("pk").pk
    assert "Approve all 2 links" in page("scim_sync:review")
    late = factories.person(contoso, "late@contoso.com")
    scim.patch(late.pk, TITLE)

    html = post("scim_sync:review_approve_all", {"newest": str(newest)})

    assert "2 people are linked." in html
    assert not ScimUser.objects.filter(person=late).exists()
    assert ReviewItem.objects.get(state=ReviewState.OPEN).person == late


def test_a_person_who_left_meanwhile_is_not_linked(post: Post, bob: PrintUser, proposed: ReviewItem) -> None:
    factories.leaver(bob.organization, Trigger.REMOVED, who=bob)

    assert "was removed in the meantime" in post("scim_sync:review_approve", item=proposed.pk)
    assert not ScimUser.objects.filter(person=bob).exists()


def test_uninstalling_ends_the_waiting(proposed: ReviewItem, installation: Installation) -> None:
    uninstall(installation, Disposition.KEEP, by=factories.TESTER)

    proposed.refresh_from_db()
    assert (proposed.state, proposed.answer) == (ReviewState.CLOSED, ReviewAnswer.UNINSTALLED)


def test_a_card_can_stay_or_go_to_whom_the_directory_says(
    page: Page, post: Post, scim: Scim, alice: PrintUser, bob: PrintUser, contoso: Organization
) -> None:
    set_card(bob, "CARD-4711", by=factories.TESTER)
    scim.patch(alice.pk, CARD)
    html = page("scim_sync:review")
    assert "4711" in html
    assert "Bob Brown" in html

    post("scim_sync:review_card_stays", item=ReviewItem.objects.get().pk)
    assert identify(contoso, card="CARD-4711") == bob
    scim.patch(alice.pk, CARD)
    waiting = ReviewItem.objects.get(kind=ReviewKind.CARD_HELD, state=ReviewState.OPEN)
    post("scim_sync:review_card_moves", item=waiting.pk)

    assert identify(contoso, card="CARD-4711") == alice
    assert AuditEvent.objects.filter(verb="card.moved", object_id=alice.pk).count() == 1
    scim.patch(alice.pk, CARD)
    assert alice.credentials.filter(revoked_at__isnull=True).count() == 1


def test_a_card_that_cannot_be_told_apart_is_not_moved(
    post: Post, scim: Scim, alice: PrintUser, bob: PrintUser, contoso: Organization
) -> None:
    set_card(bob, "CARD-4711", by=factories.TESTER)
    scim.patch(alice.pk, CARD)
    set_card(bob, "OTHER-4711", by=replace(factories.TESTER, source="elsewhere"))

    html = post("scim_sync:review_card_moves", item=ReviewItem.objects.get().pk)

    assert "has several cards ending in 4711" in html
    assert identify(contoso, card="CARD-4711") == bob
    assert ReviewItem.objects.get().state == ReviewState.OPEN


def test_a_question_of_another_organization_is_not_found(
    client: Client, contoso: Organization, installation: Installation, fabrikam: Organization
) -> None:
    other = factories.installed(fabrikam)
    theirs = ReviewItem.objects.create(
        organization=fabrikam,
        kind=ReviewKind.LINK,
        key="x",
        source=other.source,
        person=factories.person(fabrikam, "charlie@fabrikam.com"),
    )

    assert client.post(address(contoso, "scim_sync:review_approve", item=theirs.pk)).status_code == 404
    assert "charlie" not in client.get(address(contoso, "scim_sync:review")).content.decode()


def test_a_rehire_is_answered_from_the_queue(
    page: Page, post: Post, scim: Scim, contoso: Organization, installation: Installation
) -> None:
    gone, twin = (factories.person(contoso, f"ada{n}@contoso.com") for n in range(2))
    for person in (gone, twin):
        factories.leaver(contoso, Trigger.REMOVED, who=person)
    PrintUser.objects.filter(pk__in=[gone.pk, twin.pk]).update(user_name_key="ada@contoso.com")
    new = PrintUser.objects.get(pk=scim.create("ada@contoso.com").id)
    other = factories.person(factories.organization("Fabrikam"), "stranger")
    item = ReviewItem.objects.get()
    item.details["tombstones"].append(str(other.pk))
    item.save()

    html = page("scim_sync:review")

    assert "stranger" not in html
    assert "Keep as a new person" in html
    for person in (gone, twin):
        assert address(contoso, "console:person_merge", person=new.pk, other=person.pk) in html
    post("console:person_merge", person=new.pk, other=twin.pk)
    assert "Nothing to review" in page("scim_sync:review")
    decided = page("scim_sync:review", {"state": "approved"})
    assert "ada@contoso.com" in decided
    assert "Merged ·" in decided
    assert "Keep as a new person" not in decided


@pytest.mark.parametrize("number", [3, 60])
def test_a_pages_queries_do_not_depend_on_the_rows(
    client: Client,
    contoso: Organization,
    installation: Installation,
    django_assert_num_queries: DjangoAssertNumQueries,
    number: int,
) -> None:
    for n in range(number):
        holder, person = (factories.person(contoso) for _n in range(2))
        for kind, details in (
            (ReviewKind.LINK, {}),
            (ReviewKind.CARD_HELD, {"last4": "1", "holder": str(holder.pk)}),
            (ReviewKind.REHIRE, {"tombstones": [str(holder.pk), str(person.pk)]}),
        ):
            ReviewItem.objects.create(
                organization=contoso,
                kind=kind,
                key=f"{n}",
                source=installation.source,
                request_id=f"{n}",
                person=person,
                details=details,
            )

    url = address(contoso, "scim_sync:review")
    with django_assert_num_queries(12):
        client.get(url)
