"""What two directories of one organization share, and what is of each: leaving, groups, cards, seats."""

import pytest
from django.utils import timezone

from addons.disposition import Disposition
from addons.models import Installation
from addons.services import uninstall
from printmgmt.deprovisioning import services as leaving
from printmgmt.organizations.models import Account, Organization
from printmgmt.people.erasing import erase_people, known_of
from printmgmt.people.models import (
    Credential,
    GroupMembership,
    PersonState,
    PrintUser,
    ReviewAnswer,
    ReviewItem,
    ReviewKind,
    ReviewState,
)
from scim_sync.exceptions import ReviewError
from scim_sync.models import ProvisioningEvent, ScimUser
from scim_sync.services.directories import take_over
from scim_sync.services.erasing import erase_person
from scim_sync.services.review_decisions import give_card
from tests.factories import TESTER
from tests.scim_sync.client import DISABLE, ENABLE, PRINTMGMT, Scim, op
from tests.scim_sync.directories.conftest import ALICE

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_people_of_the_owner_are_members_of_the_others_groups(
    scim: Scim, alice: PrintUser, lyon: Scim, second: Installation
) -> None:
    group = lyon.create_group("Teachers", str(alice.pk))

    assert group.status == 201
    assert [member["value"] for member in lyon.group(group.id).body["members"]] == [str(alice.pk)]
    assert [one["value"] for one in lyon.user(alice.pk).body["groups"]] == [group.id]
    assert "groups" not in scim.user(alice.pk).body
    assert GroupMembership.objects.get().source == second.source


def test_a_group_of_the_other_directory_is_an_unknown_member(scim: Scim, lyon: Scim) -> None:
    theirs = scim.create_group("Teachers")
    own = lyon.create_group("Pupils")

    def add(member: str) -> tuple[int, str]:
        answer = lyon.patch_group(own.id, op("Add", "members", [{"value": member}]))
        return answer.status, answer.body["detail"].replace(member, "")

    assert add(theirs.id) == add("01234567-89ab-4cde-8f01-23456789abcd")


def test_both_name_the_same_manager(scim: Scim, alice: PrintUser, lyon: Scim) -> None:
    bob = lyon.create("bob@contoso.com", **{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
        "manager": {"value": str(alice.pk)}
    }})  # fmt: skip

    assert bob.status == 201
    assert lyon.find(f'id eq "{bob.id}" and manager eq "{alice.pk}"').found == ["bob@contoso.com"]
    assert scim.find(f'manager eq "{alice.pk}"').found == []


@pytest.mark.parametrize("people", list(Disposition))
def test_what_an_uninstalled_directory_had_the_other_one_links(
    people: Disposition,
    alice: PrintUser,
    asked: ReviewItem,
    lyon: Scim,
    installation: Installation,
    second: Installation,
    ada: Account,
) -> None:
    uninstall(installation, people, by=TESTER)
    if people == Disposition.KEEP:
        with pytest.raises(ReviewError, match="No other directory"):
            take_over(second, asked, by=TESTER, account=ada)

    answer = lyon.create(ALICE, externalId="a2", active=True)

    assert (answer.status, answer.id) == (201, str(alice.pk))
    alice.refresh_from_db()
    assert (alice.source, alice.state) == (second.source, PersonState.ACTIVE)
    asked.refresh_from_db()
    assert asked.state == ReviewState.CLOSED


def test_uninstalling_one_leaves_the_others_people_groups_and_questions(
    scim: Scim,
    alice: PrintUser,
    asked: ReviewItem,
    lyon: Scim,
    installation: Installation,
    second: Installation,
) -> None:
    bob = lyon.create("bob@contoso.com")
    scim.create_group("Teachers", str(alice.pk), bob.id)
    lyon.create_group("Teachers", str(alice.pk), bob.id)

    uninstall(second, Disposition.REMOVE, by=TESTER)

    alice.refresh_from_db()
    assert (alice.state, alice.source) == (PersonState.ACTIVE, installation.source)
    assert PrintUser.objects.get(pk=bob.id).state == PersonState.REMOVED
    asked.refresh_from_db()
    assert (asked.state, asked.answer) == (ReviewState.CLOSED, ReviewAnswer.UNINSTALLED)
    [group] = scim.get("/Groups").body["Resources"]
    assert [member["value"] for member in group["members"]] == [str(alice.pk)]
    assert scim.patch(alice.pk, DISABLE).status == 200
    assert lyon.get("/Users").status == 401


def test_who_left_the_other_directory_is_a_new_person_and_an_administrator_is_asked(
    scim: Scim, alice: PrintUser, lyon: Scim, second: Installation
) -> None:
    scim.patch(alice.pk, op("Add", f"{PRINTMGMT}:cardNumber", "4711"))
    scim.delete(alice.pk)

    answer = lyon.create(ALICE, externalId="alice")

    assert answer.status == 201
    assert answer.id != str(alice.pk)
    assert not Credential.objects.filter(person=answer.id).exists()
    item = ReviewItem.objects.get()
    assert (item.kind, item.source, item.details["tombstones"]) == ("rehire", second.source, [str(alice.pk)])


def test_who_left_comes_back_in_their_own_directory_unless_the_other_one_has_the_name(
    scim: Scim, alice: PrintUser, lyon: Scim
) -> None:
    scim.delete(alice.pk)
    assert scim.create(ALICE, externalId="alice").id == str(alice.pk)

    scim.delete(alice.pk)
    lyon.create(ALICE)
    assert scim.create(ALICE, externalId="alice").error == (409, "uniqueness")
    assert leaving.within_grace(alice)


def test_whom_the_console_brought_back_is_still_the_former_directorys(
    scim: Scim, alice: PrintUser, lyon: Scim
) -> None:
    scim.delete(alice.pk)
    alice.refresh_from_db()
    leaving.restore(alice, by=TESTER)

    assert lyon.create(ALICE).error == (409, "uniqueness")
    assert ReviewItem.objects.get().kind == ReviewKind.DIRECTORY
    assert scim.create(ALICE, externalId="alice").id == str(alice.pk)


def test_a_card_of_the_other_directorys_person_is_the_known_question(
    scim: Scim, alice: PrintUser, lyon: Scim, second: Installation, ada: Account
) -> None:
    scim.patch(alice.pk, op("Add", f"{PRINTMGMT}:cardNumber", "4711 0001"))

    bob = lyon.create("bob@contoso.com", **{PRINTMGMT: {"cardNumber": "4711 0001"}})

    assert bob.status == 201
    item = ReviewItem.objects.get()
    assert (item.kind, item.source) == (ReviewKind.CARD_HELD, second.source)
    assert item.details["holder"] == str(alice.pk)
    give_card(item, by=TESTER, account=ada)
    [card] = Credential.objects.filter(revoked_at=None)
    assert (str(card.person_id), card.source) == (bob.id, second.source)


def test_seats_are_the_organizations(contoso: Organization, alice: PrintUser, lyon: Scim) -> None:
    contoso.seats = 1
    contoso.save()

    assert lyon.create("bob@contoso.com").status == 403


def test_erasing_takes_the_links_and_questions_of_both(
    scim: Scim, alice: PrintUser, asked: ReviewItem, ada: Account, second: Installation, contoso: Organization
) -> None:
    take_over(second, asked, by=TESTER, account=ada)
    scim.patch(alice.pk, ENABLE)
    assert (ScimUser.objects.count(), ReviewItem.objects.count()) == (2, 2)
    leaving.remove(alice, by=TESTER)
    known = known_of([alice])

    erase_person(contoso, known)
    erase_people([alice], timezone.now())

    assert not ScimUser.objects.exists()
    assert not ReviewItem.objects.exists()
    assert not ProvisioningEvent.objects.exclude(subject="").exists()
