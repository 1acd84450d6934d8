"""What a POST or PUT of a person says, in every shape Azure and its validators send it."""

import json

import pytest

from scim_sync.protocol.bodies import UserBody, normalise, read_user
from scim_sync.protocol.errors import InvalidValue
from tests.scim_sync.protocol.helpers import CORE, ENTERPRISE, PRINTMGMT, comparison_key

DOCUMENTED = {
    "schemas": [CORE, ENTERPRISE],
    "externalId": "ada",
    "userName": "ada@contoso.com",
    "active": True,
    "displayName": "Ada Byron",
    "emails": [{"primary": True, "type": "work", "value": "ada@contoso.com"}],
    "meta": {"resourceType": "User"},
    "name": {"formatted": "Ada Byron", "familyName": "Byron", "givenName": "Ada"},
    "phoneNumbers": [{"type": "work", "value": "1"}, {"type": "mobile", "value": "2"}],
    ENTERPRISE: {"department": "IT", "employeeNumber": "42"},
    "roles": [],
}


def read(**members):
    return read_user({"userName": "ada", **members}, comparison_key=comparison_key)


def test_documented_body_is_taken_as_it_is():
    body = read_user(DOCUMENTED, comparison_key=comparison_key)
    expected = {key: value for key, value in DOCUMENTED.items() if key not in ("schemas", "meta", "roles")}
    assert body == UserBody(expected, {}, ())


def test_body_is_not_changed_by_reading_it():
    before = json.dumps(DOCUMENTED)
    normalise(DOCUMENTED)
    assert json.dumps(DOCUMENTED) == before


@pytest.mark.rfc("7643", "4.1.1")
def test_user_name_alone_is_enough():
    assert read() == UserBody({"userName": "ada"}, {}, ())


@pytest.mark.rfc("7643", "2.1")
def test_names_and_urns_may_come_in_any_letter_case():
    body = read_user(
        {
            "USERNAME": "ada",
            "Name": {"GIVENNAME": "Ada"},
            "EMAILS": [{"Type": "work", "VALUE": "a@b"}],
            ENTERPRISE.upper(): {"DEPARTMENT": "IT"},
        },
        comparison_key=comparison_key,
    )
    assert body.resource == {
        "userName": "ada",
        "name": {"givenName": "Ada"},
        "emails": [{"type": "work", "value": "a@b"}],
        ENTERPRISE: {"department": "IT"},
    }
    assert body.ignored == ()


@pytest.mark.rfc("7643", "2.3.2")
@pytest.mark.parametrize(
    ("member", "stored"),
    [
        ({"active": "True"}, {"active": True}),
        ({"active": "False"}, {"active": False}),
        ({"active": "false"}, {"active": False}),
        ({"active": None}, {}),
        ({"active": ""}, {}),
        ({"emails": [{"primary": "True", "value": "x"}]}, {"emails": [{"primary": True, "value": "x"}]}),
        ({"roles": [{"primary": "true", "value": "r"}]}, {"roles": [{"primary": True, "value": "r"}]}),
        ({"addresses": None, "phoneNumbers": None, "title": None, "manager": None}, {}),
        ({"title": "", "name": {"givenName": ""}, "emails": []}, {}),
        ({"name": {"givenName": "Ada", "familyName": None}}, {"name": {"givenName": "Ada"}}),
        ({"name": {}}, {}),
        ({"emails": [{"type": "work", "primary": True, "value": None}]}, {}),
        ({"emails": [{"type": "work", "value": ""}, {"value": "x"}]}, {"emails": [{"value": "x"}]}),
        ({"emails": {"value": "x"}}, {"emails": [{"value": "x"}]}),
        ({"emails": "x"}, {"emails": [{"value": "x"}]}),
        ({"emails": ["x", "y"]}, {"emails": [{"value": "x"}, {"value": "y"}]}),
        (
            {"addresses": [{"type": "work", "country": "Atlantis"}]},
            {"addresses": [{"type": "work", "country": "Atlantis"}]},
        ),
        (
            {"name.givenName": "Ada", "name.familyName": "B"},
            {"name": {"givenName": "Ada", "familyName": "B"}},
        ),
        ({CORE: {"title": "x"}}, {"title": "x"}),
        ({f"{CORE}:title": "x"}, {"title": "x"}),
        ({"department": "IT"}, {ENTERPRISE: {"department": "IT"}}),
        (
            {"employeeNumber": "4", ENTERPRISE: {"division": "D"}},
            {ENTERPRISE: {"employeeNumber": "4", "division": "D"}},
        ),
        ({f"{ENTERPRISE}:department": "IT"}, {ENTERPRISE: {"department": "IT"}}),
        (
            {"urn:ietf:params:scim:schemas:extension:enterprise:2.0User": {"department": "IT"}},
            {ENTERPRISE: {"department": "IT"}},
        ),
        ({ENTERPRISE: None}, {}),
        ({ENTERPRISE: {}}, {}),
        ({ENTERPRISE: {"manager": None, "department": "IT"}}, {ENTERPRISE: {"department": "IT"}}),
    ],
)
def test_azures_variations_are_understood(member, stored):
    body = read(**member)
    assert body.resource == {"userName": "ada", **stored}
    assert body.ignored == ()


@pytest.mark.rfc("7643", "2.3.7")
@pytest.mark.rfc("7643", "4.3")
@pytest.mark.parametrize(
    "manager",
    [
        "9",
        {"value": "9"},
        [{"value": "9"}],
        {"value": "9", "$ref": None},
        [{"$ref": "https://x/Users/9", "value": "9"}],
        {"VALUE": "9", "displayName": None},
    ],
)
@pytest.mark.parametrize("where", ["top level", "extension"])
def test_manager_in_any_shape_is_stored_as_an_object_with_a_value(manager, where):
    body = read(**({"manager": manager} if where == "top level" else {ENTERPRISE: {"manager": manager}}))
    assert body.resource[ENTERPRISE] == {"manager": {"value": "9"}}


@pytest.mark.parametrize("manager", ["", None, {"value": ""}, {"value": None}, {}, [], [{"value": ""}]])
def test_empty_manager_is_no_manager(manager):
    assert read(manager=manager).resource == {"userName": "ada"}


def test_explicit_null_at_top_level_does_not_undo_the_extension():
    body = read(**{ENTERPRISE: {"manager": {"value": "9"}}, "manager": None})
    assert body.resource[ENTERPRISE] == {"manager": {"value": "9"}}


@pytest.mark.parametrize(
    ("role", "stored"),
    [
        (
            {"value": json.dumps({"id": "1", "value": "Admin", "displayName": "Administrator"})},
            {"value": "Admin", "display": "Administrator"},
        ),
        (json.dumps({"value": "Admin"}), {"value": "Admin"}),
        (
            {"primary": True, "type": "WindowsAzureActiveDirectoryRole", "value": "Admin"},
            {"primary": True, "type": "WindowsAzureActiveDirectoryRole", "value": "Admin"},
        ),
        (
            {"primary": False, "displayName": "A", "value": "A"},
            {"primary": False, "display": "A", "value": "A"},
        ),
        ({"display": "B", "displayName": "A", "value": "A"}, {"display": "B", "value": "A"}),
        ("Admin", {"value": "Admin"}),
        ({"value": "{no json"}, {"value": "{no json"}),
        ({"value": '{"value": 5}'}, {"value": '{"value": 5}'}),
        ({"value": "{" + '"a":{' * 700}, {"value": "{" + '"a":{' * 700}),
    ],
)
def test_roles_are_read_as_objects_or_as_json_in_a_string(role, stored):
    assert read(roles=[role]).resource["roles"] == [stored]


@pytest.mark.parametrize(
    ("member", "ignored"),
    [
        ({"password": "s3cret"}, ("password",)),
        ({"nosuch": {"a": 1}}, ("nosuch",)),
        ({"photos": [{"value": "x"}]}, ("photos",)),
        (
            {"urn:ietf:params:scim:schemas:extension:Acme:2.0:User": {"badge": "7"}},
            ("urn:ietf:params:scim:schemas:extension:Acme:2.0:User",),
        ),
        ({"name": {"nick": "x"}}, ("name.nick",)),
        ({"emails": [{"value": "x", "foo": 1}, {"value": "y", "foo": 2}]}, ("emails.foo",)),
        ({ENTERPRISE: {"badge": "7"}}, (f"{ENTERPRISE}:badge",)),
        ({"groups": [{"value": "1"}]}, ("groups",)),
        ({PRINTMGMT: {"printAliases": ["x"]}}, (f"{PRINTMGMT}:printAliases",)),
        ({"": 1, "__class__": "x", "is_staff": True}, ("", "__class__", "is_staff")),
        ({"schemas": ["urn:nosuch"], "id": "other", "meta": {"version": 'W/"9"'}}, ()),
    ],
)
def test_what_is_not_supported_is_ignored_and_named(member, ignored):
    body = read(**member)
    assert body.ignored == ignored
    assert body.resource.keys() <= {"userName", "emails"}


def test_ignored_names_are_few_and_short_however_many_come():
    body = read(**{f"x{number}" * 100: 1 for number in range(5000)})
    assert len(body.ignored) == 100
    assert max(map(len, body.ignored)) == 200


def test_id_in_the_body_is_not_an_identity():
    assert "id" not in read(id="6f1c7f5e-3c53-4d0a-9b7e-0d6a3c1f2b4d").resource


@pytest.mark.rfc("7643", "7")
def test_card_and_pin_come_out_beside_the_representation():
    body = read(**{PRINTMGMT: {"cardNumber": "0042", "PIN": "1234"}})
    assert body.resource == {"userName": "ada"}
    assert body.write_only == {f"{PRINTMGMT}:cardNumber": "0042", f"{PRINTMGMT}:pin": "1234"}


@pytest.mark.parametrize("empty", [None, ""])
def test_emptied_card_is_distinguished_from_one_not_named(empty):
    assert read(**{PRINTMGMT: {"cardNumber": empty}}).write_only == {f"{PRINTMGMT}:cardNumber": None}
    assert read(**{PRINTMGMT: {}}).write_only == {}


@pytest.mark.parametrize("text", ["x", "random words", "not an address@", "Ünïcode 名", "a" * 400, "=1+3"])
def test_no_format_is_asked_of_any_text(text):
    body = read(
        emails=[{"value": text, "type": text}],
        profileUrl=text,
        locale=text,
        timezone=text,
        preferredLanguage=text,
        phoneNumbers=[{"value": text}],
        ims=[{"value": text}],
        entitlements=[{"value": text}],
    )
    assert body.resource["profileUrl"] == text
    assert body.resource["emails"] == [{"value": text, "type": text}]


@pytest.mark.rfc("7643", "2.3.1")
@pytest.mark.rfc("7643", "2.3.8")
@pytest.mark.rfc("7644", "3.12")
@pytest.mark.parametrize(
    ("member", "detail"),
    [
        ({"userName": None}, "userName: is required"),
        ({"userName": ""}, "userName: is required"),
        ({"userName": "  \t"}, "userName: must not be only spaces"),
        ({"userName": 5}, "userName: 5 is not a string"),
        ({"userName": ["a"]}, "userName: a list of 1 is not a string"),
        ({"userName": "x" * 513}, "userName: 513 characters"),
        ({"userName": "\ufdfa" * 400}, "userName: the text is too long when compared"),
        ({"externalId": "x" * 513}, "externalId: 513 characters"),
        ({"emails": [{"value": "x" * 513}]}, "emails.value: 513 characters"),
        ({"manager": "x" * 513}, "manager.value: 513 characters"),
        ({"active": "perhaps"}, "active: 'perhaps' is not a boolean"),
        ({"active": 1}, "active: 1 is not a boolean"),
        ({"title": True}, "title: true is not a string"),
        ({"title": {"a": 1}}, "title: an object is not a string"),
        ({"name": "Ada"}, "name: 'Ada' is not an object"),
        ({"emails": [5]}, "emails: 5 is not an object"),
        ({"emails": [{"value": 5}]}, "emails.value: 5 is not a string"),
        ({"emails": [{"value": "x", "primary": "yes"}]}, "emails.primary: 'yes' is not a boolean"),
        ({"emails.value": "x"}, "emails: give its values as a list of objects"),
        (
            {"manager": [{"value": "1"}, {"value": "2"}]},
            f"{ENTERPRISE}:manager: a list of 2 is not an object",
        ),
        ({ENTERPRISE: "x"}, f"{ENTERPRISE}: 'x' is not an object"),
        ({"roles": [{"value": str(number)} for number in range(101)]}, "roles: 101 values, 100 are accepted"),
        (
            {"emails": [{"value": "1", "primary": True}, {"value": "2", "primary": "True"}]},
            "emails: 2 values are primary",
        ),
        ({PRINTMGMT: {"pin": "1" * 256}}, f"{PRINTMGMT}:pin: 256 characters, 255"),
    ],
)
def test_wrong_values_are_invalid_value_naming_attribute_and_value(member, detail):
    with pytest.raises(InvalidValue) as caught:
        read(**member)
    assert caught.value.detail.startswith(detail)
    assert (caught.value.status, caught.value.scim_type) == (400, "invalidValue")


@pytest.mark.parametrize("value", [987654, ["987654"], {"x": "987654"}, "987654" * 100])
@pytest.mark.parametrize("name", ["pin", "cardNumber"])
def test_secret_of_a_wrong_type_is_not_repeated(name, value):
    with pytest.raises(InvalidValue) as caught:
        read(**{PRINTMGMT: {name: value}})
    assert "987654" not in caught.value.detail


@pytest.mark.timeout(120)
def test_a_large_body_of_nonsense_keeps_nobody_waiting():
    body = {f"attribute{number}": {"a": [number]} for number in range(20_000)}
    assert read(**body).ignored
