"""POST and PATCH bodies as documented, before and after the flag."""

from scim_sync.rehearsal import bodies
from scim_sync.rehearsal.bodies import Difference
from scim_sync.rehearsal.mappings import DEFAULT, GALLERY
from scim_sync.rehearsal.targets import Target
from tests.scim_sync.rehearsal.conftest import ada

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
CORE = "urn:ietf:params:scim:schemas:core:2.0:User"

NAME = Difference("Replace", Target.parse("displayName"), "Ada King")
MAIL = Difference("Replace", Target.parse('emails[type eq "work"].value'), "ada.king@contoso.com")
FAMILY = Difference("Replace", Target.parse("name.familyName"), "King")
NUMBER = Difference("Add", Target.parse(f"{ENTERPRISE}:employeeNumber"), "42")
INACTIVE = Difference("Replace", Target.parse("active"), "False")


def test_post_by_the_default_mapping() -> None:
    assert bodies.post(ada(), DEFAULT) == {
        "schemas": [CORE, ENTERPRISE],
        "userName": "ada@contoso.com",
        "active": True,
        "displayName": "Ada Byron",
        "emails": [{"type": "work", "primary": True, "value": "ada@contoso.com"}],
        "name": {"givenName": "Ada", "familyName": "Byron", "formatted": "Ada Byron"},
        "phoneNumbers": [{"type": "work", "value": "1234"}],
        "externalId": "ada",
        ENTERPRISE: {"employeeNumber": "42", "department": "IT"},
        "meta": {"resourceType": "User"},
        "roles": [],
    }


def test_post_by_the_gallery_mapping_has_three_attributes_and_no_active() -> None:
    assert bodies.post(ada(), GALLERY) == {
        "schemas": [CORE, ENTERPRISE],
        "userName": "ada@contoso.com",
        "displayName": "Ada Byron",
        "emails": [{"type": "work", "primary": True, "value": "ada@contoso.com"}],
        "meta": {"resourceType": "User"},
        "roles": [],
    }


def test_post_leaves_out_what_is_empty() -> None:
    body = bodies.post(ada(mail="", department="", employeeId=""), DEFAULT)
    assert "emails" not in body
    assert ENTERPRISE not in body


def test_phone_numbers_of_several_types_are_elements_of_one_list() -> None:
    body = bodies.post(ada(mobile="5678"), DEFAULT)
    assert body["phoneNumbers"] == [{"type": "work", "value": "1234"}, {"type": "mobile", "value": "5678"}]


def test_text_that_reads_true_stays_text() -> None:
    assert bodies.post(ada(displayName="True"), DEFAULT)["displayName"] == "True"


def test_patch_without_the_flag_is_one_pascal_case_operation_an_attribute() -> None:
    assert bodies.patch([NAME, MAIL, FAMILY, NUMBER], flag=False) == {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [
            {"op": "Replace", "path": "displayName", "value": "Ada King"},
            {"op": "Replace", "path": 'emails[type eq "work"].value', "value": "ada.king@contoso.com"},
            {"op": "Replace", "path": "name.familyName", "value": "King"},
            {"op": "Add", "path": f"{ENTERPRISE}:employeeNumber", "value": "42"},
        ],
    }


def test_patch_with_the_flag_folds_all_but_filtered_paths() -> None:
    assert bodies.patch([NUMBER, NAME, MAIL, FAMILY], flag=True)["Operations"] == [
        {"op": "replace", "path": 'emails[type eq "work"].value', "value": "ada.king@contoso.com"},
        {"op": "replace", "value": {"displayName": "Ada King", "name.familyName": "King"}},
        {"op": "add", "value": {f"{ENTERPRISE}:employeeNumber": "42"}},
    ]


def test_disable_is_text_without_the_flag_and_a_boolean_with_it() -> None:
    plain, flagged = (bodies.patch([INACTIVE], flag=flag)["Operations"] for flag in (False, True))
    assert plain == [{"op": "Replace", "path": "active", "value": "False"}]
    assert flagged == [{"op": "replace", "path": "active", "value": False}]


def test_active_folded_with_others_is_a_boolean() -> None:
    again = Difference("Replace", Target.parse("active"), "True")
    assert bodies.patch([again, NAME], flag=True)["Operations"] == [
        {"op": "replace", "value": {"active": True, "displayName": "Ada King"}}
    ]
