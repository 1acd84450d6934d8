"""The table of hostile requests: never 5xx, SCIM's body on each refusal, and a refused one changes no row."""

import pytest
from django.db import connection

from scim_sync.models import ProvisioningEvent
from tests.scim_sync.client import Scim
from tests.scim_sync.hostile.rows import rows
from tests.scim_sync.hostile.world import World, digest, make_world
from tests.undoing import undone

pytestmark = pytest.mark.skipif(connection.vendor == "sqlite", reason="digests are PostgreSQL's")

FEWEST = 500
PARTS = 4
LOGGED = {"POST", "PUT", "PATCH", "DELETE"}


@pytest.fixture
def world(scim: Scim, other_scim: Scim) -> World:
    return make_world(scim, other_scim)


@pytest.mark.parametrize("part", range(PARTS))
def test_a_hostile_request_is_refused_and_does_nothing(
    world: World, subtests: pytest.Subtests, part: int
) -> None:
    table = list(rows(world))
    assert len(table) >= FEWEST
    before = digest(world.own_organization, world.other_organization)

    for row in table[part::PARTS]:
        sent = row.sent
        with subtests.test(row.name, method=sent.method, target=sent.target[:120]), undone():
            got, _after, faults = world.examine(sent, before)

            assert faults == []
            assert got.status in row.statuses, got
            assert not row.scim_type or got.body["scimType"] == row.scim_type
            if (
                got.status in (400, 404, 409, 412, 413)
                and sent.method in LOGGED
                and "search" not in sent.target
            ):
                event = ProvisioningEvent.objects.latest("id")
                assert (event.status, event.detail) == (got.status, got.body["detail"])
