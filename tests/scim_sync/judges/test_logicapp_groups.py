"""The LogicApp validation's 7 tests of groups through an Entra job, over real HTTP.

The rehearsal plays no groups; these are the job's requests as they are documented (entra/README.md §10).
"""

from typing import Any
from urllib.parse import quote_plus
from uuid import uuid4

import pytest

from tests.scim_sync.client import GROUP, HttpScim, op
from tests.scim_sync.judges.bodies import a_member

ADSCIM = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"
NAME = "Print Admins"


def matching(scim: HttpScim, name: str = NAME) -> list[dict[str, Any]]:
    """What the job's matching query lists; members are never asked for."""
    expression = quote_plus(f'displayName eq "{name}"')
    answer = scim.get(f"/Groups?excludedAttributes=members&filter={expression}")
    assert answer.status == 200
    resources: list[dict[str, Any]] = answer.body["Resources"]
    return resources


def provisioned(scim: HttpScim, external_id: str = "0f3a91c7") -> str:
    """The id of the group after what a job does with one it has not seen: probe, match, create."""
    assert matching(scim, str(uuid4())) == []
    assert matching(scim) == []
    body = {
        "schemas": [GROUP, ADSCIM],
        "externalId": external_id,
        "displayName": NAME,
        "meta": {"resourceType": "Group"},
    }
    created = scim.post(body, "/Groups")
    assert created.status == 201
    return created.id


def has_member(scim: HttpScim, group_id: str, member: str) -> bool:
    """What the job asks before it writes a reference."""
    found = scim.find(f'id eq "{group_id}" and members eq "{member}"', "/Groups")
    assert found.status == 200
    return bool(found.body["totalResults"])


def added(scim: HttpScim, group_id: str) -> str:
    """The id of someone new whom the job put into the group."""
    member = scim.post(a_member()).id
    assert not has_member(scim, group_id, member)
    patched = scim.patch_group(group_id, op("Add", "members", [{"$ref": None, "value": member}]))
    assert patched.status in (200, 204)
    return member


def test_create_group(http_scim: HttpScim) -> None:
    group_id = provisioned(http_scim)

    (found,) = matching(http_scim)
    assert (found["id"], found["externalId"]) == (group_id, "0f3a91c7")


def test_update_group(http_scim: HttpScim) -> None:
    group_id = provisioned(http_scim)
    read = http_scim.group(group_id, "?excludedAttributes=members")
    assert read.body["displayName"] == NAME

    # A description may be mapped: there is none here, and one refusal would fail the whole PATCH.
    patched = http_scim.patch_group(
        group_id, op("Replace", "displayName", "Printers"), op("Add", "description", "who prints")
    )

    assert patched.status in (200, 204)
    assert matching(http_scim) == []
    (found,) = matching(http_scim, "Printers")
    assert found["id"] == group_id


def test_delete_group(http_scim: HttpScim) -> None:
    group_id = provisioned(http_scim)

    assert http_scim.delete_group(group_id).status == 204

    assert matching(http_scim) == []


def test_group_update_add_member(http_scim: HttpScim) -> None:
    group_id = provisioned(http_scim)

    member = added(http_scim, group_id)

    assert has_member(http_scim, group_id, member)


@pytest.mark.parametrize("flag", [False, True], ids=["default", "flag"])
def test_group_update_remove_member(http_scim: HttpScim, flag: bool) -> None:
    group_id = provisioned(http_scim)
    leaver, other = added(http_scim, group_id), added(http_scim, group_id)
    removal = (
        op("remove", f'members[value eq "{leaver}"]')
        if flag
        else op("Remove", "members", [{"$ref": None, "value": leaver}])
    )

    assert http_scim.patch_group(group_id, removal).status in (200, 204)

    assert not has_member(http_scim, group_id, leaver)
    assert has_member(http_scim, group_id, other)


def test_provision_group_on_demand(http_scim: HttpScim) -> None:
    group_id = provisioned(http_scim)

    members = {added(http_scim, group_id) for _ in range(5)}  # as many as a demand may carry

    assert {member["value"] for member in http_scim.group(group_id).body["members"]} == members


def test_restore_group_by_unassigning_and_reassigning(http_scim: HttpScim) -> None:
    first = provisioned(http_scim)
    member = added(http_scim, first)

    assert http_scim.delete_group(first).status == 204
    assert matching(http_scim) == []

    second = provisioned(http_scim)
    (found,) = matching(http_scim)
    assert found["id"] == second
    assert not has_member(http_scim, second, member)
