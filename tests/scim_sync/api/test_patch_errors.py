"""Every error of a PATCH (RFC 7644 §3.5.2, §3.12): its status and scimType, and that nothing was done."""

from typing import Any
from uuid import uuid4

import pytest

from addons.models import Installation
from addons.services import configure
from printmgmt.deprovisioning.models import DeprovisionRun
from printmgmt.people.models import Credential, PrintAlias, PrintUser
from scim_sync.models import ProvisioningEvent, Result
from tests.factories import TESTER
from tests.scim_sync.client import ENTERPRISE, PATCH_OP, PRINTMGMT, Answer, Scim, op

pytestmark = pytest.mark.django_db


PATCH = pytest.mark.rfc("7644", "3.5.2")
ADD = pytest.mark.rfc("7644", "3.5.2.1")
REMOVE = pytest.mark.rfc("7644", "3.5.2.2")
REPLACE = pytest.mark.rfc("7644", "3.5.2.3")
ERRORS = pytest.mark.rfc("7644", "3.12")


def error(section: pytest.MarkDecorator, scim_type: str, operation: Any, name: str) -> Any:
    """A parameter set: the section that asks for the error, the error, and what it is answered to."""
    return pytest.param(operation, scim_type, id=name, marks=section)


ON_ANYTHING = [
    error(PATCH, "invalidValue", {"path": "externalId", "value": "x"}, "no op"),
    error(PATCH, "invalidValue", op("move", "externalId", "x"), "an op there is not"),
    error(PATCH, "invalidPath", op("replace", "a b", "x"), "a path that cannot be read"),
    error(PATCH, "invalidPath", op("replace", "externalId[", "x"), "a path cut off"),
    error(PATCH, "invalidPath", {"op": "replace", "path": 5, "value": "x"}, "a path that is no text"),
    error(PATCH, "mutability", op("replace", "id", "x"), "replacing what is read-only"),
    error(PATCH, "mutability", op("replace", "meta.created", "x"), "replacing a part of what is read-only"),
    error(ADD, "invalidValue", op("add", "externalId"), "add without a value"),
    error(ADD, "invalidValue", op("add", "externalId", 5), "adding a number for text"),
    error(ADD, "invalidValue", {"op": "add", "value": "x"}, "adding no object without a path"),
    error(ADD, "mutability", op("add", "meta", {"version": "x"}), "adding what is read-only"),
    error(REMOVE, "noTarget", op("remove"), "remove without a path"),
    error(REMOVE, "mutability", op("remove", "id"), "removing what is read-only"),
    error(REPLACE, "invalidValue", op("replace", "externalId"), "replace without a value"),
    error(REPLACE, "invalidValue", op("replace", "externalId", ["x"]), "replacing text by a list"),
    error(ERRORS, "invalidSyntax", "no object", "an operation that is no object"),
]
ON_PEOPLE = [
    error(ADD, "mutability", op("add", "groups", [{"value": "x"}]), "adding herself to a group"),
    error(ADD, "mutability", op("add", f"{PRINTMGMT}:printAliases", ["x"]), "adding a former name"),
    error(ADD, "invalidValue", op("add", "emails", [5]), "adding a number to a list of objects"),
    error(REMOVE, "mutability", op("remove", "userName"), "removing what is required"),
    error(REMOVE, "mutability", op("remove", 'groups[value eq "x"]'), "leaving a group by herself"),
    error(REMOVE, "invalidPath", op("remove", 'name[type eq "x"]'), "selecting from what is no list"),
    error(REPLACE, "mutability", op("replace", "userName", ""), "emptying what is required"),
    error(REPLACE, "mutability", op("replace", "", {"userName": None}), "null for what is required"),
    error(REPLACE, "mutability", op("replace", f"{ENTERPRISE}:manager.displayName", "x"), "a sub-attribute"),
    error(REPLACE, "noTarget", op("replace", 'emails[value co "nobody"].value', "x"), "no value matches"),
    error(REPLACE, "invalidPath", op("replace", "emails[type eq]", "x"), "a filter that cannot be read"),
    error(REPLACE, "invalidValue", op("replace", "active", "perhaps"), "no boolean"),
    error(REPLACE, "invalidValue", op("replace", "name", "Ada"), "text for a complex attribute"),
    error(
        REPLACE,
        "invalidValue",
        op("replace", "emails", [{"value": "1", "primary": True}, {"value": "2", "primary": True}]),
        "two primaries at once",
    ),
    error(ERRORS, "invalidValue", op("replace", "userName", "   "), "a name of spaces"),
]
ON_GROUPS = [
    error(REMOVE, "mutability", op("remove", "displayName"), "removing what is required"),
    error(REPLACE, "mutability", op("replace", 'members[value eq "x"].value', "y"), "an immutable value"),
    error(REPLACE, "mutability", op("replace", 'members[value eq "x"].display', "y"), "a name of ours"),
    error(ADD, "invalidValue", op("add", "members", [{"value": str(uuid4())}]), "a member nobody knows"),
    error(REMOVE, "invalidPath", op("remove", 'members[value eq "x"'), "a filter cut off"),
    error(ERRORS, "invalidValue", op("replace", "displayName", "  "), "a name of spaces"),
]


@pytest.mark.parametrize(("operation", "scim_type"), [*ON_ANYTHING, *ON_PEOPLE])
def test_a_person_stays_as_it_was_before_the_operation_that_fails(
    scim: Scim, alice: PrintUser, operation: Any, scim_type: str
) -> None:
    before = scim.user(alice.pk).body

    alone = scim.patch(alice.pk, operation)
    last = scim.patch(alice.pk, op("replace", "displayName", "New"), op("remove", "emails"), operation)
    first = scim.patch(alice.pk, operation, op("replace", "displayName", "New"))

    assert [answer.error for answer in (alone, last, first)] == [(400, scim_type)] * 3
    assert scim.user(alice.pk).body == before


@pytest.mark.parametrize(("operation", "scim_type"), [*ON_ANYTHING, *ON_GROUPS])
def test_a_group_stays_as_it_was_before_the_operation_that_fails(
    scim: Scim, admins: Answer, ada: str, eve: str, operation: Any, scim_type: str
) -> None:
    before = scim.patch_group(admins.id, op("add", "members", [{"value": ada}])).body
    earlier = [
        op("replace", "externalId", "new"),
        op("remove", f'members[value eq "{ada}"]'),
        op("add", "members", [{"value": eve}]),
    ]

    alone = scim.patch_group(admins.id, operation)
    last = scim.patch_group(admins.id, *earlier, operation)
    first = scim.patch_group(admins.id, operation, *earlier)

    assert [answer.error for answer in (alone, last, first)] == [(400, scim_type)] * 3
    assert scim.group(admins.id).body == before


@ERRORS
@pytest.mark.parametrize(
    "body", [{}, {"Operations": None}, {"Operations": op("add", "title", "x")}, {"Operations": "x"}, [], "x"]
)
def test_a_body_that_is_no_patch_is_invalid_syntax(
    scim: Scim, alice: PrintUser, admins: Answer, body: Any
) -> None:
    before = scim.user(alice.pk).body

    assert scim.send("PATCH", f"/Users/{alice.pk}", body).error == (400, "invalidSyntax")
    assert scim.send("PATCH", f"/Groups/{admins.id}", body).error == (400, "invalidSyntax")
    assert scim.user(alice.pk).body == before


@ERRORS
def test_a_body_cut_off_is_invalid_syntax(scim: Scim, alice: PrintUser) -> None:
    body = b'{"schemas": ["%s"], "Operations": [{"op": "replace"' % PATCH_OP.encode()

    assert scim.send("PATCH", f"/Users/{alice.pk}", body).error == (400, "invalidSyntax")


@ERRORS
def test_a_name_of_someone_else_is_a_conflict_and_undoes_the_rest(
    scim: Scim, alice: PrintUser, ada: str
) -> None:
    before = scim.user(alice.pk).body
    rename = op("replace", "userName", "ADA")

    assert scim.patch(alice.pk, rename).error == (409, "uniqueness")
    assert scim.patch(alice.pk, op("add", "title", "x"), rename).error == (409, "uniqueness")
    assert scim.patch(alice.pk, rename, op("add", "title", "x")).error == (409, "uniqueness")
    assert scim.user(alice.pk).body == before


@ERRORS
def test_a_name_of_another_group_is_a_conflict_and_undoes_the_rest(
    scim: Scim, admins: Answer, ada: str
) -> None:
    scim.create_group("Staff")
    before = scim.group(admins.id).body
    rename, join = op("replace", "displayName", "STAFF"), op("add", "members", [{"value": ada}])

    assert scim.patch_group(admins.id, join, rename).error == (409, "uniqueness")
    assert scim.patch_group(admins.id, rename, join).error == (409, "uniqueness")
    assert scim.group(admins.id).body == before


@ERRORS
def test_an_id_nobody_has_is_404_before_the_operations_are_read(scim: Scim) -> None:
    assert scim.patch(uuid4(), op("remove")).error == (404, None)
    assert scim.patch_group(uuid4(), op("remove")).error == (404, None)


@PATCH
def test_a_failing_operation_undoes_what_would_follow_from_the_others(scim: Scim, alice: PrintUser) -> None:
    refused = scim.patch(
        alice.pk,
        op("replace", "active", "False"),
        op("replace", "userName", "renamed"),
        op("add", f"{PRINTMGMT}:cardNumber", "0042"),
        op("replace", f"{ENTERPRISE}:department", ["x"]),
    )

    assert refused.error == (400, "invalidValue")
    alice.refresh_from_db()
    assert (alice.active, alice.user_name) == (True, "alice@contoso.com")
    assert not DeprovisionRun.objects.exists()
    assert not Credential.objects.exists()
    assert not PrintAlias.objects.filter(valid_until__isnull=False).exists()


@PATCH
def test_a_member_refused_at_the_end_undoes_those_who_came_and_went(
    scim: Scim, installation: Installation, admins: Answer, ada: str, eve: str
) -> None:
    configure(installation, {"replace_members": "rfc"}, by=TESTER)
    before = scim.patch_group(admins.id, op("add", "members", [{"value": ada}])).body

    refused = scim.patch_group(
        admins.id,
        op("replace", "members", [{"value": eve}]),
        op("replace", "externalId", "new"),
        op("add", "members", [{"value": admins.id}]),
    )

    assert refused.error == (400, "invalidValue")
    assert scim.group(admins.id).body == before


def test_a_refused_patch_is_logged_with_the_attribute_and_the_value(scim: Scim, alice: PrintUser) -> None:
    refused = scim.patch(alice.pk, op("replace", "title", "x"), op("replace", "active", "perhaps"))

    event = ProvisioningEvent.objects.latest("pk")
    assert refused.body["detail"] == event.detail == "active: 'perhaps' is not a boolean"
    assert (event.result, event.person, event.changes) == (Result.REFUSED, alice, [])


@PATCH
def test_only_one_value_is_primary_after_a_patch(scim: Scim, alice: PrintUser) -> None:
    answer = scim.patch(alice.pk, op("add", "emails", [{"type": "home", "value": "a@home", "primary": True}]))

    assert [email["primary"] for email in answer.body["emails"]] == [False, True]
