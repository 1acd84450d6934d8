"""People the console knew before the directory did: linked, proposed or refused, as the setting says."""

import pytest

from addons.models import Installation
from addons.services import configure
from printmgmt.audit.models import AuditEvent
from printmgmt.people.models import PersonState, PrintUser, ReviewItem, ReviewKind
from scim_sync.models import Action, ProvisioningEvent, ScimUser
from tests.factories import TESTER
from tests.scim_sync.client import DISABLE, Scim, a_user, op

pytestmark = pytest.mark.both_databases


@pytest.fixture
def review(installation: Installation) -> None:
    configure(installation, {"linking": "review"}, by=TESTER)


@pytest.fixture
def refuse(installation: Installation) -> None:
    configure(installation, {"linking": "refuse"}, by=TESTER)


def test_the_directory_sees_whom_the_console_knows(scim: Scim, bob: PrintUser) -> None:
    assert scim.get("/Users").found == ["bob@contoso.com"]
    assert scim.find('userName eq "BOB@contoso.com"').found == ["bob@contoso.com"]
    assert scim.user(bob.pk).body["displayName"] == "Bob Brown"


def test_post_of_a_known_person_links_and_keeps_the_id(
    scim: Scim, bob: PrintUser, installation: Installation
) -> None:
    answer = scim.create("Bob@contoso.com", externalId="bob")

    assert (answer.status, answer.id) == (201, str(bob.pk))
    assert answer.body["userName"] == "Bob@contoso.com"
    bob.refresh_from_db()
    assert bob.source == installation.source
    assert bob.origin != installation.source
    assert ScimUser.objects.get(person=bob).external_id == "bob"


def test_the_first_write_is_audited_even_if_it_changes_nothing(scim: Scim, bob: PrintUser) -> None:
    scim.create("bob@contoso.com", displayName="Bob Brown")
    scim.patch(bob.pk, op("Replace", "title", "Printer"))

    linked = AuditEvent.objects.get(verb="person.linked")
    assert linked.object_id == str(bob.pk)
    assert ProvisioningEvent.objects.filter(action=Action.LINK).count() == 1


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_a_write_by_id_links_too(scim: Scim, bob: PrintUser, method: str) -> None:
    body = (
        a_user("bob@contoso.com", title="x") if method == "PUT" else {"Operations": [op("Add", "title", "x")]}
    )

    assert scim.send(method, f"/Users/{bob.pk}", body).status == 200
    assert ProvisioningEvent.objects.get().action == Action.LINK
    assert scim.create("bob@contoso.com").error == (409, "uniqueness")


def test_a_second_post_of_a_linked_person_is_409(scim: Scim, bob: PrintUser) -> None:
    scim.create("bob@contoso.com")

    assert scim.create("bob@contoso.com").error == (409, "uniqueness")


def test_delete_of_a_known_person_removes_in_link_mode(scim: Scim, bob: PrintUser) -> None:
    assert scim.delete(bob.pk).status == 204


@pytest.mark.usefixtures("review")
def test_review_answers_409_and_asks_an_administrator_once(
    scim: Scim, bob: PrintUser, installation: Installation
) -> None:
    before = PrintUser.objects.values().get()

    answers = [scim.create("bob@contoso.com", displayName="Mallory"), scim.patch(bob.pk, DISABLE)]
    answers += [scim.put(bob.pk, a_user("bob@contoso.com")), scim.delete(bob.pk)]

    assert [answer.error for answer in answers] == [(409, "uniqueness")] * 4
    item = ReviewItem.objects.get()
    assert (item.kind, item.person, item.source) == (ReviewKind.LINK, bob, installation.source)
    assert PrintUser.objects.values().get() == before
    assert not ScimUser.objects.exists()


@pytest.mark.usefixtures("refuse")
def test_refuse_answers_409_and_asks_nobody(scim: Scim, bob: PrintUser) -> None:
    assert scim.create("bob@contoso.com").error == (409, "uniqueness")
    assert scim.delete(bob.pk).error == (409, "uniqueness")
    assert not ReviewItem.objects.exists()
    assert scim.user(bob.pk).status == 200


@pytest.mark.usefixtures("review")
def test_review_lets_strangers_and_linked_people_through(scim: Scim) -> None:
    answer = scim.create("dave@contoso.com")

    assert answer.status == 201
    assert scim.patch(answer.id, DISABLE).body["active"] is False


def test_a_person_suspended_in_the_console_comes_back_by_the_directorys_word(
    scim: Scim, bob: PrintUser
) -> None:
    scim.patch(bob.pk, DISABLE)

    scim.patch(bob.pk, op("Replace", "active", "True"))

    bob.refresh_from_db()
    assert bob.state == PersonState.ACTIVE
