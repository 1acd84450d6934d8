"""The review queue's question about a person of another directory: what it says, and both answers."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries

from addons.addresses import address_of
from addons.disposition import Disposition
from addons.models import Installation
from addons.services import get_addon, install, rename, uninstall
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser, ReviewItem, ReviewKind, ReviewState
from tests import factories
from tests.scim_sync.client import DISABLE, Scim, op

LYON = "<b>Lyon"
TITLE = op("Add", "title", "Printer")


@pytest.fixture
def paris(installation: Installation) -> Installation:
    """The first directory, to which Alice belongs."""
    return rename(installation, "Paris", by=factories.TESTER)


@pytest.fixture
def lyon(contoso: Organization, paris: Installation) -> Installation:
    return install(contoso, get_addon(factories.ADDON), by=factories.TESTER, name=LYON)


@pytest.fixture
def azure(lyon: Installation) -> Scim:
    """Lyon's directory."""
    return Scim.of(lyon)


@pytest.fixture
def asked(alice: PrintUser, azure: Scim) -> ReviewItem:
    """Lyon wrote to Alice, whom Paris manages."""
    assert azure.patch(alice.pk, TITLE).status == 409
    return ReviewItem.objects.get()


def queue(client: Client, of: Installation, **query: str) -> str:
    html = client.get(address_of(of, "scim_sync:review"), query).content.decode()
    return " ".join(html.partition('<main id="content"')[2].split())


def answer(client: Client, item: ReviewItem, of: Installation, view: str) -> str:
    url = address_of(of, f"scim_sync:{view}", item=item.pk)
    return " ".join(client.post(url, follow=True).content.decode().split())


def test_the_question_names_both_and_says_what_each_answer_does(
    client: Client, asked: ReviewItem, paris: Installation, lyon: Installation
) -> None:
    html = queue(client, lyon)

    name = escape(LYON)
    assert (
        f'{name}</bdi> wants to manage this person, whom <bdi class="breakable">Paris</bdi> manages.' in html
    )
    assert f"From now on {name} manages Alice Adams" in html
    assert "Changes by Paris are rejected." in html
    assert "To undo this, approve what Paris asks in its own review queue" in html
    assert f"Requests of {name} about them are rejected without asking again." in html
    assert "wanted to disable or remove" not in html
    assert LYON not in html
    assert "Nothing to review" in queue(client, paris)


def test_a_leaving_is_announced_before_the_person_is_moved(
    client: Client, alice: PrintUser, azure: Scim, lyon: Installation
) -> None:
    assert azure.patch(alice.pk, DISABLE).status == 409

    html = queue(client, lyon)

    assert f"{escape(LYON)}</bdi> wanted to disable or remove this person." in html
    assert f"Access ends when {escape(LYON)} sends its request again" in html


def test_moving_gives_the_person_to_the_one_that_asked_and_back_again(
    client: Client,
    asked: ReviewItem,
    alice: PrintUser,
    scim: Scim,
    azure: Scim,
    paris: Installation,
    lyon: Installation,
) -> None:
    html = answer(client, asked, lyon, "review_take_over")

    assert f"Alice Adams is managed by {escape(LYON)} from now on." in html
    alice.refresh_from_db()
    assert alice.source == lyon.source
    audit = client.get(reverse("console:audit", args=[lyon.organization.slug])).content.decode()
    assert f"Entra, {escape(LYON)}" in audit
    assert "Entra, Paris" in audit
    assert azure.patch(alice.pk, TITLE).status == 200
    assert scim.patch(alice.pk, TITLE).status == 409

    html = queue(client, paris)
    assert (
        f'Paris</bdi> wants to manage this person, whom <bdi class="breakable">{escape(LYON)}</bdi>' in html
    )
    assert f'that <bdi class="breakable">{escape(LYON)}</bdi> manages this person.' in html
    answer(client, ReviewItem.objects.get(state=ReviewState.OPEN), paris, "review_take_over")
    alice.refresh_from_db()
    assert alice.source == paris.source


def test_leaving_is_undone_or_decided_otherwise_later(
    client: Client, asked: ReviewItem, alice: PrintUser, azure: Scim, lyon: Installation
) -> None:
    html = answer(client, asked, lyon, "review_leave")

    assert "Alice Adams stays with Paris." in html
    assert address_of(lyon, "scim_sync:review_ask_again", item=asked.pk) in html
    assert azure.patch(alice.pk, TITLE).status == 409
    assert "Nothing to review" in queue(client, lyon)
    refused = queue(client, lyon, state="refused")
    assert "Move to this directory" in refused
    assert "Don&#x27;t move" not in refused

    assert "The question is open again." in answer(client, asked, lyon, "review_ask_again")
    answer(client, asked, lyon, "review_leave")
    answer(client, asked, lyon, "review_take_over")
    alice.refresh_from_db()
    assert alice.source == lyon.source


def test_without_the_other_directory_there_is_nothing_to_move(
    client: Client, asked: ReviewItem, paris: Installation, lyon: Installation
) -> None:
    uninstall(paris, Disposition.KEEP, by=factories.TESTER)

    assert "Move to this directory" not in queue(client, lyon)
    assert "No other directory manages the person any more." in answer(
        client, asked, lyon, "review_take_over"
    )


def test_the_queue_costs_the_same_with_3_and_30_such_questions(
    client: Client,
    contoso: Organization,
    asked: ReviewItem,
    paris: Installation,
    lyon: Installation,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    def ask(number: int) -> None:
        for _each in range(number):
            person = factories.person(contoso)
            PrintUser.objects.filter(pk=person.pk).update(source=paris.source)
            ReviewItem.objects.create(
                organization=contoso,
                kind=ReviewKind.DIRECTORY,
                key=str(person.pk),
                person=person,
                source=lyon.source,
                details={"decided": asked.pk},
            )

    queue(client, lyon)
    for number in (2, 27):
        ask(number)
        with django_assert_num_queries(11):
            queue(client, lyon)
