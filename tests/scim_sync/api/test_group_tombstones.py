"""A group the directory deletes is nowhere to be seen, and comes back when it is created again."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from addons.models import Installation
from printmgmt.audit.models import AuditEvent
from printmgmt.deprovisioning.policy import change_policy
from printmgmt.organizations.models import Organization
from printmgmt.people.groups import create_group
from printmgmt.people.memberships import Change, Members, Verb, change_members
from printmgmt.people.models import CONSOLE, GroupMembership, GroupNesting, PrintGroup, PrintUser
from printmgmt.people.tombstones import erase_groups, remove_group, restore_group
from scim_sync.models import Action, ProvisioningEvent, ScimGroup
from tests import factories
from tests.factories import TESTER
from tests.scim_sync.client import Answer, Scim, a_group, op
from tests.scim_sync.costs import BODY

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

AFTER_GRACE = timedelta(days=7, minutes=1)
WITHIN_GRACE = timedelta(days=7) - timedelta(minutes=1)


def put(group_id: str, *people: PrintUser) -> None:
    """By the console."""
    group = PrintGroup.objects.get(pk=group_id)
    change_members(group, [Change(Verb.ADD, Members(frozenset(person.pk for person in people)))], by=TESTER)


def rows_of(group_id: str) -> set[tuple[str, str]]:
    rows = GroupMembership.objects.filter(group=group_id).values_list("person", "source")
    return {(str(person), source) for person, source in rows}


@pytest.mark.rfc("7644", "3.6")
def test_a_post_of_the_name_takes_id_and_console_rows_back_and_starts_as_it_says(
    scim: Scim, installation: Installation, admins: Answer, ada: str, eve: str, bob: PrintUser
) -> None:
    scim.patch_group(admins.id, op("add", "members", [{"value": ada}]))
    put(admins.id, bob)
    scim.delete_group(admins.id)

    with time_machine.travel(timezone.now() + WITHIN_GRACE):
        answer = scim.create_group("PRINT Admins", eve, externalId="g-2")

    assert (answer.status, answer.id) == (201, admins.id)
    assert (answer.body["displayName"], answer.body["externalId"]) == ("PRINT Admins", "g-2")
    assert [member["value"] for member in answer.body["members"]] == [eve]
    assert rows_of(admins.id) == {(str(bob.pk), CONSOLE), (eve, installation.source)}
    assert answer.body["meta"]["created"] == admins.body["meta"]["created"]
    assert scim.group(admins.id).body == answer.body
    event = ProvisioningEvent.objects.latest("pk")
    assert (event.action, str(event.group_id)) == (Action.REATTACH, admins.id)


def test_a_group_without_anything_of_the_console_comes_back_too(scim: Scim, admins: Answer, ada: str) -> None:
    scim.patch_group(admins.id, op("add", "members", [{"value": ada}]))
    scim.delete_group(admins.id)

    back = scim.create_group("Print Admins")

    assert back.id == admins.id
    assert "members" not in back.body
    assert "externalId" not in back.body
    assert back.headers["ETag"] not in (admins.headers["ETag"], 'W/"2"')


def test_after_the_grace_period_it_is_another_group_and_the_old_one_is_erased(
    scim: Scim, admins: Answer, bob: PrintUser
) -> None:
    put(admins.id, bob)
    scim.delete_group(admins.id)

    with time_machine.travel(timezone.now() + AFTER_GRACE):
        new = scim.create_group("Print Admins").id
        erase_groups()

    assert new != admins.id
    assert list(PrintGroup.objects.values_list("pk", flat=True).order_by("pk")) == [
        PrintGroup.objects.get(pk=new).pk
    ]
    assert not GroupMembership.objects.exists()
    event = ProvisioningEvent.objects.get(action=Action.REMOVE)  # the log stays
    assert (event.group, event.subject) == (None, "Print Admins")


def test_the_grace_period_is_the_organizations(scim: Scim, contoso: Organization, admins: Answer) -> None:
    change_policy(contoso, {"remove_grace_days": 30}, by=TESTER)
    scim.delete_group(admins.id)

    with time_machine.travel(timezone.now() + timedelta(days=29)):
        erase_groups()
        assert scim.create_group("Print Admins").id == admins.id


def test_the_console_group_of_this_name_comes_before_a_tombstone(
    scim: Scim, contoso: Organization, admins: Answer
) -> None:
    scim.delete_group(admins.id)
    known = create_group(contoso, "print admins", by=TESTER)

    assert scim.create_group("Print Admins").id == str(known.pk)
    assert ProvisioningEvent.objects.latest("pk").action == Action.LINK


def test_a_group_that_was_deleted_in_the_console_is_not_the_directorys_to_bring_back(
    scim: Scim, contoso: Organization, ada: str
) -> None:
    chess = create_group(contoso, "Chess", by=TESTER)
    put(str(chess.pk), PrintUser.objects.get(pk=ada))
    remove_group(chess, until=timezone.now() + AFTER_GRACE, by=TESTER)

    assert scim.create_group("Chess").id != str(chess.pk)


def test_whom_the_console_restores_the_directory_finds_and_links(
    scim: Scim, admins: Answer, ada: str, bob: PrintUser
) -> None:
    scim.patch_group(admins.id, op("add", "members", [{"value": ada}]))
    put(admins.id, bob)
    scim.delete_group(admins.id)
    restore_group(PrintGroup.objects.get(pk=admins.id), by=TESTER)

    found = scim.group(admins.id).body
    assert ("externalId" in found, "members" in found) == (False, False)
    assert rows_of(admins.id) == {(str(bob.pk), CONSOLE)}
    assert scim.create_group("Print Admins", externalId="g-3").id == admins.id
    assert ProvisioningEvent.objects.latest("pk").action == Action.LINK


def test_what_another_directory_put_there_waits_too_and_it_links_the_group_again(
    scim: Scim, contoso: Organization, installation: Installation, admins: Answer, ada: str, eve: str
) -> None:
    other = Installation.objects.create(organization=contoso, slug="another-directory")
    ScimGroup.objects.create(installation=other, group_id=admins.id, external_id="theirs")
    GroupMembership.objects.create(group_id=admins.id, person_id=eve, source=other.source)
    scim.patch_group(admins.id, op("add", "members", [{"value": ada}]))

    scim.delete_group(admins.id)
    assert not ScimGroup.objects.filter(group=admins.id).exists()
    scim.create_group("Print Admins", ada)

    assert rows_of(admins.id) == {(eve, other.source), (ada, installation.source)}
    assert ScimGroup.objects.get(group=admins.id).installation == installation


def test_the_audit_of_a_group_that_was_never_linked_says_deleted_and_nothing_else(
    scim: Scim, contoso: Organization
) -> None:
    known = create_group(contoso, "Staff", by=TESTER)
    scim.delete_group(known.pk)

    events = AuditEvent.objects.filter(object_id=str(known.pk)).order_by("pk")
    assert list(events.values_list("verb", flat=True)) == ["group.created", "group.deleted"]


# Nobody sees a tombstone


@pytest.fixture
def deleted(scim: Scim, admins: Answer, ada: str, bob: PrintUser) -> str:
    """The id of a deleted group that was in another one and had another one in it, by all sources."""
    company, inner = scim.create_group("Company", admins.id), scim.create_group("Inner")
    scim.patch_group(admins.id, op("add", "members", [{"value": ada}, {"value": inner.id}]))
    put(admins.id, bob, PrintUser.objects.get(pk=ada))
    for parent, child in ((company, admins), (admins, inner)):
        nested = Members(groups=frozenset({PrintGroup.objects.get(pk=child.id).pk}))
        change_members(PrintGroup.objects.get(pk=parent.id), [Change(Verb.ADD, nested)], by=TESTER)
    # Another directory's rows, which this one's DELETE leaves alone.
    GroupNesting.objects.create(parent_id=company.id, child_id=admins.id, source="other:1")
    scim.delete_group(admins.id)
    return admins.id


READS = [
    "/Groups",
    "/Groups?filter=displayName+sw+%22print%22",
    "/Groups?filter=id+eq+%22{deleted}%22",
    "/Groups?filter=externalId+eq+%22g-1%22",
    "/Groups?filter=members+eq+%22{deleted}%22",
    "/Groups?filter=members.display+eq+%22print+admins%22",
    "/Groups?sortBy=members.display",
    "/Users",
    "/Users?filter=groups+eq+%22{deleted}%22",
    "/Users?filter=groups.display+co+%22print%22",
    "/Users?filter=groups+pr",
    "/",
]


@pytest.mark.parametrize("path", READS)
def test_no_read_shows_a_deleted_group(scim: Scim, deleted: str, path: str) -> None:
    # As the directory whose rows a DELETE by another one has left: it must not see them either.
    GroupMembership.objects.filter(group=deleted).update(source=source_of(scim))
    GroupNesting.objects.filter(source="other:1").update(source=source_of(scim))

    answer = scim.get(path.format(deleted=deleted))

    assert answer.status == 200
    assert deleted not in answer.raw.decode()
    assert "Print Admins" not in answer.raw.decode()


def source_of(scim: Scim) -> str:
    return f"{factories.ADDON}:{scim.base.rpartition('/')[2]}"


WRITES: list[tuple[str, Any]] = [
    ("GET", None),
    ("PUT", a_group("Print Admins")),
    ("PATCH", {"Operations": [op("replace", "displayName", "Mine")]}),
    ("PATCH", {"Operations": []}),
    ("DELETE", None),
]


@pytest.mark.parametrize(("method", "body"), WRITES)
def test_a_deleted_group_is_404_for_everything(scim: Scim, deleted: str, method: str, body: Any) -> None:
    before = PrintGroup.objects.filter(pk=deleted).values().get()

    assert scim.send(method, f"/Groups/{deleted}", body).status == 404
    assert scim.send(method, f"/Groups/{deleted}", body, If_None_Match=admins_tag(before)).status == 404
    assert PrintGroup.objects.filter(pk=deleted).values().get() == before


def admins_tag(group: dict[str, Any]) -> str:
    return f'W/"{group["version"]}"'


def test_a_deleted_group_is_nobodys_member(scim: Scim, deleted: str) -> None:
    staff = scim.create_group("Staff")

    for answer in (
        scim.patch_group(staff.id, op("add", "members", [{"value": deleted}])),
        scim.put_group(staff.id, a_group("Staff", deleted)),
        scim.create_group("New", deleted),
    ):
        assert answer.error == (400, "invalidValue")
    assert scim.group(staff.id).headers["ETag"] == staff.headers["ETag"]


# What it costs

COSTS = {
    "delete": 19,
    "bring back": 26 + BODY,
    "delete a member": 30,
    "member comes back": 34 + BODY,
    "delete a child": 19,
}


@pytest.mark.parametrize("size", [1, 3, 300])
@pytest.mark.parametrize("name", COSTS)
def test_cost_does_not_grow_with_members_nor_with_groups(
    scim: Scim,
    contoso: Organization,
    admins: Answer,
    ada: str,
    django_assert_num_queries: DjangoAssertNumQueries,
    name: str,
    size: int,
) -> None:
    fill(contoso, source_of(scim), admins.id, ada, size)
    if name == "bring back":
        scim.delete_group(admins.id)
    if name == "member comes back":
        scim.delete(ada)
    child = str(PrintGroup.objects.get(display_name="inner").pk)
    call = {
        "delete": lambda: scim.delete_group(admins.id),
        "bring back": lambda: scim.create_group("Print Admins", ada),
        "delete a member": lambda: scim.delete(ada),
        "member comes back": lambda: scim.create("ada"),
        "delete a child": lambda: scim.delete_group(child),
    }[name]
    scim.get("/Groups")  # the first contact of a token costs more

    with django_assert_num_queries(COSTS[name]):
        answer = call()

    assert answer.status < 300


def fill(contoso: Organization, source: str, group: str, person: str, size: int) -> None:
    """``size`` people in the group, and ``size`` groups around it, with the person in each of them."""
    people = PrintUser.objects.bulk_create(
        PrintUser(organization=contoso, user_name=f"p{n}", user_name_key=f"p{n}") for n in range(size)
    )
    groups = PrintGroup.objects.bulk_create(
        PrintGroup(organization=contoso, display_name=name, display_name_key=name, source=source)
        for name in ["inner", *(f"g{n}" for n in range(size))]
    )
    inner, around = groups[0], groups[1:]
    GroupMembership.objects.bulk_create(
        [GroupMembership(group_id=group, person=one, source=by) for one in people for by in (source, CONSOLE)]
        + [GroupMembership(group=one, person_id=person, source=source) for one in around]
    )
    GroupNesting.objects.bulk_create(
        [GroupNesting(parent=one, child_id=group, source=source) for one in around]
        + [GroupNesting(parent=one, child=inner, source=source) for one in around]
    )
