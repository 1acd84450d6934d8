"""Representations as they go out, and the part of one a client asks for."""

import pytest

from scim_sync.protocol.attributes import GROUP
from scim_sync.protocol.errors import InvalidValue
from scim_sync.protocol.rendering import compact, list_response, parse_projection, project, render
from tests.scim_sync.protocol.helpers import CORE, ENTERPRISE, PRINTMGMT

EMAILS = [{"type": "work", "primary": True, "value": "ada@contoso.com"}]
STORED = {
    "id": "1",
    "externalId": "ada",
    "userName": "ada@contoso.com",
    "title": None,
    "nickName": "",
    "active": False,
    "name": {"givenName": "Ada", "familyName": None},
    "emails": EMAILS,
    "phoneNumbers": [],
    "addresses": [{"type": None}],
    ENTERPRISE: {"department": "IT", "manager": {"value": ""}},
    PRINTMGMT: {"printAliases": []},
    "meta": {"resourceType": "User"},
}
ADA = {
    "schemas": [CORE, ENTERPRISE],
    "id": "1",
    "externalId": "ada",
    "userName": "ada@contoso.com",
    "active": False,
    "name": {"givenName": "Ada"},
    "emails": EMAILS,
    ENTERPRISE: {"department": "IT"},
    "meta": {"resourceType": "User"},
}


def test_what_is_empty_is_absent_and_false_stays():
    assert render(STORED) == ADA


@pytest.mark.rfc("7643", "3")
def test_schemas_name_the_extensions_that_say_something():
    assert render({"id": "1", ENTERPRISE: {"department": ""}})["schemas"] == [CORE]
    assert render({"id": "1", PRINTMGMT: {"printAliases": ["ada"]}})["schemas"] == [CORE, PRINTMGMT]


@pytest.mark.rfc("7643", "7")
def test_card_and_pin_are_not_rendered_even_when_somebody_puts_them_in():
    rendered = render({"id": "1", PRINTMGMT: {"pin": "1234", "cardNumber": "0042"}})
    assert rendered == {"schemas": [CORE], "id": "1"}


def test_group_renders_with_its_own_schema():
    group = render({"id": "1", "displayName": "Print Admins", "members": []}, GROUP)
    assert group == {"schemas": [GROUP.schema], "id": "1", "displayName": "Print Admins"}


def test_compact_keeps_zero_and_false():
    assert compact({"a": 0, "b": False, "c": [None, "", {}, [], "x"], "d": {"e": {"f": None}}}) == {
        "a": 0,
        "b": False,
        "c": ["x"],
    }


@pytest.mark.rfc("7644", "3.9")
@pytest.mark.parametrize(
    ("attributes", "kept"),
    [
        ("userName", {"userName"}),
        ("USERNAME, externalid", {"userName", "externalId"}),
        (["userName"], {"userName"}),
        (f"{CORE}:userName", {"userName"}),
        ("id", set()),
        ("nosuch", set()),
        ("meta", {"meta"}),
        ("name.givenName", {"name"}),
        (ENTERPRISE, {ENTERPRISE}),
        (f"{ENTERPRISE}:department", {ENTERPRISE}),
        ("department", {ENTERPRISE}),
        ("manager", set()),
        (f"{CORE},department", ADA.keys() - {"schemas", "id"}),
        ('emails[type eq "work"]', {"emails"}),
        (f'{CORE}:emails[type eq "a,b]"],userName', {"emails", "userName"}),
        (['EMAILS[type eq "work" and primary eq true].value', "userName"], {"emails", "userName"}),
        (r'emails[type eq "\"],meta,[\""],userName', {"emails", "userName"}),
        ("emails[type eq work],meta", {"emails", "meta"}),
        ('nosuch[type eq "work"]', set()),
        ('emails[type eq "work"', set()),
        ("[],meta", {"meta"}),
        ("", ADA.keys() - {"schemas", "id"}),
        (" , ", ADA.keys() - {"schemas", "id"}),
        (None, ADA.keys() - {"schemas", "id"}),
    ],
)
def test_attributes_keep_what_is_named_and_always_id_and_schemas(attributes, kept):
    assert project(ADA, parse_projection(attributes)).keys() == kept | {"schemas", "id"}


@pytest.mark.rfc("7644", "3.9")
def test_sub_attributes_are_kept_alone():
    assert project(ADA, parse_projection("emails.value"))["emails"] == [{"value": "ada@contoso.com"}]
    assert project(ADA, parse_projection("emails.VALUE,emails"))["emails"] == EMAILS
    assert project(ADA, parse_projection("emails,emails.value"))["emails"] == EMAILS
    assert "name" not in project(ADA, parse_projection("name.familyName"))
    filtered = parse_projection('emails[type eq "home"].value')
    assert project(ADA, filtered)["emails"] == [{"value": "ada@contoso.com"}]


@pytest.mark.rfc("7644", "3.9")
@pytest.mark.parametrize(
    ("excluded", "gone"),
    [
        ("emails", {"emails"}),
        ("EMAILS,meta", {"emails", "meta"}),
        ("id,schemas", set()),
        ("nosuch", set()),
        (f"{ENTERPRISE}:department", {ENTERPRISE}),
        (ENTERPRISE, {ENTERPRISE}),
        ("name.givenName", {"name"}),
        ('emails[type eq "work"]', set()),
        ('emails[type eq "work,meta"],name', {"name"}),
        ("members", set()),
        ("", set()),
    ],
)
def test_excluded_attributes_leave_out_what_is_named_and_never_id_and_schemas(excluded, gone):
    assert project(ADA, parse_projection(None, excluded)).keys() == ADA.keys() - gone


def test_excluded_sub_attribute_leaves_the_rest():
    projected = project(ADA, parse_projection(None, "emails.type"))
    assert projected["emails"] == [{"primary": True, "value": "ada@contoso.com"}]


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "text", ["[" * 20_000, '["' * 10_000, "[a" * 10_000 + "]", '[\\"' * 10_000, "," * 40_000]
)
def test_hostile_names_come_to_an_end(text):
    assert project(ADA, parse_projection(text))["id"] == ADA["id"]


def test_projection_changes_no_original():
    before = repr(ADA)
    project(ADA, parse_projection("emails.value", "emails.type"))
    assert repr(ADA) == before


def test_members_that_are_excluded_need_not_be_read():
    assert not parse_projection(None, "members", GROUP).asks_for("members")
    assert not parse_projection("displayName", None, GROUP).asks_for("members")
    assert parse_projection("members.value", None, GROUP).asks_for("members")
    assert parse_projection(None, "members.display", GROUP).asks_for("members")
    assert not parse_projection()


@pytest.mark.parametrize("attributes", [5, {"a": 1}, [5], [None], True])
def test_what_is_no_list_of_names_is_an_invalid_value(attributes):
    with pytest.raises(InvalidValue, match="attributes: "):
        parse_projection(attributes)


@pytest.mark.rfc("7644", "3.4.2")
def test_empty_list_has_an_empty_resources_array():
    assert list_response([], 0, 1) == {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": 0,
        "startIndex": 1,
        "itemsPerPage": 0,
        "Resources": [],
    }


def test_list_counts_what_it_carries_and_what_there_is():
    listed = list_response([ADA, ADA], 11, 6)
    assert (listed["totalResults"], listed["startIndex"], listed["itemsPerPage"]) == (11, 6, 2)
