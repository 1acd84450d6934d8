"""An id of another organization is answered like one that nobody has: byte for byte, but for the id."""

import re
from uuid import uuid4

import pytest
from django.db import connection

from tests.scim_sync.client import DISABLE, ENTERPRISE, Scim, a_group, a_user, op
from tests.scim_sync.hostile.calling import Got, Sent
from tests.scim_sync.hostile.rows import BULK
from tests.scim_sync.hostile.world import World, digest, make_world
from tests.undoing import undone

pytestmark = pytest.mark.skipif(connection.vendor == "sqlite", reason="digests are PostgreSQL's")

MOMENT = re.compile(rb'"\d{4}-\d\d-\d\dT[^"]+"')


@pytest.fixture
def world(scim: Scim, other_scim: Scim) -> World:
    return make_world(scim, other_scim)


def requests_about(world: World, pk: str) -> list[Sent]:
    """Every place of a request where an id may stand."""
    user, group = f"/Users/{world.person}", f"/Groups/{world.group}"
    member = {"value": pk}
    sent = [
        world.sent(method, f"/{endpoint}/{pk}", body)
        for endpoint in ("Users", "Groups")
        for method, body in (
            ("GET", None),
            ("PUT", a_user("x", displayName="x")),
            ("PATCH", {"Operations": [DISABLE]}),
            ("DELETE", None),
        )
    ]
    sent += [
        world.sent("POST", "/Bulk", {"schemas": [BULK], "Operations": [operation]})
        for endpoint in ("Users", "Groups")
        for operation in (
            {"method": "PUT", "path": f"/{endpoint}/{pk}", "data": a_user("x", displayName="x")},
            {"method": "PATCH", "path": f"/{endpoint}/{pk}", "data": {"Operations": [DISABLE]}},
            {"method": "DELETE", "path": f"/{endpoint}/{pk}"},
        )
    ]
    sent += [
        world.sent("GET", f"{path}?filter={attribute}%20eq%20%22{pk}%22")
        for path, names in (
            ("/Users", ("id", "externalId", "groups.value", f"{ENTERPRISE}:manager.value")),
            ("/Groups", ("id", "externalId", "members.value")),
            ("/", ("id",)),
        )
        for attribute in names
    ]
    return [
        *sent,
        world.sent("POST", "/Groups", a_group("New", pk)),
        world.sent("PUT", group, a_group("Staff ada", pk)),
        world.sent("PATCH", group, {"Operations": [op("Add", "members", [member])]}),
        world.sent("PATCH", group, {"Operations": [op("Replace", "members", [member])]}),
        world.sent("PATCH", group, {"Operations": [op("Remove", "members", [member])]}),
        world.sent("PATCH", group, {"Operations": [op("Remove", f'members[value eq "{pk}"]')]}),
        world.sent("PATCH", user, {"Operations": [op("Replace", f"{ENTERPRISE}:manager", pk)]}),
        world.sent("PATCH", user, {"Operations": [op("Replace", "id", pk)]}),
        world.sent("PUT", user, a_user("ada@contoso.com", id=pk)),
        world.sent("GET", f"{user}?attributes={pk}"),
        world.sent("DELETE", user, If_Match=f'W/"{pk}"'),
    ]


def told(got: Got, pk: str) -> tuple[int, dict[str, str], bytes]:
    """An answer without the id, and without what differs between any two requests."""
    headers = {
        name: value.replace(pk, "<id>") for name, value in got.headers.items() if name != "X-Request-ID"
    }
    return got.status, headers, got.raw.replace(pk.encode(), b"<id>")


@pytest.mark.parametrize("kind", ["person", "group"])
def test_a_foreign_id_is_answered_like_an_unknown_one(
    world: World, subtests: pytest.Subtests, kind: str
) -> None:
    foreign = world.foreign_person if kind == "person" else world.foreign_group
    unknown = str(uuid4())
    before = digest(world.own_organization, world.other_organization)

    for one, other in zip(requests_about(world, foreign), requests_about(world, unknown), strict=True):
        with subtests.test(method=one.method, target=one.target, body=one.body[:200]):
            answers = []
            for sent, pk in ((one, foreign), (other, unknown)):
                with undone():
                    got, _after, faults = world.examine(sent, before)
                assert faults == []
                answers.append(told(got, pk))
            assert _without_moments(answers[0]) == _without_moments(answers[1])


def _without_moments(answer: tuple[int, dict[str, str], bytes]) -> tuple[int, dict[str, str], bytes]:
    """A write that is done tells when, to the millisecond, and a new group has an id of its own."""
    status, headers, raw = answer
    return status, {**headers, "Location": ""}, MOMENT.sub(b'"<when>"', raw) if status < 400 else raw
