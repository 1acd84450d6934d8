"""The SCIM Validator's tests of groups over real HTTP, one a function (`test_validator_users` counts)."""

from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest

from addons.models import Installation
from addons.services import configure
from tests.factories import TESTER
from tests.scim_sync.client import Answer, HttpScim, op
from tests.scim_sync.judges.bodies import a_member, group, word

WITHOUT_MEMBERS = "excludedAttributes=members&"


@pytest.fixture
def made(http_scim: HttpScim) -> dict[str, Any]:
    """A group without members, as POST answered."""
    answer = http_scim.post(group(), "/Groups")
    assert answer.status == 201
    body: dict[str, Any] = answer.body
    return body


@pytest.fixture
def with_member(http_scim: HttpScim, made: dict[str, Any]) -> dict[str, Any]:
    """The same group once it has a member, as PATCH answered."""
    answer = http_scim.patch_group(made["id"], op("replace", "members", [{"value": new_member(http_scim)}]))
    assert answer.body["members"]
    body: dict[str, Any] = answer.body
    return body


def new_member(scim: HttpScim) -> str:
    """The id of someone who is in no group yet."""
    return scim.post(a_member()).id


def found(scim: HttpScim, display_name: str, query: str = "") -> list[dict[str, Any]]:
    """What a search for the name lists; always 200."""
    expression = quote(f'displayName eq "{display_name}"')
    answer = scim.get(f"/Groups?{query}filter={expression}")
    assert answer.status == 200
    assert answer.body["totalResults"] == len(answer.body["Resources"])
    resources: list[dict[str, Any]] = answer.body["Resources"]
    return resources


def members(scim: HttpScim, group_id: str) -> list[str]:
    """The ids of the members as GET lists them."""
    return [member["value"] for member in scim.group(group_id).body.get("members", [])]


def succeeded(patched: Answer) -> bool:
    """Whether a PATCH was taken: 200 with the group, or 204 (RFC 7644 §3.5.2)."""
    return patched.status == 204 or (patched.status == 200 and bool(patched.body["id"]))


@pytest.mark.rfc("7644", "3.4.2.5")
def test_get_group_by_id_excluding_members(http_scim: HttpScim, with_member: dict[str, Any]) -> None:
    answer = http_scim.group(with_member["id"], f"?{WITHOUT_MEMBERS}")

    assert answer.status == 200
    assert answer.body == {name: item for name, item in with_member.items() if name != "members"}


def test_filter_for_an_existing_group_excluding_members(
    http_scim: HttpScim, with_member: dict[str, Any]
) -> None:
    without = {name: item for name, item in with_member.items() if name != "members"}

    assert found(http_scim, with_member["displayName"], WITHOUT_MEMBERS) == [without]


def test_filter_for_an_existing_group(http_scim: HttpScim, with_member: dict[str, Any]) -> None:
    http_scim.post(group(), "/Groups")

    assert found(http_scim, with_member["displayName"]) == [with_member]


def test_filter_for_a_non_existing_group(http_scim: HttpScim, made: dict[str, Any]) -> None:
    assert found(http_scim, str(uuid4())) == []


@pytest.mark.rfc("7643", "2.2")
def test_filter_for_an_existing_group_with_a_different_case(
    http_scim: HttpScim, made: dict[str, Any]
) -> None:
    assert found(http_scim, made["displayName"].lower()) == [made]


@pytest.mark.rfc("7644", "3.3")
def test_create_a_new_group(http_scim: HttpScim) -> None:
    sent = group()

    created = http_scim.post(sent, "/Groups")

    assert created.status == 201
    assert created.headers["Location"] == created.body["meta"]["location"]
    read = http_scim.group(created.id).body
    assert read == created.body
    assert {name: read[name] for name in sent} == sent


@pytest.mark.rfc("7644", "3.3.1")
def test_create_a_duplicate_group(http_scim: HttpScim) -> None:
    sent = group()
    http_scim.post(sent, "/Groups")

    assert http_scim.post(sent, "/Groups").error == (409, "uniqueness")
    assert len(found(http_scim, sent["displayName"])) == 1


@pytest.mark.rfc("7644", "3.5.2.3")
def test_patch_group_replace_attributes(http_scim: HttpScim, with_member: dict[str, Any]) -> None:
    changed = {"externalId": word()}

    assert succeeded(http_scim.patch_group(with_member["id"], {"op": "replace", "value": changed}))

    after = http_scim.group(with_member["id"]).body
    assert {**after, "meta": ...} == {**with_member, **changed, "meta": ...}


def test_update_group_display_name(http_scim: HttpScim, with_member: dict[str, Any]) -> None:
    changed = {"displayName": word()}

    assert succeeded(http_scim.patch_group(with_member["id"], {"op": "replace", "value": changed}))

    after = http_scim.group(with_member["id"]).body
    assert {**after, "meta": ...} == {**with_member, **changed, "meta": ...}
    assert found(http_scim, with_member["displayName"]) == []


@pytest.mark.parametrize("setting", ["azure", "rfc"])
def test_patch_group_add_member(
    http_scim: HttpScim, installation: Installation, made: dict[str, Any], setting: str
) -> None:
    configure(installation, {"replace_members": setting}, by=TESTER)
    member = new_member(http_scim)

    assert succeeded(http_scim.patch_group(made["id"], op("replace", "members", [{"value": member}])))

    assert members(http_scim, made["id"]) == [member]


@pytest.mark.rfc("7644", "3.5.2.2")
def test_patch_group_remove_member(http_scim: HttpScim, with_member: dict[str, Any]) -> None:
    (first,) = members(http_scim, with_member["id"])
    second = new_member(http_scim)
    http_scim.patch_group(with_member["id"], op("replace", "members", [{"value": first}, {"value": second}]))

    assert succeeded(http_scim.patch_group(with_member["id"], op("remove", f'members[value eq "{first}"]')))

    assert members(http_scim, with_member["id"]) == [second]


@pytest.mark.rfc("7644", "3.6")
def test_delete_a_group(http_scim: HttpScim, with_member: dict[str, Any]) -> None:
    (member,) = members(http_scim, with_member["id"])

    assert http_scim.delete_group(with_member["id"]).status == 204

    assert http_scim.group(with_member["id"]).error == (404, None)
    assert found(http_scim, with_member["displayName"]) == []
    assert http_scim.user(member).status == 200


def test_preview_patch_group_multiple_operations_on_the_same_attribute(
    http_scim: HttpScim, made: dict[str, Any]
) -> None:
    member = new_member(http_scim)

    patched = http_scim.patch_group(
        made["id"], op("add", "members", [{"value": member}]), op("remove", f'members[value eq "{member}"]')
    )

    assert succeeded(patched)
    assert members(http_scim, made["id"]) == []


def test_preview_delete_a_non_existent_group(http_scim: HttpScim, made: dict[str, Any]) -> None:
    assert http_scim.delete_group(uuid4()).error == (404, None)


def test_preview_delete_the_same_group_twice(http_scim: HttpScim, made: dict[str, Any]) -> None:
    assert http_scim.delete_group(made["id"]).status == 204
    assert http_scim.delete_group(made["id"]).error == (404, None)
