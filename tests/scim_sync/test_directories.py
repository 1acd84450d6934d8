"""Two directories of one organization: one of them manages a person, whatever the other one sends."""

from collections.abc import Callable

import pytest
from django.db.models import Model
from django.utils import timezone

from addons.disposition import Disposition
from addons.models import Installation
from addons.services import configure, get_addon, install, pause, uninstall
from printmgmt.audit.models import AuditEvent
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.models import DeprovisionRun
from printmgmt.organizations.models import Account, Organization
from printmgmt.people.erasing import erase_people, known_of
from printmgmt.people.models import (
    CONSOLE,
    Credential,
    Device,
    GroupMembership,
    PersonState,
    PrintAlias,
    PrintUser,
    ReviewAnswer,
    ReviewItem,
    ReviewKind,
    ReviewState,
)
from scim_sync.exceptions import ReviewError
from scim_sync.models import ProvisioningEvent, ScimUser
from scim_sync.monitoring.periodic import maintain
from scim_sync.provisioning_log.reasons import Reason
from scim_sync.services.directories import decided_before, leave_to_owner, owner_of, take_over
from scim_sync.services.erasing import erase_person
from scim_sync.services.review_decisions import approve_link, ask_again, give_card, items_of, open_links
from tests import factories
from tests.factories import ADDON, TESTER
from tests.scim_sync.client import DISABLE, ENABLE, PRINTMGMT, Answer, Scim, a_user, op

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

ALICE = "alice@contoso.com"


@pytest.fixture
def second(contoso: Organization, installation: Installation) -> Installation:
    """A second directory of Contoso; ``installation`` is the first."""
    return install(contoso, get_addon(ADDON), by=TESTER, name="Lyon")


@pytest.fixture
def lyon(second: Installation) -> Scim:
    return Scim.of(second)


@pytest.fixture
def ada(contoso: Organization) -> Account:
    """An administrator who decides."""
    return factories.administrator(contoso).account


def bulk(method: str, path: str, data: object = None) -> Callable[[Scim, PrintUser], Answer]:
    def call(scim: Scim, person: PrintUser) -> Answer:
        operation = {"method": method, "path": path.format(id=person.pk), "bulkId": "1", "data": data}
        body = {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
            "Operations": [{name: value for name, value in operation.items() if value is not None}],
        }
        return scim.post(body, "/Bulk")

    return call


WRITES: dict[str, Callable[[Scim, PrintUser], Answer]] = {
    "post": lambda scim, person: scim.create(ALICE, externalId="a2", displayName="Mallory"),
    "post in another case": lambda scim, person: scim.create(ALICE.upper()),
    "put": lambda scim, person: scim.put(person.pk, a_user(ALICE, displayName="Mallory")),
    "put of nobody's access": lambda scim, person: scim.put(person.pk, a_user(ALICE, active=False)),
    "patch a column": lambda scim, person: scim.patch(person.pk, op("Replace", "displayName", "Mallory")),
    "patch the link": lambda scim, person: scim.patch(person.pk, op("Add", "title", "Printer")),
    "patch nothing": lambda scim, person: scim.patch(person.pk, ENABLE),
    "rename": lambda scim, person: scim.patch(person.pk, op("Replace", "userName", "mallory")),
    "card": lambda scim, person: scim.patch(person.pk, op("Add", f"{PRINTMGMT}:cardNumber", "666")),
    "pin": lambda scim, person: scim.patch(person.pk, op("Add", f"{PRINTMGMT}:pin", "666")),
    "disable": lambda scim, person: scim.patch(person.pk, DISABLE),
    "delete": lambda scim, person: scim.delete(person.pk),
    "bulk post": bulk("POST", "/Users", a_user(ALICE)),
    "bulk put": bulk("PUT", "/Users/{id}", a_user(ALICE)),
    "bulk patch": bulk("PATCH", "/Users/{id}", {"Operations": [DISABLE]}),
    "bulk delete": bulk("DELETE", "/Users/{id}"),
}
KEPT: tuple[type[Model], ...] = (
    PrintUser,
    PrintAlias,
    ScimUser,
    Credential,
    Device,
    GroupMembership,
    DeprovisionRun,
    AuditEvent,
)


def everything() -> list[object]:
    """What a refused write may not change."""
    return [list(model._default_manager.order_by("pk").values()) for model in KEPT]


def refusal(answer: Answer) -> tuple[int, str | None]:
    """(status, scimType) of an answer, or of the only operation of a Bulk request."""
    if answer.status != 200:
        return answer.error
    [operation] = answer.body["Operations"]
    return int(operation["status"]), operation["response"].get("scimType")


@pytest.mark.parametrize("paused", [False, True], ids=["", "owner paused"])
@pytest.mark.parametrize("name", WRITES)
def test_a_write_of_the_other_directory_changes_nothing_and_asks_once(
    name: str,
    paused: bool,
    alice: PrintUser,
    lyon: Scim,
    second: Installation,
    installation: Installation,
) -> None:
    if paused:
        pause(installation, by=TESTER)
    before = everything()

    answers = [WRITES[name](lyon, alice) for _cycle in range(2)]

    assert [refusal(answer) for answer in answers] == [(409, "uniqueness")] * 2
    assert everything() == before
    item = ReviewItem.objects.get()
    assert (item.kind, item.state, item.person, item.source) == ("directory", "open", alice, second.source)
    assert item.details["owner"] == installation.source
    assert item.details["ends_access"] is (name.split()[-1] in ("disable", "delete", "access", "patch"))
    event = ProvisioningEvent.objects.get(installation=second)
    assert (event.status, event.person, event.reasons) == (409, alice, [Reason.OTHER_DIRECTORY])
    assert not ProvisioningEvent.objects.filter(installation=installation, status=409).exists()


@pytest.mark.parametrize("name", WRITES)
def test_writes_of_the_owner_go_on_as_if_it_were_alone(
    name: str, scim: Scim, alice: PrintUser, lyon: Scim
) -> None:
    answer = WRITES[name](scim, alice)

    is_taken = "post" in name
    assert (refusal(answer) == (409, "uniqueness")) is is_taken if is_taken else answer.status < 300
    assert not ReviewItem.objects.exists()


def test_the_answer_says_which_directory_and_nothing_that_a_read_does_not(
    alice: PrintUser, lyon: Scim, installation: Installation
) -> None:
    detail = lyon.patch(alice.pk, DISABLE).body["detail"]

    assert detail == (
        f"userName: the directory 'Microsoft Azure AD User Sync' manages the person '{ALICE}'; "
        "an administrator can decide in the console which of the two does"
    )
    assert alice.display_name not in detail


def test_reads_and_filters_see_the_person_without_what_only_the_owner_knows(
    scim: Scim, alice: PrintUser, lyon: Scim
) -> None:
    scim.patch(alice.pk, op("Add", "title", "Printer"))

    seen = lyon.user(alice.pk)
    assert (seen.status, seen.body["userName"]) == (200, ALICE)
    assert "title" not in seen.body
    assert "externalId" not in seen.body
    assert lyon.find(f'userName eq "{ALICE}"').found == lyon.get("/Users").found == [ALICE]
    assert lyon.find('externalId eq "alice"').found == []


def test_an_unmet_precondition_comes_first(alice: PrintUser, lyon: Scim) -> None:
    assert lyon.patch(alice.pk, DISABLE, if_match='W/"999"').status == 412
    assert not ReviewItem.objects.exists()


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


def test_with_refuse_nobody_is_asked(alice: PrintUser, lyon: Scim, second: Installation) -> None:
    configure(second, {"linking": "refuse"}, by=TESTER)

    assert lyon.patch(alice.pk, DISABLE).error == (409, "uniqueness")
    assert not ReviewItem.objects.exists()


def test_an_open_question_takes_what_the_directory_sends_now(alice: PrintUser, lyon: Scim) -> None:
    lyon.create(ALICE, externalId="a2", displayName="Alice of Lyon")
    lyon.patch(alice.pk, op("Replace", "displayName", "Alice L"), op("Replace", "active", "False"))

    item = ReviewItem.objects.get()
    assert item.details["proposed"]["display_name"] == "Alice L"
    assert item.details["proposed"]["external_id"] == "a2"
    assert item.details["ends_access"] is True


@pytest.fixture
def asked(alice: PrintUser, lyon: Scim) -> ReviewItem:
    """Lyon sent Alice, whom the first directory manages."""
    lyon.create(ALICE, externalId="a2")
    return ReviewItem.objects.get()


def test_a_rejected_question_is_not_asked_again(
    alice: PrintUser, lyon: Scim, asked: ReviewItem, ada: Account, scim: Scim
) -> None:
    leave_to_owner(asked, by=TESTER, account=ada)

    assert [lyon.create(ALICE).status, lyon.delete(alice.pk).status] == [409, 409]
    assert ReviewItem.objects.get().state == ReviewState.REFUSED
    assert scim.patch(alice.pk, ENABLE).status == 200
    assert AuditEvent.objects.filter(verb="person.move-rejected").count() == 1

    ask_again(asked, by=TESTER)
    assert ReviewItem.objects.get().state == ReviewState.OPEN


def test_an_approved_one_moves_the_person_with_names_and_cards(
    scim: Scim,
    alice: PrintUser,
    lyon: Scim,
    asked: ReviewItem,
    ada: Account,
    installation: Installation,
    second: Installation,
) -> None:
    scim.patch(
        alice.pk,
        op("Add", f"{PRINTMGMT}:cardNumber", "4711 0001"),
        op("Add", "title", "Printer"),
        op("Replace", "userName", "alice.adams@contoso.com"),
    )
    group = scim.create_group("Teachers", str(alice.pk))
    version = scim.user(alice.pk).body["meta"]["version"]

    assert take_over(second, asked, by=TESTER, account=ada) == alice

    alice.refresh_from_db()
    assert alice.source == second.source
    assert set(alice.aliases.values_list("source", flat=True)) == {second.source}
    assert lyon.user(alice.pk).body["meta"]["version"] != version
    assert lyon.user(alice.pk).body[PRINTMGMT]["printAliases"] == [ALICE]
    # The former link is history; its group is still its own.
    former = ScimUser.objects.get(installation=installation)
    assert former.dropped_at is not None
    assert "title" not in scim.user(alice.pk).body
    assert [member["value"] for member in scim.group(group.id).body["members"]] == [str(alice.pk)]
    event = AuditEvent.objects.get(verb="person.moved-directory")
    assert (event.details["from"], event.details["to"]) == (installation.source, second.source)
    # The new owner's card replaces the former one's.
    assert lyon.patch(alice.pk, op("Add", f"{PRINTMGMT}:cardNumber", "4711 0002")).status == 200
    assert [card.last4 for card in Credential.objects.filter(revoked_at=None)] == ["0002"]


def test_the_new_owner_suspends_and_the_former_one_cannot_bring_them_back(
    scim: Scim, alice: PrintUser, lyon: Scim, asked: ReviewItem, ada: Account, second: Installation
) -> None:
    take_over(second, asked, by=TESTER, account=ada)

    assert lyon.patch(alice.pk, DISABLE).status == 200
    run = DeprovisionRun.objects.get()
    assert (run.person, run.source) == (alice, second.source)
    assert scim.patch(alice.pk, ENABLE).error == (409, "uniqueness")
    alice.refresh_from_db()
    assert alice.state == PersonState.SUSPENDED


def test_the_former_owner_asks_once_and_the_question_says_who_decided(
    scim: Scim,
    alice: PrintUser,
    asked: ReviewItem,
    ada: Account,
    installation: Installation,
    second: Installation,
    lyon: Scim,
) -> None:
    take_over(second, asked, by=TESTER, account=ada)

    answers = [scim.patch(alice.pk, DISABLE), scim.create(ALICE), scim.delete(alice.pk)]

    assert [answer.error for answer in answers] == [(409, "uniqueness")] * 3
    theirs = ReviewItem.objects.get(source=installation.source)
    assert owner_of(theirs, installation) == second
    before = decided_before(theirs)
    assert before == asked
    assert before.decided_by == ada
    leave_to_owner(theirs, by=TESTER, account=ada)
    assert scim.patch(alice.pk, DISABLE).status == 409
    assert ReviewItem.objects.filter(state=ReviewState.OPEN).count() == 0


def test_a_decision_can_be_taken_back_and_the_former_owner_knows_what_it_sent(
    scim: Scim,
    alice: PrintUser,
    asked: ReviewItem,
    ada: Account,
    installation: Installation,
    second: Installation,
    lyon: Scim,
) -> None:
    scim.patch(alice.pk, op("Add", "title", "Printer"))
    take_over(second, asked, by=TESTER, account=ada)
    scim.patch(alice.pk, ENABLE)
    theirs = ReviewItem.objects.get(source=installation.source)
    leave_to_owner(theirs, by=TESTER, account=ada)

    take_over(installation, theirs, by=TESTER, account=ada)

    back = scim.find('externalId eq "alice"').body["Resources"][0]
    assert (back["id"], back["title"]) == (str(alice.pk), "Printer")
    assert lyon.patch(alice.pk, ENABLE).status == 409
    assert ScimUser.objects.linking().count() == 1


def test_what_is_decided_or_anothers_is_not_decided_again(
    asked: ReviewItem, ada: Account, installation: Installation, second: Installation
) -> None:
    with pytest.raises(ReviewError, match="was uninstalled"):
        take_over(installation, asked, by=TESTER, account=ada)
    with pytest.raises(ReviewError, match="different kind"):
        approve_link(second, asked, by=TESTER, account=ada)
    take_over(second, asked, by=TESTER, account=ada)
    with pytest.raises(ReviewError, match="already decided"):
        take_over(second, asked, by=TESTER, account=ada)
    with pytest.raises(ReviewError, match="already decided"):
        leave_to_owner(asked, by=TESTER, account=ada)


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


def test_two_ask_to_link_a_person_of_the_console_and_one_gets_them(
    scim: Scim,
    bob: PrintUser,
    lyon: Scim,
    installation: Installation,
    second: Installation,
    ada: Account,
) -> None:
    for one in (installation, second):
        configure(one, {"linking": "review"}, by=TESTER)
    scim.create("bob@contoso.com", displayName="Bob of Paris")
    lyon.create("bob@contoso.com", displayName="Bob of Lyon")

    [first], [theirs] = open_links(installation), open_links(second)
    assert first.details["proposed"]["display_name"] == "Bob of Paris"
    assert theirs.details["proposed"]["display_name"] == "Bob of Lyon"
    approve_link(second, theirs, by=TESTER, account=ada)

    first.refresh_from_db()
    assert (first.state, first.answer) == (ReviewState.CLOSED, ReviewAnswer.LINKED)
    assert scim.create("bob@contoso.com").status == 409
    item = ReviewItem.objects.get(state=ReviewState.OPEN)
    assert (item.kind, item.source) == (ReviewKind.DIRECTORY, installation.source)


def test_a_link_is_not_approved_once_another_directory_has_the_person(
    bob: PrintUser, lyon: Scim, scim: Scim, installation: Installation, second: Installation, ada: Account
) -> None:
    configure(second, {"linking": "review"}, by=TESTER)
    lyon.create("bob@contoso.com")
    [item] = open_links(second)
    PrintUser.objects.filter(pk=bob.pk).update(source=installation.source)

    with pytest.raises(ReviewError, match="managed by Microsoft Azure AD User Sync"):
        approve_link(second, item, by=TESTER, account=ada)

    maintain()
    item.refresh_from_db()
    assert (item.state, item.answer) == (ReviewState.CLOSED, ReviewAnswer.LINKED)


def test_a_question_ends_when_the_console_has_the_person(asked: ReviewItem, alice: PrintUser) -> None:
    PrintUser.objects.filter(pk=alice.pk).update(source=CONSOLE)

    maintain()

    asked.refresh_from_db()
    assert (asked.state, asked.answer) == (ReviewState.CLOSED, ReviewAnswer.OWNER)


def test_a_question_ends_when_the_person_leaves(scim: Scim, asked: ReviewItem, alice: PrintUser) -> None:
    scim.delete(alice.pk)

    asked.refresh_from_db()
    assert (asked.state, asked.answer) == (ReviewState.CLOSED, ReviewAnswer.LEFT)


def test_each_queue_has_its_own_questions_and_those_of_directories_that_are_gone(
    asked: ReviewItem, installation: Installation, second: Installation
) -> None:
    assert list(items_of(second)) == [asked]
    assert not items_of(installation).exists()

    uninstall(second, Disposition.KEEP, by=TESTER)

    assert list(items_of(installation)) == [asked]


def test_people_of_another_organization_are_unknown_to_both(
    charlie: PrintUser, scim: Scim, lyon: Scim
) -> None:
    for one in (scim, lyon):
        assert one.patch(charlie.pk, DISABLE).status == one.delete(charlie.pk).status == 404
        assert one.find(f'userName eq "{charlie.user_name}"').found == []
    assert not ReviewItem.objects.exists()


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


def test_an_open_question_about_a_card_moves_with_the_person(
    scim: Scim,
    alice: PrintUser,
    lyon: Scim,
    asked: ReviewItem,
    ada: Account,
    installation: Installation,
    second: Installation,
) -> None:
    bob = lyon.create("bob@contoso.com", **{PRINTMGMT: {"cardNumber": "4711 0001"}})
    scim.patch(alice.pk, op("Add", f"{PRINTMGMT}:cardNumber", "4711 0001"))
    [card] = items_of(installation)

    take_over(second, asked, by=TESTER, account=ada)

    assert card in items_of(second)
    card.refresh_from_db()
    give_card(card, by=TESTER, account=ada)
    assert Credential.objects.get(revoked_at=None).source == second.source
    assert PrintUser.objects.get(pk=bob.id).source == second.source


def test_seats_are_the_organizations(contoso: Organization, alice: PrintUser, lyon: Scim) -> None:
    contoso.seats = 1
    contoso.save()

    assert lyon.create("bob@contoso.com").status == 403


def test_a_rejected_question_can_still_be_approved(
    alice: PrintUser, asked: ReviewItem, ada: Account, second: Installation, lyon: Scim
) -> None:
    leave_to_owner(asked, by=TESTER, account=ada)

    take_over(second, asked, by=TESTER, account=ada)

    assert lyon.patch(alice.pk, DISABLE).status == 200


def test_one_whom_the_console_allows_is_allowed_until_the_new_owner_says_otherwise(
    scim: Scim, alice: PrintUser, asked: ReviewItem, ada: Account, second: Installation, lyon: Scim
) -> None:
    scim.patch(alice.pk, DISABLE)
    alice.refresh_from_db()
    leaving.restore(alice, by=TESTER)

    take_over(second, asked, by=TESTER, account=ada)

    alice.refresh_from_db()
    assert alice.allowed_at is not None
    lyon.patch(alice.pk, DISABLE)
    alice.refresh_from_db()
    assert (alice.state, alice.allowed_at) == (PersonState.SUSPENDED, None)


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


def test_a_name_of_the_other_directory_cannot_be_taken_by_a_rename(
    scim: Scim, alice: PrintUser, lyon: Scim
) -> None:
    bob = lyon.create("bob@contoso.com")

    assert lyon.patch(bob.id, op("Replace", "userName", ALICE)).error == (409, "uniqueness")
    assert not ReviewItem.objects.exists()
    assert scim.user(bob.id).status == 200
