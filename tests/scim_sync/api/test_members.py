"""Members of groups are rows, and the rows of others stay as they are."""

from typing import Any
from uuid import uuid4

import pytest

from addons.models import Installation
from addons.services import configure
from printmgmt.organizations.models import Organization
from printmgmt.people.memberships import Change, Members, Verb, change_members
from printmgmt.people.models import CONSOLE, GroupMembership, GroupNesting, PrintGroup, PrintUser
from scim_sync.models import ProvisioningEvent, Result
from tests import factories
from tests.factories import TESTER
from tests.scim_sync.client import Answer, Scim, a_group, op
from tests.scim_sync.costs import BODY

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

# Queries, savepoints counted: one member in or out, and a page of groups with members.
PATCH_ONE = 18
LIST = 4


def members(scim: Scim, group: object) -> set[str]:
    return {member["value"] for member in scim.group(group).body.get("members", [])}


@pytest.mark.rfc("7643", "4.2")
def test_a_group_may_come_with_its_members(scim: Scim, ada: str, admins: Answer) -> None:
    answer = scim.create_group("Everybody", ada, admins.id)

    shown = {member["value"]: (member["type"], member["display"]) for member in answer.body["members"]}
    assert shown == {ada: ("User", "Ada Byron"), admins.id: ("Group", "Print Admins")}
    assert all(member["$ref"].endswith(f"s/{member['value']}") for member in answer.body["members"])


@pytest.mark.rfc("7644", "3.5.2.1")
@pytest.mark.parametrize(
    "member",
    [lambda ada: [{"value": ada, "$ref": None}], lambda ada: {"value": ada}, str],
    ids=["list", "object", "id"],
)
def test_a_member_is_added_once_however_often(scim: Scim, admins: Answer, ada: str, member: Any) -> None:
    sent = member(ada)
    first = scim.patch_group(admins.id, op("Add", "members", sent))
    again = scim.patch_group(admins.id, op("Add", "members", sent))

    assert (first.status, again.status) == (200, 200)
    assert [member["value"] for member in first.body["members"]] == [ada]
    assert first.headers["ETag"] == again.headers["ETag"] == 'W/"2"'
    assert ProvisioningEvent.objects.latest("pk").result == Result.UNCHANGED


@pytest.mark.rfc("7644", "3.5.2.2")
@pytest.mark.parametrize(
    "remove",
    [
        lambda ada: op("Remove", "members", [{"$ref": None, "value": ada}]),
        lambda ada: op("remove", f'members[value eq "{ada}"]'),
        lambda ada: op("remove", f'members[value eq "{ada}" or value eq "nobody"]'),
        lambda ada: op("remove", 'members[display eq "ada byron"]'),
        lambda ada: op("remove", f'members[type eq "User" and value eq "{ada}"]'),
    ],
    ids=["value", "filter", "or", "display", "and"],
)
def test_a_member_is_removed_and_the_others_stay(
    scim: Scim, admins: Answer, ada: str, eve: str, remove: Any
) -> None:
    scim.patch_group(admins.id, op("add", "members", [{"value": ada}, {"value": eve}]))

    assert scim.patch_group(admins.id, remove(ada)).status == 200
    assert members(scim, admins.id) == {eve}
    assert scim.patch_group(admins.id, remove(ada)).status == 200
    assert members(scim, admins.id) == {eve}


def test_removing_without_a_value_empties_the_group(scim: Scim, admins: Answer, ada: str, eve: str) -> None:
    scim.patch_group(admins.id, op("add", "members", [{"value": ada}, {"value": eve}]))

    assert "members" not in scim.patch_group(admins.id, op("remove", "members")).body


@pytest.mark.rfc("7644", "3.5.2.3")
@pytest.mark.parametrize(("dialect", "left"), [("azure", {"ada", "eve"}), ("rfc", {"eve"})])
def test_replace_adds_for_azure_and_replaces_for_the_rfc(
    scim: Scim, installation: Installation, admins: Answer, ada: str, eve: str, dialect: str, left: set[str]
) -> None:
    configure(installation, {"replace_members": dialect}, by=TESTER)
    scim.patch_group(admins.id, op("add", "members", [{"value": ada}]))

    scim.patch_group(admins.id, op("replace", "members", [{"value": eve}]))

    assert members(scim, admins.id) == {{"ada": ada, "eve": eve}[name] for name in left}


@pytest.mark.parametrize("dialect", ["azure", "rfc"])
def test_an_empty_list_to_replace_them_empties_the_group(
    scim: Scim, installation: Installation, admins: Answer, ada: str, bob: PrintUser, dialect: str
) -> None:
    configure(installation, {"replace_members": dialect}, by=TESTER)
    scim.patch_group(admins.id, op("add", "members", [{"value": ada}]))
    change_members(
        PrintGroup.objects.get(pk=admins.id), [Change(Verb.ADD, Members(frozenset({bob.pk})))], by=TESTER
    )

    scim.patch_group(admins.id, op("replace", "", {"displayName": "New", "members": []}))

    assert scim.group(admins.id).body["displayName"] == "New"
    assert members(scim, admins.id) == set()
    rows = GroupMembership.objects.filter(group=admins.id).values_list("person", "source")
    assert list(rows) == [(bob.pk, CONSOLE)]


@pytest.mark.rfc("7644", "3.5.2.1")
@pytest.mark.rfc("7644", "3.5.2.2")
@pytest.mark.parametrize("dialect", ["azure", "rfc"])
@pytest.mark.parametrize("value", [None, "", " ", {}, [None], [""], [[]], "wrong key", "display", "wrapped"])
def test_a_value_that_names_nobody_is_refused_and_nobody_is_lost(
    scim: Scim, installation: Installation, admins: Answer, ada: str, eve: str, dialect: str, value: Any
) -> None:
    configure(installation, {"replace_members": dialect}, by=TESTER)
    before = scim.patch_group(admins.id, op("add", "members", [{"value": ada}, {"value": eve}])).body
    value = {
        "wrong key": [{"id": ada}],
        "display": [{"display": "Ada Byron"}],
        "wrapped": {"members": [{"value": ada}]},
    }.get(value if isinstance(value, str) else "", value)

    answers = [
        scim.patch_group(admins.id, op(verb, "members", value)) for verb in ("Add", "Replace", "Remove")
    ]
    answers += [scim.patch_group(admins.id, op(verb, "", {"members": value})) for verb in ("add", "replace")]
    answers += [
        scim.patch_group(admins.id, op(verb, f'members[value eq "{ada}"]', value)) for verb in ("add", "Add")
    ]

    assert [answer.error for answer in answers] == [(400, "invalidValue")] * 7
    assert all("members" in answer.body["detail"] for answer in answers)
    assert scim.group(admins.id).body == before


@pytest.mark.parametrize("quotes", ["''", "‘’", "“”", "``", "«»"])
def test_a_member_in_the_wrong_quotes_is_invalid_path_and_nobody_is_lost(
    scim: Scim, admins: Answer, ada: str, eve: str, quotes: str
) -> None:
    before = scim.patch_group(admins.id, op("add", "members", [{"value": ada}, {"value": eve}])).body

    for operator in ("eq", "ne", "co"):
        path = f"members[value {operator} {quotes[0]}{ada}{quotes[1]}]"
        assert scim.patch_group(admins.id, op("remove", path)).error == (400, "invalidPath")
    assert scim.group(admins.id).body == before


def test_operations_of_one_patch_work_in_their_order(scim: Scim, admins: Answer, ada: str, eve: str) -> None:
    answer = scim.patch_group(
        admins.id,
        op("add", "members", [{"value": ada}]),
        op("remove", f'members[value eq "{ada}"]'),
        op("add", "members", [{"value": eve}]),
        op("replace", "displayName", "Admins"),
    )

    assert ([m["value"] for m in answer.body["members"]], answer.body["displayName"]) == ([eve], "Admins")


@pytest.mark.rfc("7644", "3.5.1")
def test_put_leaves_just_these(scim: Scim, admins: Answer, ada: str, eve: str) -> None:
    scim.patch_group(admins.id, op("add", "members", [{"value": ada}]))

    answer = scim.put_group(admins.id, a_group("Admins", eve))

    assert answer.status == 200
    assert ([m["value"] for m in answer.body["members"]], answer.body["displayName"]) == ([eve], "Admins")
    assert "externalId" not in answer.body
    assert "members" not in scim.put_group(admins.id, a_group("Admins")).body


def test_unknown_and_foreign_members_are_refused_alike_and_nothing_is_done(
    scim: Scim, admins: Answer, ada: str, charlie: PrintUser
) -> None:
    nobody = str(uuid4())
    for unknown in (nobody, str(charlie.pk), "no id"):
        refused = scim.patch_group(admins.id, op("add", "members", [{"value": ada}, {"value": unknown}]))
        assert refused.error == (400, "invalidValue")
        assert refused.body["detail"] == f"members.value: no person or group here has the id {unknown!r}"
    assert members(scim, admins.id) == set()
    assert scim.group(admins.id).headers["ETag"] == admins.headers["ETag"]


def test_unknown_members_may_be_left_out_with_a_warning(
    scim: Scim, installation: Installation, admins: Answer, ada: str
) -> None:
    configure(installation, {"unknown_members": "ignore"}, by=TESTER)

    assert scim.patch_group(admins.id, op("add", "members", [{"value": ada}, {"value": "?"}])).status == 200

    assert members(scim, admins.id) == {ada}
    event = ProvisioningEvent.objects.latest("pk")
    assert (event.result, "'?'" in event.detail) == (Result.WARNING, True)


@pytest.mark.rfc("7643", "4.2")
def test_groups_are_nested_and_never_in_a_circle(scim: Scim, admins: Answer) -> None:
    staff = scim.create_group("Staff", admins.id)

    for inner, outer in ((admins.id, admins.id), (staff.id, admins.id)):
        refused = scim.patch_group(outer, op("add", "members", [{"value": inner}]))
        assert refused.error == (400, "invalidValue")
    assert scim.group(staff.id).body["members"][0]["type"] == "Group"
    assert GroupNesting.objects.count() == 1


@pytest.mark.rfc("7643", "2.2")
@pytest.mark.parametrize(
    ("operation", "error"),
    [
        (op("replace", "members.value", "x"), "mutability"),
        (op("replace", "members.display", "x"), "mutability"),
        (op("replace", 'members[value eq "x"].value', "y"), "mutability"),
        (op("replace", "id", "x"), "mutability"),
        (op("remove", "displayName"), "mutability"),
        (op("add", "members", [{"type": "User", "$ref": "x", "display": "y"}, 5]), "invalidValue"),
        (op("remove", 'members[value eq "x"'), "invalidPath"),
        (op("remove"), "noTarget"),
    ],
)
def test_what_cannot_be_changed_says_so(
    scim: Scim, admins: Answer, operation: dict[str, Any], error: str
) -> None:
    assert scim.patch_group(admins.id, operation).error == (400, error)
    assert scim.group(admins.id).headers["ETag"] == admins.headers["ETag"]


def test_above_a_hundred_members_a_patch_is_answered_without_them(
    scim: Scim, admins: Answer, contoso: Organization, installation: Installation
) -> None:
    people = [factories.person(contoso) for _ in range(101)]
    listed = [{"value": str(person.pk)} for person in people]

    at_most = scim.patch_group(admins.id, op("add", "members", listed[:100]))
    above = scim.patch_group(admins.id, op("add", "members", listed[100:]))

    assert (at_most.status, len(at_most.body["members"])) == (200, 100)
    assert (above.status, above.headers["ETag"]) == (204, 'W/"3"')
    assert ProvisioningEvent.objects.latest("pk").status == 204
    assert len(members(scim, admins.id)) == 101
    whole = scim.send("PATCH", f"/Groups/{admins.id}?excludedAttributes=members", {"Operations": []})
    assert (whole.status, "members" in whole.body) == (200, False)


@pytest.mark.rfc("7644", "3.9")
def test_members_that_are_not_asked_for_are_not_read(
    scim: Scim, admins: Answer, ada: str, django_assert_num_queries: Any
) -> None:
    scim.patch_group(admins.id, op("add", "members", [{"value": ada}]))

    with django_assert_num_queries(2) as captured:
        answer = scim.group(admins.id, "?excludedAttributes=members")

    assert "members" not in answer.body
    assert not any("groupmembership" in query["sql"] for query in captured.captured_queries)
    found = scim.get("/Groups?excludedAttributes=members&filter=displayName+eq+%22PRINT%20ADMINS%22").body
    assert [(one["id"], "members" in one) for one in found["Resources"]] == [(admins.id, False)]


def test_what_the_console_put_there_is_invisible_and_stays(
    scim: Scim, admins: Answer, ada: str, bob: PrintUser
) -> None:
    group = PrintGroup.objects.get(pk=admins.id)
    change_members(group, [Change(Verb.ADD, Members(frozenset({bob.pk})))], by=TESTER)

    assert members(scim, admins.id) == set()
    scim.put_group(admins.id, a_group("Print Admins", ada))
    assert members(scim, admins.id) == {ada}

    rows = GroupMembership.objects.values_list("person", "source")
    assert (bob.pk, CONSOLE) in rows


def test_a_removed_person_is_no_member_and_comes_back_with_the_groups(
    scim: Scim, admins: Answer, ada: str
) -> None:
    scim.patch_group(admins.id, op("add", "members", [{"value": ada}]))
    scim.delete(ada)
    assert members(scim, admins.id) == set()

    assert scim.create("ada").id == ada
    assert members(scim, admins.id) == {ada}


@pytest.mark.parametrize("size", [1, 3, 300])
def test_one_member_costs_the_same_whatever_the_size(
    scim: Scim, admins: Answer, ada: str, contoso: Organization, django_assert_num_queries: Any, size: int
) -> None:
    source = f"azure-ad-user-sync:{scim.base.rpartition('/')[2]}"
    people = PrintUser.objects.bulk_create(
        PrintUser(organization=contoso, user_name=f"p{n}", user_name_key=f"p{n}") for n in range(size)
    )
    GroupMembership.objects.bulk_create(
        GroupMembership(group_id=admins.id, person=person, source=source) for person in people
    )
    scim.get("/Groups")  # the first contact of a token costs more

    with django_assert_num_queries(PATCH_ONE + BODY):
        scim.patch_group(admins.id, op("add", "members", [{"value": ada}]))
    with django_assert_num_queries(PATCH_ONE - 1 + BODY):  # nobody has to be looked up to go
        scim.patch_group(admins.id, op("remove", "members", [{"value": ada}]))
    with django_assert_num_queries(LIST):
        scim.get("/Groups")


@pytest.mark.rfc("7643", "4.2")
@pytest.mark.parametrize("member", [{}, {"type": "User"}, {"value": ""}, {"value": None, "type": "User"}])
def test_a_member_that_is_nobody_is_refused_and_nobody_is_lost(
    scim: Scim, admins: Answer, ada: str, member: dict[str, Any]
) -> None:
    scim.patch_group(admins.id, op("add", "members", [{"value": ada}]))
    before = scim.group(admins.id).body

    body = a_group("Print Admins", members=[member])
    answers = [scim.patch_group(admins.id, op(verb, "members", [member])) for verb in ("add", "replace")]
    answers += [scim.put_group(admins.id, body), scim.post({**body, "displayName": "New"}, "/Groups")]

    assert [answer.error for answer in answers] == [(400, "invalidValue")] * 4
    assert all("members.value" in answer.body["detail"] for answer in answers)
    assert scim.group(admins.id).body == before
