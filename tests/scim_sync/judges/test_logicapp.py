"""The LogicApp validation's 11 tests that call the endpoint itself, over real HTTP (entra/README.md §16).

Of its 25 tests 7 act on users through an Entra job (`test_logicapp_users`) and 7 on groups
(`test_logicapp_groups`). Two of the 11 are about how a token is come by: client credentials and federation.
We serve neither; the validation skips both where a token was pasted, and what is left of them is tested here.
"""

import base64
import json
from typing import Any

import pytest

from scim_sync.rehearsal import mappings
from scim_sync.rehearsal.targets import Target
from tests.scim_sync.client import CORE, ENTERPRISE, GROUP, HttpScim, op
from tests.scim_sync.judges.bodies import a_member, everything, group, word
from tests.scim_sync.judges.derivation import Definition, derived

MANAGER = f"{ENTERPRISE}:manager"
NOT_UPDATED = ("groups", "roles", "active", "manager", "members")
GROUP_MAPPING = {"displayName", "externalId", "members"}
UPDATES = {"string": "upd-0f3a91c7", "boolean": True, "integer": 7, "dateTime": "2026-01-02T03:04:05Z"}


def schemas(scim: HttpScim) -> dict[str, Definition]:
    """The published schemas by id."""
    answer = scim.get("/Schemas")
    assert answer.status == 200
    return {schema["id"]: schema for schema in answer.body["Resources"]}


def updatable(scim: HttpScim, *schema_ids: str) -> dict[str, Definition]:
    """The derived attributes the validation writes to: one value, and read again as it was written."""
    published = schemas(scim)
    return {
        path: attribute
        for schema_id in schema_ids
        for path, attribute in derived(published[schema_id]).items()
        if attribute["mutability"] == "readWrite" and path.partition("[")[0] not in NOT_UPDATED
    }


def read(resource: dict[str, Any], paths: dict[str, Any]) -> dict[str, Any]:
    """What the resource has at each of the paths."""
    return {path: Target.parse(path).read(resource) for path in paths}


@pytest.mark.rfc("7643", "7")
def test_schema_discoverability(http_scim: HttpScim) -> None:
    published = schemas(http_scim)
    users = {path.lower() for urn in (CORE, ENTERPRISE) for path in derived(published[urn])}
    mapped = {
        row.target.attribute if row.reference else row.target.path
        for mapping in (mappings.DEFAULT, mappings.GALLERY)
        for row in mapping.attributes
    }

    assert [path for path in mapped if path.lower() not in users] == []
    assert set(derived(published[GROUP])) >= GROUP_MAPPING


@pytest.mark.rfc("7643", "2.5")
def test_scim_null_update(http_scim: HttpScim) -> None:
    paths = updatable(http_scim, CORE, ENTERPRISE)
    optional = {path: attribute for path, attribute in paths.items() if not attribute["required"]}
    user_id = http_scim.post(everything()).id
    assert len(optional) > 60

    for nothing in ("", None):
        filled = http_scim.patch(user_id, *(op("replace", path, word()) for path in optional))
        assert all(read(filled.body, optional).values())

        assert http_scim.patch(user_id, *(op("replace", path, nothing) for path in optional)).status == 200

        assert set(read(http_scim.user(user_id).body, optional).values()) <= {None, ""}


def test_scim_user_create(http_scim: HttpScim) -> None:
    sent = everything()

    created = http_scim.post(sent)

    assert created.status == 201
    assert created.id
    assert created.body["userName"] == sent["userName"]


@pytest.mark.rfc("7644", "3.5.2.3")
def test_scim_user_update(http_scim: HttpScim) -> None:
    paths = updatable(http_scim, CORE, ENTERPRISE)
    values = {path: UPDATES[attribute["type"]] for path, attribute in paths.items()}
    user_id = http_scim.post(everything()).id
    assert {"userName", 'emails[type eq "work"].value'} < set(values)

    patched = http_scim.patch(user_id, *(op("replace", path, value) for path, value in values.items()))

    assert patched.status == 200
    assert read(http_scim.user(user_id).body, values) == values


def test_scim_group_create(http_scim: HttpScim) -> None:
    sent = group()

    created = http_scim.post(sent, "/Groups")

    assert created.status == 201
    assert created.id
    assert created.body["displayName"] == sent["displayName"]


def test_scim_group_update(http_scim: HttpScim) -> None:
    paths = updatable(http_scim, GROUP)
    values = {path: UPDATES[attribute["type"]] for path, attribute in paths.items()}
    group_id = http_scim.post(group(), "/Groups").id
    assert set(values) == {"displayName", "externalId"}

    patched = http_scim.patch_group(group_id, *(op("replace", path, value) for path, value in values.items()))

    assert patched.status in (200, 204)
    assert read(http_scim.group(group_id).body, values) == values


@pytest.mark.rfc("7644", "2")
def test_validate_credentials(http_scim: HttpScim) -> None:
    page = "/Users?startIndex=1&count=1"

    assert http_scim.get(page).status == 200
    assert http_scim.get(page, Authorization=f"Bearer {http_scim.token[:-1]}").status == 401


def test_federated_identity(http_scim: HttpScim) -> None:
    claims = {"iss": "https://sts.windows.net/contoso/", "aud": "8adf8e6e-67b2-4cf2-a259-e3dc5476c621"}
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()) for part in ({"alg": "none"}, claims, "")]
    token = b".".join(parts).replace(b"=", b"").decode()

    refused = http_scim.get("/Users?startIndex=1&count=1", Authorization=f"Bearer {token}")

    assert refused.status == 401
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")


def walk(scim: HttpScim, path: str) -> list[str]:
    """The ids on the pages of five that 11 resources take; each page says where it begins, in numbers."""
    ids: list[str] = []
    for start, size in ((1, 5), (6, 5), (11, 1)):
        page = scim.get(f"{path}?startIndex={start}&count=5")
        assert page.status == 200
        counted = {name: page.body[name] for name in ("startIndex", "itemsPerPage", "totalResults")}
        assert counted == {"startIndex": start, "itemsPerPage": size, "totalResults": 11}
        ids += [resource["id"] for resource in page.body["Resources"]]
    return ids


@pytest.mark.rfc("7644", "3.4.2.4")
def test_scim_user_pagination(http_scim: HttpScim) -> None:
    made = [http_scim.post(a_member()).id for _ in range(11)]

    assert walk(http_scim, "/Users") == made


@pytest.mark.rfc("7644", "3.4.2.4")
def test_scim_group_pagination(http_scim: HttpScim) -> None:
    made = [http_scim.post(group(), "/Groups").id for _ in range(11)]

    assert walk(http_scim, "/Groups") == made


def test_scim_update_manager(http_scim: HttpScim) -> None:
    user_id, first, second = (http_scim.post(a_member()).id for _ in range(3))

    for operation, expected in (
        (op("add", MANAGER, first), {"value": first}),
        (op("replace", MANAGER, second), {"value": second}),
        (op("replace", MANAGER, ""), None),
    ):
        assert http_scim.patch(user_id, operation).status == 200
        assert http_scim.user(user_id).body.get(ENTERPRISE, {}).get("manager") == expected
