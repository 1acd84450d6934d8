"""The SCIM Validator's tests of users over real HTTP, one function a test.

A run recorded in February 2026 lists 31 tests: 24 that count and 7 in preview (entra/README.md §16). Of
users there are 12 and the previews 1 to 4, which are here; of groups 12 and the previews 5 to 7
(`test_validator_groups`). The second preview was skipped in that run, as the Validator had nothing to send;
here one attribute is written three times.
"""

from typing import Any
from uuid import uuid4

import pytest

from scim_sync.rehearsal.targets import Target
from tests.scim_sync.client import ENTERPRISE, Answer, HttpScim, op
from tests.scim_sync.judges.bodies import as_stored, everything, verbose, word

MANAGER = f"{ENTERPRISE}:manager"


@pytest.fixture
def user(http_scim: HttpScim) -> dict[str, Any]:
    """Someone with every attribute, as POST answered."""
    answer = http_scim.post(everything())
    assert answer.status == 201
    body: dict[str, Any] = answer.body
    return body


def found(scim: HttpScim, user_name: str) -> list[dict[str, Any]]:
    """What a search for the name lists; always 200."""
    answer = scim.find(f'userName eq "{user_name}"')
    assert answer.status == 200
    assert answer.body["totalResults"] == len(answer.body["Resources"])
    resources: list[dict[str, Any]] = answer.body["Resources"]
    return resources


def read_back(scim: HttpScim, user: dict[str, Any], patched: Answer) -> dict[str, Any]:
    """The user as GET answers after a PATCH that succeeded."""
    assert patched.status == 200
    body: dict[str, Any] = scim.user(user["id"]).body
    assert body == patched.body
    return body


@pytest.mark.rfc("7644", "3.3")
def test_create_a_new_user(http_scim: HttpScim) -> None:
    sent = everything()

    created = http_scim.post(sent)

    assert created.status == 201
    assert created.headers["Location"] == created.body["meta"]["location"]
    (user,) = found(http_scim, sent["userName"])
    assert user["id"] == created.id
    assert {name: user[name] for name in sent} == as_stored(sent)


@pytest.mark.rfc("7644", "3.3.1")
def test_create_a_duplicate_user(http_scim: HttpScim) -> None:
    sent = everything()
    http_scim.post(sent)

    assert http_scim.post(sent).error == (409, "uniqueness")
    assert len(found(http_scim, sent["userName"])) == 1


def test_filter_for_an_existing_user(http_scim: HttpScim, user: dict[str, Any]) -> None:
    http_scim.post(everything())

    assert found(http_scim, user["userName"]) == [user]


def test_filter_for_a_non_existing_user(http_scim: HttpScim, user: dict[str, Any]) -> None:
    assert found(http_scim, str(uuid4())) == []


@pytest.mark.rfc("7643", "2.2")
def test_filter_for_an_existing_user_with_a_different_case(http_scim: HttpScim, user: dict[str, Any]) -> None:
    assert found(http_scim, user["userName"].upper()) == [user]


@pytest.mark.rfc("7644", "3.5.2.3")
def test_patch_user_replace_attributes_verbose(http_scim: HttpScim, user: dict[str, Any]) -> None:
    operations = verbose()
    assert len(operations) == 36

    after = read_back(http_scim, user, http_scim.patch(user["id"], *operations))

    kept = [step for step in operations if 'eq "True"' not in step["path"]]
    assert {step["path"]: Target.parse(step["path"]).read(after) for step in kept} == {
        step["path"]: step["value"] for step in kept
    }
    role = {step["path"].rpartition(".")[2]: step["value"] for step in operations if step not in kept}
    assert after["roles"] == [{**role, "primary": True}]


def test_update_user_user_name(http_scim: HttpScim, user: dict[str, Any]) -> None:
    name = f"{word().lower()}@mante.co.uk"

    after = read_back(
        http_scim, user, http_scim.patch(user["id"], {"op": "replace", "value": {"userName": name}})
    )

    assert (after["id"], after["userName"]) == (user["id"], name)
    assert found(http_scim, user["userName"]) == []


def test_patch_user_disable_user(http_scim: HttpScim, user: dict[str, Any]) -> None:
    read_back(http_scim, user, http_scim.patch(user["id"], op("replace", "active", False)))

    (still_there,) = found(http_scim, user["userName"])
    assert still_there["active"] is False


def test_patch_user_add_manager(http_scim: HttpScim) -> None:
    user = everything()
    del user[ENTERPRISE]["manager"]
    user = http_scim.post(user).body

    after = read_back(
        http_scim, user, http_scim.patch(user["id"], op("add", MANAGER, {"value": "IHZXFLMQGJKS"}))
    )

    assert after[ENTERPRISE]["manager"] == {"value": "IHZXFLMQGJKS"}


@pytest.mark.parametrize("manager", ["ASHTVSKANCGL", {"value": "ASHTVSKANCGL"}], ids=["text", "object"])
def test_patch_user_replace_manager(http_scim: HttpScim, user: dict[str, Any], manager: object) -> None:
    after = read_back(http_scim, user, http_scim.patch(user["id"], op("replace", MANAGER, manager)))

    assert after[ENTERPRISE]["manager"] == {"value": "ASHTVSKANCGL"}


@pytest.mark.parametrize(
    "operation",
    [op("replace", MANAGER, {"value": ""}), op("replace", MANAGER, ""), op("remove", MANAGER)],
    ids=["object", "text", "remove"],
)
def test_patch_user_remove_manager(
    http_scim: HttpScim, user: dict[str, Any], operation: dict[str, Any]
) -> None:
    after = read_back(http_scim, user, http_scim.patch(user["id"], operation))

    assert "manager" in user[ENTERPRISE]
    assert "manager" not in after[ENTERPRISE]
    assert after[ENTERPRISE]["department"] == user[ENTERPRISE]["department"]


@pytest.mark.rfc("7644", "3.6")
def test_delete_a_user(http_scim: HttpScim, user: dict[str, Any]) -> None:
    assert http_scim.delete(user["id"]).status == 204

    assert http_scim.user(user["id"]).error == (404, None)
    assert found(http_scim, user["userName"]) == []


def test_preview_patch_user_multiple_operations_on_different_attributes(
    http_scim: HttpScim, user: dict[str, Any]
) -> None:
    operations = [
        op("remove", 'emails[type eq "work"].value'),
        op("add", 'emails[type eq "work"].value', "lew@kub.uk"),
        op("replace", "displayName", "A"),
        op("remove", "title"),
        op("add", "name.givenName", "B"),
    ]

    after = read_back(http_scim, user, http_scim.patch(user["id"], *operations))

    assert [mail["value"] for mail in after["emails"]] == ["lew@kub.uk"]
    assert (after["displayName"], after["name"]["givenName"]) == ("A", "B")
    assert "title" not in after


def test_preview_patch_user_multiple_operations_on_the_same_attribute(
    http_scim: HttpScim, user: dict[str, Any]
) -> None:
    operations = [
        op("remove", "displayName"),
        op("add", "displayName", "A"),
        op("replace", "displayName", "B"),
    ]

    assert read_back(http_scim, user, http_scim.patch(user["id"], *operations))["displayName"] == "B"


def test_preview_delete_a_non_existent_user(http_scim: HttpScim, user: dict[str, Any]) -> None:
    assert http_scim.delete(uuid4()).error == (404, None)


def test_preview_delete_the_same_user_twice(http_scim: HttpScim, user: dict[str, Any]) -> None:
    assert http_scim.delete(user["id"]).status == 204
    assert http_scim.delete(user["id"]).error == (404, None)
