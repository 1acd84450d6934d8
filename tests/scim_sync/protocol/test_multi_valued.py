"""A list is never emptied by what nobody could read, whichever list it is and however it was asked for."""

import json

import pytest

from scim_sync.protocol.attributes import GROUP, USER
from scim_sync.protocol.bodies import read_group, read_user
from scim_sync.protocol.errors import InvalidPath, InvalidValue, ScimError
from scim_sync.protocol.group_patch import apply_group_patch
from scim_sync.protocol.members import MemberChange
from scim_sync.protocol.user_patch import apply_patch
from tests.scim_sync.protocol.helpers import CORE, ENTERPRISE, comparison_key

WRITABLE = sorted(each.name for each in USER.core.values() if each.multi_valued and not each.read_only)
FULL = {name: [{"type": "work", "value": "a"}, {"type": "home", "value": "b"}] for name in WRITABLE}
FULL["addresses"] = [{"type": "work", "locality": "a"}, {"type": "home", "locality": "b"}]
ADA = {"schemas": [CORE, ENTERPRISE], "userName": "ada", "active": True, **FULL}
ADA |= {"name": {"givenName": "Ada"}, ENTERPRISE: {"department": "IT"}}
UNCHANGED = {name: value for name, value in ADA.items() if name != "schemas"}  # what a client may write


def patch(*operations):
    return apply_patch(ADA, {"Operations": list(operations)}, comparison_key=comparison_key)


def members(*operations, replace_adds=True):
    group = {"displayName": "Admins"}
    body = {"Operations": list(operations)}
    patched = apply_group_patch(group, body, comparison_key=comparison_key, replace_adds=replace_adds)
    return patched.members


def shapes(verb, path, value):
    """An operation with its path, and the same folded into the value of one without."""
    return [{"op": verb, "path": path, "value": value}, {"op": verb, "value": {path: value}}]


def refused(operation, attribute, error=InvalidValue):
    with pytest.raises(error) as caught:
        patch(operation) if attribute != "members" else members(operation)
    assert attribute in caught.value.detail
    return caught.value.detail


NAMES_NOTHING = [
    " ",
    {},
    [{}],
    [None],
    [""],
    [[]],
    [[[]]],
    {"mail": "x"},
    [{"mail": "x"}],
    [{"id": "x"}],
    {"work": "x"},
    {"emails": [{"value": "x"}]},
    {"members": [{"value": "x"}]},
    [{"value": None}],
    [{"value": ""}],
    [{"nosuch": "x", "type": "work"}],
    [5],
    5,
    True,
    [[{"value": "x"}, {"value": "y"}]],
]


def test_every_list_a_client_may_write_is_asked_here():
    assert WRITABLE == ["addresses", "emails", "entitlements", "ims", "phoneNumbers", "roles"]
    assert [each.name for each in GROUP.core.values() if each.lists_members] == ["members"]
    assert not any(each.lists_members for each in USER.walk())


@pytest.mark.rfc("7644", "3.5.2.1")
@pytest.mark.parametrize("attribute", [*WRITABLE, "members"])
@pytest.mark.parametrize("value", [None, "", *NAMES_NOTHING], ids=json.dumps)
def test_adding_what_names_nothing_is_refused_by_name(attribute, value):
    for operation in shapes("Add", attribute, value):
        refused(operation, attribute)


@pytest.mark.rfc("7644", "3.5.2.3")
@pytest.mark.parametrize("attribute", [*WRITABLE, "members"])
@pytest.mark.parametrize("value", NAMES_NOTHING, ids=json.dumps)
def test_replacing_by_what_names_nothing_is_refused_by_name(attribute, value):
    for operation in shapes("replace", attribute, value):
        refused(operation, attribute)


@pytest.mark.rfc("7644", "3.5.2.2")
@pytest.mark.parametrize("attribute", [*WRITABLE, "members"])
@pytest.mark.parametrize("value", [None, "", *NAMES_NOTHING], ids=json.dumps)
def test_removing_what_names_nothing_is_refused_by_name(attribute, value):
    refused({"op": "Remove", "path": attribute, "value": value}, attribute)


def test_one_unreadable_value_among_several_is_refused_too():
    for verb in ("add", "replace", "remove"):
        refused({"op": verb, "path": "emails", "value": [{"value": "a"}, {"mail": "x"}]}, "emails")
        refused({"op": verb, "path": "members", "value": [{"value": "a"}, {"id": "x"}]}, "members")
    refused({"op": "remove", "path": "emails", "value": [{"value": "a"}, {"value": ""}]}, "emails")


def test_the_refusal_says_what_was_given_and_what_is_known():
    given = {"op": "add", "path": "emails", "value": [{"mail": "x@y", "kind": "work"}]}
    assert refused(given, "emails") == (
        "emails: an object of 'mail', 'kind' names nothing; known are value, type, primary"
    )
    assert refused({"op": "add", "path": "emails", "value": None}, "emails").startswith("emails: null names")
    assert refused({"op": "add", "path": "members", "value": [{"id": "x"}]}, "members") == (
        "members.value: is required, an object of 'id' has none"
    )


@pytest.mark.parametrize("attribute", WRITABLE)
def test_an_empty_list_empties_with_replace_and_with_nothing_else(attribute):
    for operation in shapes("replace", attribute, []):
        assert attribute not in patch(operation).resource
    for operation in [*shapes("add", attribute, []), {"op": "remove", "path": attribute, "value": []}]:
        assert patch(operation).resource == UNCHANGED
    assert attribute not in patch({"op": "remove", "path": attribute}).resource


@pytest.mark.parametrize("replace_adds", [True, False])
def test_an_empty_list_empties_a_group_in_both_dialects(replace_adds):
    for operation in shapes("Replace", "members", []):
        assert members(operation, replace_adds=replace_adds) == [MemberChange("replace")]
    for operation in [*shapes("Add", "members", []), {"op": "Remove", "path": "members", "value": []}]:
        assert members(operation, replace_adds=replace_adds) == []


@pytest.mark.rfc("7643", "2.5")
@pytest.mark.parametrize("nothing", [None, ""])
def test_null_replaces_the_values_of_a_person_but_never_the_members_of_a_group(nothing):
    for attribute in WRITABLE:
        for operation in shapes("replace", attribute, nothing):
            assert attribute not in patch(operation).resource
    for path in ("members", 'members[value eq "a"]'):
        for operation in shapes("replace", path, nothing):
            refused(operation, "members")


@pytest.mark.parametrize("attribute", [*WRITABLE, "members"])
@pytest.mark.parametrize(
    "value", [None, "", " ", {}, {"nosuch": "x"}, {"type": None}, {"type": ""}, [None], 5]
)
def test_adding_nothing_to_what_a_path_selects_is_refused(attribute, value):
    for operation in shapes("add", f'{attribute}[type eq "work"]', value):
        refused(operation, attribute)


@pytest.mark.parametrize(
    "path", ["emails.value", 'emails[type eq "work"].value', 'emails[type eq "x"].value']
)
@pytest.mark.parametrize("nothing", [None, "", " "])
def test_adding_nothing_as_a_part_of_list_values_is_refused(path, nothing):
    for operation in shapes("add", path, nothing):
        refused(operation, "emails.value")


@pytest.mark.parametrize("path", ["name", ENTERPRISE])
@pytest.mark.parametrize("nothing", [None, ""])
def test_adding_nothing_to_a_set_of_attributes_is_refused(path, nothing):
    for operation in shapes("add", path, nothing):
        refused(operation, path)


def test_an_empty_list_for_what_a_path_selects_is_an_empty_list():
    selected = 'emails[type eq "work"]'
    assert patch({"op": "add", "path": selected, "value": []}).resource == UNCHANGED
    assert patch({"op": "replace", "path": selected, "value": []}).resource["emails"] == FULL["emails"][1:]
    assert members({"op": "add", "path": 'members[value eq "a"]', "value": []}) == []
    gone = members({"op": "replace", "path": 'members[value eq "a"]', "value": []})
    assert gone == [MemberChange("remove", ("a",))]


def test_a_label_alone_says_what_shall_go():
    left = patch({"op": "Remove", "path": "emails", "value": [{"type": "work"}]}).resource
    assert left["emails"] == FULL["emails"][1:]


def test_removing_a_value_from_every_element_is_refused():
    for value in ("a", None, "", ["a"]):
        refused({"op": "Remove", "path": "emails.value", "value": value}, "emails.value")
    assert "emails" not in patch({"op": "remove", "path": "emails.value"}).resource
    assert "title" not in patch({"op": "remove", "path": "title", "value": "x"}).resource


@pytest.mark.parametrize(
    "value", [{"id": "9"}, {"manager": "9"}, {"$ref": "/Users/9"}, {"displayName": "Ada"}]
)
@pytest.mark.parametrize("path", ["manager", f"{ENTERPRISE}:manager"])
def test_a_manager_without_a_value_is_refused(path, value):
    for verb in ("add", "replace"):
        for operation in shapes(verb, path, value) + shapes(verb, path, [value]):
            refused(operation, "manager")
    nothing = {"op": "replace", "path": path, "value": {"$ref": None, "displayName": ""}}
    assert patch(nothing).resource == UNCHANGED


# Paths that lead elsewhere than they look

MISQUOTED = ["'work'", "‘work’", "“work”", "„work“", "`work`", "´work´", "«work»", "work'", "”work"]


@pytest.mark.parametrize("literal", MISQUOTED)
@pytest.mark.parametrize("verb", ["add", "replace", "remove"])
def test_a_literal_in_other_quotes_is_invalid_path(literal, verb):
    for attribute in ("emails", "members"):
        for condition in (f"value eq {literal}", f"type ne {literal}", f'type eq "a" or value sw {literal}'):
            path = f"{attribute}[{condition}]" + (".value" if attribute == "emails" else "")
            operation = {"op": verb, "path": path, "value": "x"}
            assert "straight double quotes" in refused(operation, attribute, InvalidPath)
            if verb != "remove":
                refused({"op": verb, "value": {path: "x"}}, attribute, InvalidPath)


def test_an_apostrophe_inside_a_bare_literal_is_a_letter():
    changes = members({"op": "remove", "path": "members[value eq o'neil]"})
    assert changes == [MemberChange("remove", ("o'neil",))]


@pytest.mark.parametrize("separator", [".", "/", "#", " ", "-"])
@pytest.mark.parametrize("urn", [CORE, ENTERPRISE, ENTERPRISE.lower(), ENTERPRISE.replace("0:User", "0User")])
def test_a_schema_and_its_attribute_are_separated_by_a_colon(separator, urn):
    path = f"{urn}{separator}department"
    refused({"op": "remove", "path": path}, "colon" if separator != " " else "path", InvalidPath)
    for operation in shapes("replace", path, "x"):
        refused(operation, "path", InvalidPath)


def test_schemas_nobody_here_knows_are_still_ignored():
    for path in ("urn:x:2.0:User.badge", f"{ENTERPRISE}Plus:badge", f"{ENTERPRISE}:badge", f"{CORE}:nosuch"):
        for operation in shapes("add", path, "x"):
            assert patch(operation).ignored == (path,)


@pytest.mark.parametrize("condition", ['id eq "x"', 'nosuch eq "x"', "nosuch pr", 'value.x eq "y"'])
def test_removing_by_what_no_value_has_is_invalid_path(condition):
    refused({"op": "remove", "path": f"emails[{condition}]"}, "emails", InvalidPath)
    for verb in ("add", "replace", "remove"):
        refused(
            {"op": verb, "path": f"members[{condition}]", "value": {"value": "x"}}, "members", InvalidPath
        )


@pytest.mark.parametrize(
    "condition", ['value eq ""', 'display co ""', 'type sw ""', "value eq true", 'value ne ""']
)
def test_selecting_members_by_nothing_is_invalid_path(condition):
    for verb in ("add", "replace", "remove"):
        refused(
            {"op": verb, "path": f"members[{condition}]", "value": {"value": "x"}}, "members", InvalidPath
        )


# The bodies of POST and PUT


@pytest.mark.parametrize("attribute", WRITABLE)
@pytest.mark.parametrize(
    "value", [[{"mail": "x"}], {"nosuch": ["x"]}, [5], [{"type": "work", "nosuch": "x"}]]
)
def test_a_body_with_a_value_nobody_can_read_is_refused(attribute, value):
    with pytest.raises(InvalidValue, match=attribute):
        read_user({"userName": "ada", attribute: value}, comparison_key=comparison_key)


@pytest.mark.parametrize(
    "value", ["", [None], [{"id": "x"}], {"members": [{"value": "x"}]}, [{"display": "x"}]]
)
def test_a_body_with_a_member_nobody_can_read_is_refused(value):
    with pytest.raises(ScimError) as caught:
        read_group({"displayName": "Admins", "members": value}, comparison_key=comparison_key)
    assert (caught.value.scim_type, "members" in caught.value.detail) == ("invalidValue", True)


@pytest.mark.parametrize("value", [None, []])
def test_a_body_without_members_has_none(value):
    read = read_group({"displayName": "Admins", "members": value}, comparison_key=comparison_key)
    assert read.members == [MemberChange("replace")]
