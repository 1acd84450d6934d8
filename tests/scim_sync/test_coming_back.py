"""DELETE and what a later POST of the same name means; blocks; seats."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from addons.disposition import Disposition
from addons.models import Installation
from addons.services import configure, uninstall
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.merging import merge_people
from printmgmt.deprovisioning.models import DeprovisionRun
from printmgmt.organizations.models import Organization
from printmgmt.people import credentials
from printmgmt.people.identification import identify
from printmgmt.people.models import PersonState, PrintUser, ReviewItem, ReviewKind
from scim_sync.models import Action, ProvisioningEvent, ScimUser
from scim_sync.services.review_decisions import approve_link
from scim_sync.services.users import LIKELY_TOMBSTONES
from tests import factories
from tests.factories import TESTER
from tests.scim_sync.client import DISABLE, ENABLE, ENTERPRISE, Scim, a_user, op

pytestmark = pytest.mark.both_databases

AFTER_GRACE = timedelta(days=7, minutes=1)
WITHIN_GRACE = timedelta(days=7) - timedelta(minutes=1)


def state_of(person: PrintUser) -> str:
    person.refresh_from_db()
    return person.state


def test_delete_keeps_a_tombstone_and_of_the_link_only_by_what_it_was_known(
    scim: Scim, alice: PrintUser
) -> None:
    scim.delete(alice.pk)

    assert state_of(alice) == PersonState.REMOVED
    link = ScimUser.objects.get()
    assert (link.dropped_at is not None, link.external_id) == (True, "alice")
    assert (link.attributes, link.folded, link.manager) == ({}, {}, "")
    assert not ScimUser.objects.linking().exists()
    assert DeprovisionRun.objects.get(person=alice).trigger == "removed"


def test_post_within_grace_brings_the_same_person_back(
    scim: Scim, alice: PrintUser, contoso: Organization
) -> None:
    credentials.set_card(alice, "card 4711 4711", by=TESTER)
    scim.delete(alice.pk)
    assert identify(contoso, card="card 4711 4711") is None

    with time_machine.travel(timezone.now() + WITHIN_GRACE):
        answer = scim.create("ALICE@contoso.com", externalId="alice")

    assert (answer.status, answer.id) == (201, str(alice.pk))
    assert (answer.body["externalId"], answer.body["userName"]) == ("alice", "ALICE@contoso.com")
    assert "title" not in answer.body
    assert identify(contoso, card="card 4711 4711") == alice
    assert ProvisioningEvent.objects.get(action=Action.REATTACH).person == alice
    assert scim.user(alice.pk).body == answer.body


def test_post_after_grace_makes_a_new_person(scim: Scim, alice: PrintUser) -> None:
    scim.delete(alice.pk)

    with time_machine.travel(timezone.now() + AFTER_GRACE):
        answer = scim.create("alice@contoso.com")

    assert answer.status == 201
    assert answer.id != str(alice.pk)
    assert state_of(alice) == PersonState.REMOVED
    assert not ReviewItem.objects.exists()


def test_two_tombstones_make_a_new_person_and_a_question(scim: Scim, alice: PrintUser) -> None:
    scim.delete(alice.pk)
    other = scim.create("second@contoso.com")
    scim.patch(other.id, op("Replace", "userName", "alice@contoso.com"))
    scim.delete(other.id)

    answer = scim.create("alice@contoso.com")

    assert answer.status == 201
    assert answer.id not in (str(alice.pk), other.id)
    item = ReviewItem.objects.get()
    assert (item.kind, str(item.person_id)) == (ReviewKind.REHIRE, answer.id)
    assert item.details["tombstones"] == [other.id, str(alice.pk)]


def test_rows_that_were_merged_hide_nobody_who_left(
    scim: Scim, alice: PrintUser, contoso: Organization
) -> None:
    survivor = factories.person(contoso)
    scim.delete(alice.pk)
    for _each in range(LIKELY_TOMBSTONES):
        past = factories.person(contoso, "alice@contoso.com")
        merge_people(survivor, past, by=TESTER)

    assert scim.create("alice@contoso.com").id == str(alice.pk)


def test_an_old_tombstone_beside_a_recent_one_is_no_question(scim: Scim, alice: PrintUser) -> None:
    scim.delete(alice.pk)
    with time_machine.travel(timezone.now() + AFTER_GRACE):
        second = scim.create("alice@contoso.com")
        scim.delete(second.id)

        assert scim.create("alice@contoso.com").id == second.id

    assert not ReviewItem.objects.exists()


def test_post_brings_back_whom_the_console_removed(scim: Scim, alice: PrintUser) -> None:
    leaving.remove(alice, by=TESTER)
    assert scim.user(alice.pk).status == 404

    answer = scim.create("alice@contoso.com")

    assert (answer.status, answer.id) == (201, str(alice.pk))
    assert "displayName" not in answer.body


def test_tombstones_of_another_tenant_do_not_come_back(
    scim: Scim, other_scim: Scim, charlie: PrintUser
) -> None:
    other_scim.delete(charlie.pk)

    assert scim.create("charlie@fabrikam.com").id != str(charlie.pk)
    assert state_of(charlie) == PersonState.REMOVED


def test_post_inactive_brings_back_a_suspended_person(scim: Scim, alice: PrintUser) -> None:
    scim.delete(alice.pk)

    answer = scim.create("alice@contoso.com", active="False")

    assert (answer.id, answer.body["active"]) == (str(alice.pk), False)
    assert state_of(alice) == PersonState.SUSPENDED


# Another externalId is someone else


@pytest.mark.parametrize("removed_by", ["directory", "console"])
def test_another_external_id_is_a_new_person_with_nothing_of_the_old_one_and_a_question(
    scim: Scim, alice: PrintUser, contoso: Organization, removed_by: str
) -> None:
    credentials.set_card(alice, "card 4711 4711", by=TESTER)
    group = scim.create_group("Print Admins", str(alice.pk))
    if removed_by == "directory":
        scim.delete(alice.pk)
    else:
        leaving.remove(alice, by=TESTER)

    answer = scim.create("alice@contoso.com", externalId="another")

    assert answer.status == 201
    assert answer.id != str(alice.pk)
    assert "groups" not in answer.body
    assert "members" not in scim.group(group.id).body
    assert identify(contoso, card="card 4711 4711") is None
    assert state_of(alice) == PersonState.REMOVED
    item = ReviewItem.objects.get()
    assert (item.kind, str(item.person_id)) == (ReviewKind.REHIRE, answer.id)
    assert item.details["tombstones"] == [str(alice.pk)]


@pytest.mark.parametrize(("first", "later"), [("a", "a"), ("", "a"), ("a", ""), ("", "")])
def test_who_is_not_named_otherwise_is_the_same_person(scim: Scim, first: str, later: str) -> None:
    ada = scim.create("ada", externalId=first).id
    scim.delete(ada)

    assert scim.create("ada", externalId=later).id == ada
    assert not ReviewItem.objects.exists()


def test_a_linked_person_is_somebody_else_in_letters_of_another_case(scim: Scim) -> None:
    ada = scim.create("ada", externalId="AbC").id
    scim.delete(ada)

    assert scim.create("ada", externalId="aBc").id != ada


def test_each_of_two_namesakes_who_left_comes_back_as_the_one_the_directory_names(scim: Scim) -> None:
    first = scim.create("ada", externalId="1").id
    scim.delete(first)
    second = scim.create("ada", externalId="2").id
    scim.delete(second)

    for external_id, person in (("2", second), ("1", first), ("2", second)):
        assert scim.create("ada", externalId=external_id).id == person
        scim.delete(person)
    assert scim.create("ada").id not in (first, second)  # which of them, an administrator must say
    assert ReviewItem.objects.filter(kind=ReviewKind.REHIRE).count() == 2


def test_an_external_id_of_another_installation_says_nothing(
    scim: Scim, alice: PrintUser, installation: Installation, contoso: Organization
) -> None:
    scim.delete(alice.pk)
    uninstall(installation, by=TESTER, people=Disposition.KEEP)

    again = Scim.of(factories.installed(contoso))

    assert again.create("alice@contoso.com", externalId="another").id == str(alice.pk)
    assert ScimUser.objects.linking().get().external_id == "another"


# Nobody reads a dropped link as one


def test_whom_the_console_brings_back_is_known_and_not_linked(scim: Scim, installation: Installation) -> None:
    other = {"type": "home", "value": "ada@home.example"}
    ada = scim.create(
        "ada", externalId="x", title="Countess", emails=[other], **{ENTERPRISE: {"manager": "m"}}
    )
    scim.create("eve", externalId="y", title="Clerk")
    scim.delete(ada.id)
    leaving.restore(PrintUser.objects.get(pk=ada.id), by=TESTER)

    assert "externalId" not in scim.user(ada.id).body
    assert "title" not in scim.user(ada.id).body
    for expression in (
        'externalId eq "x"',
        'externalId sw "x"',
        'title eq "countess"',
        'emails.value eq "ada@home.example"',
        'emails co "@home"',
        'manager eq "m"',
    ):
        assert scim.find(expression).found == []
    assert scim.find("externalId pr").found == ["eve"]
    assert scim.find("not (externalId pr)").found == ["ada"]
    assert [one.get("externalId") for one in scim.get("/Users").body["Resources"]] == [None, "y"]
    assert ScimUser.objects.linking().filter(installation=installation).count() == 1

    assert scim.patch(ada.id, op("Replace", "title", "Queen")).body["title"] == "Queen"
    assert ProvisioningEvent.objects.latest("pk").action == Action.LINK
    assert scim.find('title eq "queen"').found == ["ada"]


def test_a_review_of_whom_the_console_brought_back_links_again(
    scim: Scim, alice: PrintUser, installation: Installation
) -> None:
    configure(installation, {"linking": "review"}, by=TESTER)
    scim.delete(alice.pk)
    leaving.restore(alice, by=TESTER)
    assert scim.create("alice@contoso.com", externalId="alice").error == (409, "uniqueness")

    owner = installation.organization.administrators.get().account
    approve_link(installation, ReviewItem.objects.get(), by=TESTER, account=owner)

    assert ScimUser.objects.linking().get().person == alice
    assert scim.patch(alice.pk, op("Replace", "title", "x")).status == 200


def test_whom_the_console_brought_back_is_not_given_to_someone_else_without_a_review(
    scim: Scim, alice: PrintUser, installation: Installation
) -> None:
    scim.delete(alice.pk)
    leaving.restore(alice, by=TESTER)
    before = scim.user(alice.pk).raw

    refused = scim.create("alice@contoso.com", externalId="another")

    assert refused.error == (409, "uniqueness")
    assert "'alice'" in refused.body["detail"]
    assert scim.user(alice.pk).raw == before
    item = ReviewItem.objects.get()
    assert (item.kind, item.person) == (ReviewKind.LINK, alice)

    owner = installation.organization.administrators.get().account
    approve_link(installation, item, by=TESTER, account=owner)
    assert ScimUser.objects.linking().get().external_id == ""
    assert scim.patch(alice.pk, op("Replace", "externalId", "another")).body["externalId"] == "another"


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_nor_by_a_write_to_the_id_that_a_filter_found(
    scim: Scim, alice: PrintUser, installation: Installation, method: str
) -> None:
    scim.delete(alice.pk)
    leaving.restore(alice, by=TESTER)
    before = scim.user(alice.pk).raw

    if method == "PUT":
        refused = scim.put(alice.pk, a_user("alice@contoso.com", externalId="another"))
    else:
        refused = scim.patch(alice.pk, op("Add", "externalId", "another"), op("Replace", "title", "Boss"))

    assert refused.error == (409, "uniqueness")
    assert scim.user(alice.pk).raw == before
    assert not ScimUser.objects.linking().exists()
    assert ReviewItem.objects.get().person == alice
    assert scim.patch(alice.pk, op("Replace", "title", "Boss")).status == 200


def test_whom_the_console_brought_back_is_linked_again_by_the_same_external_id(
    scim: Scim, alice: PrintUser
) -> None:
    scim.delete(alice.pk)
    leaving.restore(alice, by=TESTER)

    answer = scim.create("alice@contoso.com", externalId="alice")

    assert (answer.status, answer.id) == (201, str(alice.pk))
    assert ScimUser.objects.linking().get().person == alice


# Groups


def test_the_log_names_the_groups_somebody_comes_back_to(scim: Scim, alice: PrintUser) -> None:
    for name in ("Print Admins", "Staff"):
        scim.create_group(name, str(alice.pk))
    scim.create_group("Others")
    scim.delete(alice.pk)

    answer = scim.create("alice@contoso.com", externalId="alice")

    assert {group["display"] for group in answer.body["groups"]} == {"Print Admins", "Staff"}
    event = ProvisioningEvent.objects.get(action=Action.REATTACH)
    group_changes = [change for change in event.changes if change["attribute"] == "groups"]
    assert {(change["old"], change["new"]) for change in group_changes} == {
        (None, "Print Admins"),
        (None, "Staff"),
    }


def test_a_group_the_directory_took_them_out_of_meanwhile_does_not_come_back(
    scim: Scim, alice: PrintUser
) -> None:
    left, kept = (scim.create_group(name, str(alice.pk)).id for name in ("Left", "Kept"))
    scim.delete(alice.pk)
    scim.patch_group(left, op("remove", f'members[value eq "{alice.pk}"]'))

    answer = scim.create("alice@contoso.com")

    assert [group["value"] for group in answer.body["groups"]] == [kept]


# Blocked is ours


@pytest.mark.parametrize("operations", [[ENABLE], [DISABLE, ENABLE], [op("Replace", "title", "x")]])
def test_a_block_wins_while_scim_shows_the_directorys_value(
    scim: Scim, alice: PrintUser, operations: list[dict[str, object]]
) -> None:
    leaving.block(alice, by=TESTER)
    for operation in operations:
        answer = scim.patch(alice.pk, operation)

    assert answer.body["active"] is True
    assert state_of(alice) == PersonState.SUSPENDED


def test_a_block_outlives_disable_and_enable(scim: Scim, alice: PrintUser) -> None:
    leaving.block(alice, by=TESTER)

    assert scim.patch(alice.pk, DISABLE).body["active"] is False
    assert scim.patch(alice.pk, ENABLE).body["active"] is True

    assert state_of(alice) == PersonState.SUSPENDED
    leaving.unblock(alice, by=TESTER)
    assert state_of(alice) == PersonState.ACTIVE


def test_a_block_outlives_delete_and_post(scim: Scim, alice: PrintUser, contoso: Organization) -> None:
    credentials.set_card(alice, "card 4711 4711", by=TESTER)
    leaving.block(alice, by=TESTER)
    scim.delete(alice.pk)

    answer = scim.create("alice@contoso.com", active=True)

    assert (answer.id, answer.body["active"]) == (str(alice.pk), True)
    assert state_of(alice) == PersonState.SUSPENDED
    assert identify(contoso, card="card 4711 4711") is None


# Seats


@pytest.fixture
def two_seats(scim: Scim, alice: PrintUser, bob: PrintUser, contoso: Organization) -> None:
    contoso.seats = 2
    contoso.save()


@pytest.mark.usefixtures("two_seats")
def test_a_create_at_the_limit_is_403_and_leaves_nothing(scim: Scim) -> None:
    answer = scim.create("dave@contoso.com")

    assert answer.error == (403, None)
    assert "seats" in answer.body["detail"]
    assert PrintUser.objects.count() == 2
    assert scim.find('userName eq "dave@contoso.com"').found == []


@pytest.mark.usefixtures("two_seats")
def test_an_inactive_person_takes_no_seat(scim: Scim) -> None:
    assert scim.create("dave@contoso.com", active=False).status == 201


@pytest.mark.usefixtures("two_seats")
def test_a_leaver_frees_exactly_one_seat(scim: Scim, alice: PrintUser) -> None:
    scim.patch(alice.pk, DISABLE)

    assert [scim.create(name).status for name in ("dave", "erin")] == [201, 403]


@pytest.mark.usefixtures("two_seats")
def test_a_reactivation_is_never_refused(scim: Scim, alice: PrintUser) -> None:
    scim.patch(alice.pk, DISABLE)
    scim.create("dave")

    assert scim.patch(alice.pk, ENABLE).body["active"] is True


@pytest.mark.usefixtures("two_seats")
def test_a_reattachment_is_never_refused(scim: Scim, alice: PrintUser) -> None:
    scim.delete(alice.pk)
    scim.create("dave")

    assert scim.post(a_user("alice@contoso.com")).id == str(alice.pk)


def test_seats_are_counted_by_organization(
    scim: Scim, fabrikam: Organization, other_scim: Scim, alice: PrintUser
) -> None:
    fabrikam.seats = 1
    fabrikam.save()

    assert other_scim.create("charlie").status == 201
    assert factories.person(alice.organization).pk


@pytest.mark.usefixtures("two_seats")
def test_a_first_activation_at_the_limit_is_403_with_a_clear_detail(scim: Scim) -> None:
    dave = scim.create("dave@contoso.com", active=False)

    answer = scim.patch(dave.id, op("Replace", "displayName", "Dave"), ENABLE)

    assert answer.error == (403, None)
    assert "All 2 seats of Contoso are in use" in answer.body["detail"]
    assert scim.user(dave.id).body == dave.body
    assert ProvisioningEvent.objects.latest("pk").status == 403


@pytest.mark.usefixtures("two_seats")
def test_a_first_activation_takes_the_seat_that_a_leaver_frees_and_keeps_it(
    scim: Scim, alice: PrintUser
) -> None:
    dave = scim.create("dave@contoso.com", active=False)
    scim.patch(alice.pk, DISABLE)

    assert scim.patch(dave.id, ENABLE).body["active"] is True
    assert scim.create("erin@contoso.com").status == 403
    assert scim.patch(alice.pk, ENABLE).body["active"] is True  # a return, which is flagged only
    assert scim.patch(dave.id, DISABLE, ENABLE).body["active"] is True
