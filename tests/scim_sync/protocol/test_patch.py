"""PATCH of a person (RFC 7644 §3.5.2), in both of Azure's dialects and in the shapes its validators send."""

import copy
import json

import pytest

from scim_sync.protocol.effort import MAX_VALUES_COPIED, Effort
from scim_sync.protocol.errors import PayloadTooLarge, ScimError
from scim_sync.protocol.user_patch import apply_patch
from tests.scim_sync.protocol.helpers import CORE, ENTERPRISE, PRINTMGMT, comparison_key

PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
WORK = {"type": "work", "primary": True, "value": "ada@contoso.com"}
HOME = {"type": "home", "value": "ada@home"}
ADA = {
    "schemas": [CORE, ENTERPRISE, PRINTMGMT],
    "id": "6f1c7f5e-3c53-4d0a-9b7e-0d6a3c1f2b4d",
    "externalId": "ada",
    "userName": "ada@contoso.com",
    "active": True,
    "displayName": "Ada Byron",
    "name": {"familyName": "Byron", "givenName": "Ada"},
    "emails": [WORK, HOME],
    "groups": [{"value": "g1", "display": "Print Admins"}],
    ENTERPRISE: {"department": "IT", "manager": {"value": "1"}},
    PRINTMGMT: {"printAliases": ["ada"]},
    "meta": {"resourceType": "User", "created": "2026-01-01T00:00:00Z", "version": 'W/"3"'},
}
READ_ONLY = {"schemas", "id", "groups", "meta", PRINTMGMT}


def patch(*operations, resource=ADA, **members):
    body = {"schemas": [PATCH_OP], "Operations": list(operations), **members}
    return apply_patch(resource, body, comparison_key=comparison_key)


def op(verb, path, *value):
    return {"op": verb, "path": path, **({"value": value[0]} if value else {})}


def ada(**changes):
    """What a client may write of the representation, some attributes changed; None takes one away."""
    changed = {key: value for key, value in {**ADA, **changes}.items() if value is not None}
    return {key: value for key, value in changed.items() if key not in READ_ONLY}


def refused(*operations, resource=ADA):
    with pytest.raises(ScimError) as caught:
        patch(*operations, resource=resource)
    return caught.value


# What Azure sends

DISABLED = [
    [op("Replace", "active", "False")],
    [op("replace", "active", False)],
    [op("Replace", "active", False)],
    [op("replace", "active", "false")],
    [op("Add", "active", "False")],
    [op("REPLACE", "Active", "FALSE")],
    [{"op": "replace", "value": {"active": False}}],
    [{"op": "Replace", "value": {"active": "False"}}],
    [{"OP": "Replace", "PATH": "active", "Value": "False"}],
    [{"op": "replace", "path": None, "value": {"active": False}}],
    [{"op": "replace", "path": "", "value": {"ACTIVE": False}}],
    [op("replace", CORE, {"active": False})],
    [op("replace", f"{CORE}:active", False)],
    [{"op": "replace", "value": {f"{CORE}:active": False}}],
    [{"op": "replace", "value": {CORE: {"active": False}}}],
    [op("Replace", "active", "True"), op("Replace", "active", "False")],
]


@pytest.mark.rfc("7643", "2.3.2")
@pytest.mark.parametrize("operations", DISABLED, ids=lambda operations: json.dumps(operations)[:70])
def test_disable_is_understood_in_every_shape(operations):
    result = patch(*operations)
    assert result.resource == ada(active=False)
    assert result.ignored == ()


def test_verbose_dialect_changes_each_attribute_by_its_path():
    result = patch(
        op("Replace", "displayName", "Ada King"),
        op("Replace", 'emails[type eq "work"].value', "ada.king@contoso.com"),
        op("Replace", "name.familyName", "King"),
        op("Add", f"{ENTERPRISE}:employeeNumber", "42"),
        op("Add", "nickName", "Countess"),
    )
    assert result.resource == ada(
        displayName="Ada King",
        emails=[{**WORK, "value": "ada.king@contoso.com"}, HOME],
        name={"familyName": "King", "givenName": "Ada"},
        nickName="Countess",
        **{ENTERPRISE: {"department": "IT", "manager": {"value": "1"}, "employeeNumber": "42"}},
    )


def test_folded_dialect_changes_plain_dotted_and_qualified_keys():
    result = patch(
        op("replace", 'emails[type eq "work"].value', "ada.king@contoso.com"),
        {
            "op": "replace",
            "value": {
                "displayName": "Ada King",
                "name.familyName": "King",
                f"{ENTERPRISE}:employeeNumber": "42",
                f"{ENTERPRISE}:manager": "2",
                'emails[type eq "home"].value': "new@home",
            },
        },
        {"op": "add", "value": {"urn:ietf:params:scim:schemas:extension:Acme:2.0:User:badge": "7"}},
    )
    assert result.resource == ada(
        displayName="Ada King",
        name={"familyName": "King", "givenName": "Ada"},
        emails=[{**WORK, "value": "ada.king@contoso.com"}, {**HOME, "value": "new@home"}],
        **{ENTERPRISE: {"department": "IT", "manager": {"value": "2"}, "employeeNumber": "42"}},
    )
    assert result.ignored == ("urn:ietf:params:scim:schemas:extension:Acme:2.0:User:badge",)


@pytest.mark.rfc("7643", "2.3.8")
@pytest.mark.rfc("7644", "3.5.2.3")
@pytest.mark.parametrize("value", [{"familyName": "King"}, {"FAMILYNAME": "King"}])
@pytest.mark.parametrize("verb", ["add", "replace"])
def test_object_value_keeps_the_members_it_does_not_name(verb, value):
    assert patch(op(verb, "name", value)).resource["name"] == {"familyName": "King", "givenName": "Ada"}
    assert patch({"op": verb, "value": {"name": value}}).resource["name"]["givenName"] == "Ada"


def test_extension_as_an_object_keeps_what_it_does_not_name():
    for operation in (
        {"op": "replace", "value": {ENTERPRISE: {"department": "HR"}}},
        op("replace", ENTERPRISE, {"department": "HR"}),
        op("replace", "urn:ietf:params:scim:schemas:extension:enterprise:2.0User", {"department": "HR"}),
        op("Replace", "urn:ietf:params:scim:schemas:extension:enterprise:2.0User:department", "HR"),
        op("Replace", "department", "HR"),
        {"op": "replace", "value": {"department": "HR"}},
    ):
        assert patch(operation).resource[ENTERPRISE] == {"department": "HR", "manager": {"value": "1"}}


@pytest.mark.parametrize(
    "operation",
    [
        op("Add", f"{ENTERPRISE}:manager", "9"),
        op("replace", f"{ENTERPRISE}:manager", "9"),
        op("Add", "manager", "9"),
        op("Replace", "manager", [{"$ref": "https://x/Users/9", "value": "9"}]),
        op("Add", f"{ENTERPRISE}:manager", {"value": "9"}),
        op("Add", f"{ENTERPRISE}:manager", {"value": "9", "$ref": None, "displayName": None}),
        op("Replace", f"{ENTERPRISE}:manager.value", "9"),
        op("Replace", "manager.value", "9"),
        {"op": "add", "value": {f"{ENTERPRISE}:manager": {"value": "9"}}},
        {"op": "add", "value": {f"{ENTERPRISE.lower()}:MANAGER": "9"}},
        {"op": "add", "value": {"manager": "9"}},
        {"op": "add", "value": {ENTERPRISE: {"manager": "9"}}},
    ],
    ids=json.dumps,
)
@pytest.mark.parametrize(
    "resource", [ADA, ada(**{ENTERPRISE: None}), ada(**{ENTERPRISE: {"department": "IT"}})]
)
def test_manager_in_any_shape_reads_back_as_an_object(operation, resource):
    assert patch(operation, resource=resource).resource[ENTERPRISE]["manager"] == {"value": "9"}


@pytest.mark.parametrize(
    "operation",
    [
        op("replace", f"{ENTERPRISE}:manager", ""),
        op("replace", f"{ENTERPRISE}:manager", {"value": ""}),
        op("Replace", f"{ENTERPRISE}:manager", None),
        op("replace", f"{ENTERPRISE}:manager.value", ""),
        op("replace", f"{ENTERPRISE}:manager", []),
        op("Remove", f"{ENTERPRISE}:manager"),
        op("Remove", f"{ENTERPRISE}:manager", "1"),
        op("Remove", f"{ENTERPRISE}:manager", {"value": "1"}),
        op("Remove", "manager"),
        op("remove", f"{ENTERPRISE}:manager.value"),
        {"op": "replace", "value": {f"{ENTERPRISE}:manager": ""}},
        {"op": "replace", "value": {"manager": None}},
    ],
    ids=json.dumps,
)
def test_cleared_manager_is_absent(operation):
    assert patch(operation).resource[ENTERPRISE] == {"department": "IT"}


@pytest.mark.rfc("7644", "3.5.2.3")
@pytest.mark.parametrize("verb", ["Add", "Replace", "add", "replace"])
@pytest.mark.parametrize(
    ("path", "attribute", "created"),
    [
        ('phoneNumbers[type eq "mobile"].value', "phoneNumbers", {"type": "mobile", "value": "x"}),
        ('PhoneNumbers[Type eq "fax"].Value', "phoneNumbers", {"type": "fax", "value": "x"}),
        ('addresses[type eq "work"].locality', "addresses", {"type": "work", "locality": "x"}),
        ('roles[primary eq "True"].display', "roles", {"primary": True, "display": "x"}),
        ("roles[primary eq true].value", "roles", {"primary": True, "value": "x"}),
        ("phoneNumbers[type eq work].value", "phoneNumbers", {"type": "work", "value": "x"}),
        (f'{CORE}:ims[type eq "skype"].value', "ims", {"type": "skype", "value": "x"}),
        (
            'ims[type eq "skype" and primary eq true].value',
            "ims",
            {"type": "skype", "primary": True, "value": "x"},
        ),
    ],
)
def test_selection_without_a_match_creates_the_element(verb, path, attribute, created):
    assert patch(op(verb, path, "x")).resource[attribute] == [created]


def test_created_element_leaves_its_siblings_alone():
    result = patch(op("Add", 'emails[type eq "other"].value', "o@x"))
    assert result.resource["emails"] == [WORK, HOME, {"type": "other", "value": "o@x"}]


def test_selection_finds_its_element_in_any_letter_case():
    result = patch(op("Replace", 'emails[type eq "WORK"].value', "new@x"))
    assert result.resource["emails"] == [{**WORK, "value": "new@x"}, HOME]


@pytest.mark.rfc("7643", "2.4")
@pytest.mark.parametrize(
    "condition",
    ["primary eq false", 'primary EQ "False"', "primary ne true", 'type eq "home" and primary eq false'],
)
def test_primary_that_is_not_given_is_false_for_a_selection_too(condition):
    result = patch(op("Replace", f"emails[{condition}].value", "new@x"))
    assert result.resource["emails"] == [WORK, {**HOME, "value": "new@x"}]


def test_a_selection_of_what_is_not_false_finds_the_primary():
    result = patch(op("Replace", "emails[primary ne false].value", "new@x"))
    assert result.resource["emails"] == [{**WORK, "value": "new@x"}, HOME]


def test_several_paths_of_one_new_element_fill_one_element():
    result = patch(
        op("Add", 'addresses[type eq "work"].country', "FR"),
        op("Add", 'addresses[type eq "work"].locality', "Paris"),
        op("Add", 'addresses[type eq "work"].formatted', "Paris, FR"),
    )
    assert result.resource["addresses"] == [
        {"type": "work", "country": "FR", "locality": "Paris", "formatted": "Paris, FR"}
    ]


@pytest.mark.rfc("7643", "2.4")
@pytest.mark.rfc("7644", "3.5.2")
def test_new_primary_value_takes_primary_from_the_others():
    result = patch(op("replace", 'emails[type eq "home"].primary', "True"))
    assert result.resource["emails"] == [{**WORK, "primary": False}, {**HOME, "primary": True}]


@pytest.mark.parametrize("value", ["", None])
@pytest.mark.parametrize(
    ("path", "cleared"),
    [
        ("displayName", {"displayName": None}),
        ("externalId", {"externalId": None}),
        ("name.familyName", {"name": {"givenName": "Ada"}}),
        ("name", {"name": None}),
        ("emails", {"emails": None}),
        ('emails[type eq "work"].value', {"emails": [HOME]}),
        ('emails[type eq "work"]', {"emails": [HOME]}),
        (f"{ENTERPRISE}:department", {ENTERPRISE: {"manager": {"value": "1"}}}),
        ('phoneNumbers[type eq "fax"].value', {}),
        ("title", {}),
    ],
)
def test_empty_values_clear_the_attribute(path, cleared, value):
    assert patch(op("Replace", path, value)).resource == ada(**cleared)
    if "[" not in path:
        assert patch({"op": "replace", "value": {path: value}}).resource == ada(**cleared)


@pytest.mark.rfc("7644", "3.5.2.2")
@pytest.mark.parametrize(
    ("path", "gone"),
    [
        ("displayName", {"displayName": None}),
        ("name", {"name": None}),
        ("emails", {"emails": None}),
        ('emails[type eq "work"]', {"emails": [HOME]}),
        (ENTERPRISE, {ENTERPRISE: None}),
        (PRINTMGMT, {}),
    ],
)
def test_remove_takes_the_attribute_away(path, gone):
    assert patch(op("Remove", path)).resource == ada(**gone)


def test_remove_with_a_value_removes_only_what_is_listed():
    assert patch(op("Remove", "emails", [{"value": "ADA@home"}])).resource["emails"] == [WORK]
    assert patch(op("Remove", "emails", {"type": "work", "$ref": None})).resource["emails"] == [HOME]
    assert patch(op("Remove", "emails", [])).resource["emails"] == [WORK, HOME]
    assert patch(op("Remove", "emails", [{"value": "nobody"}])).resource["emails"] == [WORK, HOME]


def test_adding_nothing_to_a_list_clears_nothing():
    assert patch(op("add", "emails", []), {"op": "add", "value": {"emails": []}}).resource == ada()


@pytest.mark.parametrize("verb", ["add", "replace"])
@pytest.mark.parametrize(
    ("value", "home"),
    [
        ({"primary": True}, {**HOME, "primary": True}),
        ({"type": "home"}, HOME),
        ({"TYPE": "private"}, {**HOME, "type": "private"}),
        ({"nosuch": "x", "primary": True}, {**HOME, "primary": True}),
    ],
)
def test_an_object_for_a_selected_value_changes_just_the_members_it_names(verb, value, home):
    result = patch(op(verb, 'emails[type eq "home"]', value))
    work = {**WORK, "primary": False} if home and home.get("primary") else WORK
    assert result.resource["emails"] == [work, *([home] if home else [])]


@pytest.mark.parametrize(
    ("value", "replaced", "added"),
    [
        ({"value": "", "primary": False}, [WORK], [WORK, {**HOME, "primary": False}]),
        ({"type": None, "primary": False}, None, [WORK, {**HOME, "primary": False}]),
        ({"value": None, "type": "private"}, [WORK], [WORK, {**HOME, "type": "private"}]),
    ],
)
def test_replace_clears_the_members_that_are_empty_and_add_leaves_them(value, replaced, added):
    path = 'emails[type eq "home"]'
    cleared = patch(op("replace", path, value)).resource["emails"]
    assert cleared == (replaced or [WORK, {"value": HOME["value"], "primary": False}])
    assert patch(op("add", path, value)).resource["emails"] == added


@pytest.mark.rfc("7644", "3.5.2.1")
def test_add_to_a_list_appends_and_does_not_repeat():
    other = {"type": "other", "value": "o@x"}
    assert patch(op("add", "emails", [other, HOME])).resource["emails"] == [WORK, HOME, other]
    assert patch(op("add", "emails", other)).resource["emails"] == [WORK, HOME, other]


@pytest.mark.rfc("7644", "3.5.2.3")
def test_replace_of_a_list_replaces_all_of_it():
    result = patch(op("replace", "emails", [{"type": "work", "value": "x", "primary": "True"}]))
    assert result.resource["emails"] == [{"type": "work", "value": "x", "primary": True}]


def test_roles_as_json_in_a_string_are_read():
    role = json.dumps({"id": "1", "value": "Admin", "displayName": "Administrator"})
    result = patch(op("Add", "roles", [{"value": role}]))
    assert result.resource["roles"] == [{"value": "Admin", "display": "Administrator"}]


def test_renamed_user_keeps_everything_else():
    assert patch(op("Replace", "userName", "Ada.King@contoso.com")).resource == ada(
        userName="Ada.King@contoso.com"
    )


# What must succeed and change nothing


@pytest.mark.parametrize(
    "operations",
    [
        [],
        [op("Replace", "displayName", "Ada Byron")],
        [op("Add", 'emails[type eq "work"].value', "ada@contoso.com")],
        [op("Remove", "title")],
        [op("Remove", 'phoneNumbers[type eq "fax"]')],
        [op("Replace", "displayName", "x"), op("Replace", "displayName", "Ada Byron")],
        [op("Replace", "active", "True")],
        [{"op": "replace", "value": {}}],
        [{"op": "replace", "value": {"id": "other", "schemas": [], "meta": {"version": "9"}}}],
        [op("Replace", "emails", [HOME, WORK][::-1])],
    ],
    ids=json.dumps,
)
def test_patch_that_changes_nothing_succeeds(operations):
    result = patch(*operations)
    assert result.resource == ada()
    assert (result.ignored, result.write_only) == ((), {})


def test_members_beside_operations_are_ignored():
    assert patch(op("Replace", "title", "x"), id="other", name="n").resource == ada(title="x")


def test_operations_is_found_in_any_letter_case():
    body = {"operations": [op("replace", "title", "x")]}
    assert apply_patch(ADA, body, comparison_key=comparison_key).resource["title"] == "x"


def test_input_is_left_as_it_was():
    before = copy.deepcopy(ADA)
    patch(op("Replace", 'emails[type eq "work"].value', "x"), op("Remove", "name"), op("Remove", ENTERPRISE))
    assert before == ADA


@pytest.mark.parametrize(
    ("operation", "ignored"),
    [
        (op("Add", "password", "s3cret"), "password"),
        (op("Add", "nosuch", "x"), "nosuch"),
        (op("Add", "nosuch", {"deep": ["x"]}), "nosuch"),
        (op("Add", "name.nick", "x"), "name.nick"),
        (op("Add", "userName.value", "x"), "userName.value"),
        (op("Add", 'nosuch[type eq "s3cret"].value', "x"), 'nosuch[type eq "…"].value'),
        (op("Add", 'emails[type eq "work"].nosuch', "x"), 'emails[type eq "…"].nosuch'),
        (op("Add", 'emails[display eq "s3cret"].value', "x"), 'emails[display eq "…"].value'),
        (op("Remove", "nosuch"), "nosuch"),
        (
            op("Add", "urn:ietf:params:scim:schemas:extension:Acme:2.0:User:badge", "7"),
            "urn:ietf:params:scim:schemas:extension:Acme:2.0:User:badge",
        ),
        (op("Add", f"{ENTERPRISE}:badge", "7"), f"{ENTERPRISE}:badge"),
        ({"op": "add", "value": {"password": "s3cret"}}, "password"),
        ({"op": "add", "value": {"not a path!": "x"}}, "not a path!"),
        ({"op": "add", "value": {"": "x"}}, ""),
        ({"op": "add", "value": {"name": {"nick": "x"}}}, "name.nick"),
        ({"op": "add", "value": {ENTERPRISE: {"badge": "7"}}}, f"{ENTERPRISE}:badge"),
        ({"op": "add", "value": {"groups": [{"value": "g2"}]}}, "groups"),
        ({"op": "add", "value": {"__class__": "x"}}, "__class__"),
        (op("replace", "schemas", []), "schemas"),
        (op("replace", "phoneNumbers.value", "x"), "phoneNumbers.value"),
    ],
    ids=lambda value: json.dumps(value)[:60],
)
def test_what_is_not_supported_is_ignored_named_and_stops_nothing(operation, ignored):
    result = patch(operation, op("Replace", "active", "False"))
    assert result.resource == ada(active=False)
    assert result.ignored == (ignored,)


# Card and PIN


def test_card_and_pin_come_out_beside_the_representation():
    result = patch(
        op("Add", f"{PRINTMGMT}:cardNumber", "0042"), {"op": "replace", "value": {f"{PRINTMGMT}:PIN": "1234"}}
    )
    assert result.resource == ada()
    assert result.write_only == {f"{PRINTMGMT}:cardNumber": "0042", f"{PRINTMGMT}:pin": "1234"}


@pytest.mark.parametrize(
    "operation",
    [
        op("Remove", f"{PRINTMGMT}:cardNumber"),
        op("Replace", f"{PRINTMGMT}:cardNumber", ""),
        op("Replace", f"{PRINTMGMT}:cardNumber", None),
        {"op": "replace", "value": {PRINTMGMT: {"cardNumber": None}}},
    ],
    ids=json.dumps,
)
@pytest.mark.parametrize("resource", [ADA, ada(**{PRINTMGMT: None})])
def test_emptied_card_is_distinguished_from_one_not_named(operation, resource):
    result = patch(operation, resource=resource)
    assert result.write_only == {f"{PRINTMGMT}:cardNumber": None}
    assert result.resource == ada(**{PRINTMGMT: None})


def test_last_card_of_several_counts():
    path = f"{PRINTMGMT}:cardNumber"
    assert patch(op("Add", path, "1"), op("Remove", path), op("Add", path, "2")).write_only == {path: "2"}
    assert patch(op("Add", path, "1"), op("Remove", PRINTMGMT)).write_only == {
        path: None,
        f"{PRINTMGMT}:pin": None,
    }


# What is refused


@pytest.mark.rfc("7644", "3.12")
@pytest.mark.parametrize(
    ("operation", "scim_type", "detail"),
    [
        (op("frobnicate", "title", "x"), "invalidValue", "Operations[0].op: 'frobnicate' is none of add"),
        ({"path": "title", "value": "x"}, "invalidValue", "Operations[0].op: null"),
        (op(5, "title", "x"), "invalidValue", "Operations[0].op: 5"),
        ("x", "invalidSyntax", "Operations[0]: 'x' is not an object"),
        (op("add", 5, "x"), "invalidPath", "Operations[0].path: 5 is not a string"),
        (op("add", "title"), "invalidValue", "Operations[0]: add needs a value"),
        ({"op": "replace"}, "invalidValue", "Operations[0]: replace needs a value"),
        ({"op": "remove"}, "noTarget", "Operations[0]: remove needs a path"),
        ({"op": "remove", "value": {"title": "x"}}, "noTarget", "Operations[0]: remove needs a path"),
        ({"op": "add", "value": "x"}, "invalidValue", "Operations[0].value: without a path"),
        ({"op": "add", "value": [{"title": "x"}]}, "invalidValue", "Operations[0].value: without a path"),
        (op("replace", "id", "x"), "mutability", "id: is read-only"),
        (op("remove", "id"), "mutability", "id: is read-only"),
        (op("replace", "meta.created", "x"), "mutability", "meta.created: is read-only"),
        (op("add", "groups", [{"value": "g"}]), "mutability", "groups: is read-only"),
        (op("remove", 'groups[value eq "g1"]'), "mutability", "groups: is read-only"),
        (
            op("add", f"{PRINTMGMT}:printAliases", ["x"]),
            "mutability",
            f"{PRINTMGMT}:printAliases: is read-only",
        ),
        (
            op("add", "manager.displayName", "x"),
            "mutability",
            f"{ENTERPRISE}:manager.displayName: is read-only",
        ),
        (op("remove", "userName"), "mutability", "userName: is required"),
        (op("remove", "active"), "mutability", "active: is required"),
        (op("replace", "active", ""), "mutability", "active: is required"),
        ({"op": "replace", "value": {"active": None}}, "mutability", "active: is required"),
        (op("replace", "userName", ""), "mutability", "userName: is required"),
        (op("replace", "userName", None), "mutability", "userName: is required"),
        (op("replace", "userName", "   "), "invalidValue", "userName: must not be only spaces"),
        (op("replace", "userName", "x" * 513), "invalidValue", "userName: 513 characters"),
        (op("replace", "userName", 5), "invalidValue", "userName: 5 is not a string"),
        (op("replace", "active", "perhaps"), "invalidValue", "active: 'perhaps' is not a boolean"),
        (op("replace", "active", {"value": False}), "invalidValue", "active: an object is not a boolean"),
        (op("replace", "title", ["x"]), "invalidValue", "title: a list of 1 is not a string"),
        (op("replace", "name", "x"), "invalidValue", "name: 'x' is not an object"),
        (op("replace", 'emails[type eq "work"].value', {"a": 1}), "invalidValue", "emails.value: an object"),
        (op("replace", 'emails[type eq "work"].primary', "yes"), "invalidValue", "emails.primary: 'yes'"),
        (
            op("replace", "emails", [{"value": "1", "primary": True}, {"value": "2", "primary": True}]),
            "invalidValue",
            "Multiple values marked as primary",
        ),
        (op("replace", 'emails[value co "nosuch"].value', "x"), "noTarget", "no value of 'emails' matches"),
        (
            op("replace", 'name[type eq "x"].givenName', "x"),
            "invalidPath",
            "path 'name[type eq \"…\"].givenName'",
        ),
        (op("replace", "emails[", "x"), "invalidPath", "path 'emails['"),
        (op("replace", "emails[type eq]", "x"), "invalidPath", "path 'emails[type eq]'"),
        (op("replace", "a b c", "x"), "invalidPath", "path 'a b c'"),
        (op("replace", "../..", "x"), "invalidPath", "path '../..'"),
        (op("replace", 'emails.type eq "work"', "x"), "invalidPath", "path 'emails.type eq \"…\"'"),
        (
            op("replace", "roles", [{"value": str(number)} for number in range(101)]),
            "invalidValue",
            "roles: 101 values",
        ),
    ],
    ids=lambda value: json.dumps(value)[:60],
)
def test_errors_have_their_type_and_name_the_place(operation, scim_type, detail):
    error = refused(operation)
    assert (error.status, error.scim_type) == (400, scim_type)
    assert error.detail.startswith(detail)


@pytest.mark.parametrize("operations", [None, {}, "x", 5, {"op": "add"}])
def test_operations_that_are_no_list_are_invalid_syntax(operations):
    with pytest.raises(ScimError) as caught:
        apply_patch(ADA, {"Operations": operations}, comparison_key=comparison_key)
    assert (caught.value.status, caught.value.scim_type) == (400, "invalidSyntax")
    with pytest.raises(ScimError):
        apply_patch(ADA, {}, comparison_key=comparison_key)


@pytest.mark.rfc("7644", "3.5.2")
def test_one_refused_operation_undoes_the_whole_patch():
    before = copy.deepcopy(ADA)
    refused(op("Replace", "displayName", "x"), op("Remove", "emails"), op("Remove", "userName"))
    refused(op("Replace", "displayName", "x"), op("replace", 'emails[value co "nosuch"].value', "x"))
    assert before == ADA


@pytest.mark.parametrize(
    "operation",
    [
        op("add", f"{PRINTMGMT}:pin", 987654),
        op("add", f"{PRINTMGMT}:cardNumber", {"value": "987654"}),
        op("add", f"{PRINTMGMT}:pin", "987654" * 50),
        {"op": "add", "value": {PRINTMGMT: {"pin": ["987654"]}}},
        op("add", f'{PRINTMGMT}[pin eq "987654"].pin', "1"),
        op("add", 'emails[pin eq "987654', "1"),
    ],
    ids=lambda value: json.dumps(value)[:60],
)
def test_secrets_are_not_repeated_in_errors(operation):
    error = refused(operation)
    assert "987654" not in error.detail


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "path",
    [
        "emails[" + "(" * 5000 + 'type eq "work"' + ")" * 5000 + "].value",
        "emails[" + "(" * 33 + 'type eq "work"' + ")" * 33 + "].value",
        "emails[" + "not (" * 400 + 'type eq "work"' + ")" * 400 + "]",
        "emails[" * 300,
        "a." * 2000,
        "x" * 4096,
        "urn:" + "a:" * 2000 + "b",
        '"' * 4000,
        '\\"' * 2000,
    ],
    ids=lambda path: path[:20],
)
def test_hostile_paths_are_refused(path):
    assert refused(op("replace", path, "x")).scim_type == "invalidPath"


def test_more_than_a_thousand_operations_are_too_many():
    error = refused(*[op("replace", "title", str(number)) for number in range(1001)])
    assert error.status == 413
    folded = {"op": "replace", "value": {"title": "x", "nickName": "y", "locale": "z"}}
    assert refused(*[folded] * 400).status == 413


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "operations",
    [
        [op("replace", f'roles[value eq "{number}"].display', "x") for number in range(1000)],
        [op("add", "roles", [{"value": str(number)} for number in range(60)])] * 1000,
        [op("remove", "emails", [{"value": str(number)} for number in range(900)])] * 100,
    ],
    ids=["creating", "adding", "removing"],
)
def test_work_on_lists_is_bounded(operations):
    assert refused(*operations).status == 413


def test_work_on_lists_is_bounded_over_a_request_of_many_patches():
    effort = Effort()
    body = {"Operations": [op("remove", 'roles[value co "x"]')]}
    full = ada(roles=[{"value": str(number)} for number in range(100)])
    apply_patch(full, body, comparison_key=comparison_key, effort=effort)
    assert effort.values == 101  # what a selection might create is counted
    effort.copy(MAX_VALUES_COPIED - 101)
    with pytest.raises(PayloadTooLarge):
        apply_patch(full, body, comparison_key=comparison_key, effort=effort)


def test_validators_verbose_patch_of_many_attributes_reads_back():
    texts = [
        "displayName",
        "title",
        "preferredLanguage",
        "name.givenName",
        "name.familyName",
        "name.formatted",
        "name.middleName",
        "name.honorificPrefix",
        "name.honorificSuffix",
        "userType",
        "nickName",
        "locale",
        "timezone",
        "profileUrl",
        "externalId",
        f"{ENTERPRISE}:employeeNumber",
        f"{ENTERPRISE}:department",
        f"{ENTERPRISE}:costCenter",
        f"{ENTERPRISE}:organization",
        f"{ENTERPRISE}:division",
    ]
    selected = [
        f'addresses[type eq "work"].{sub}'
        for sub in ("formatted", "streetAddress", "locality", "region", "postalCode", "country")
    ]
    selected += [f'phoneNumbers[type eq "{kind}"].value' for kind in ("work", "mobile", "fax")]
    selected += [f'roles[primary eq "True"].{sub}' for sub in ("display", "value", "type")]
    paths = texts + selected + ['emails[type eq "work"].value']
    result = patch(*[op("replace", path, f"upd-{position}") for position, path in enumerate(paths)])
    again = patch(
        *[op("replace", path, f"upd-{position}") for position, path in enumerate(paths)],
        resource=result.resource,
    )
    assert again.resource == result.resource
    assert [role.keys() for role in result.resource["roles"]] == [{"primary", "display", "value", "type"}]
    assert result.resource["addresses"][0].keys() == {
        "type",
        "formatted",
        "streetAddress",
        "locality",
        "region",
        "postalCode",
        "country",
    }
    assert [number["type"] for number in result.resource["phoneNumbers"]] == ["work", "mobile", "fax"]
    assert result.resource["profileUrl"] == "upd-13"
