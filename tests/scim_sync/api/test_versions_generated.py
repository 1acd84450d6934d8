"""Every write beside every resource: a version rises by one where the representation changed, else it stays.

What follows from another resource is left out of the comparison: what a member is called, and the groups of a
person (docs/scim.md, *Versions*).
"""

from typing import Any

import pytest

from addons.models import Installation
from tests.scim_sync.client import Scim
from tests.scim_sync.version_cases import CASES, TWICE, World

pytestmark = pytest.mark.django_db

Shown = dict[str, dict[str, Any]]


def shown(scim: Scim) -> Shown:
    """Everything the directory sees, by id, without what follows from other resources."""
    found = {}
    for resource in scim.get("/").body["Resources"]:
        own = {name: value for name, value in resource.items() if name != "groups"}
        if "members" in own:
            own["members"] = sorted((member["value"], member["type"]) for member in own["members"])
        found[own["id"]] = own
    return found


def version_of(resource: dict[str, Any]) -> int:
    return int(resource["meta"]["version"].removeprefix('W/"').removesuffix('"'))


@pytest.mark.rfc("7644", "3.14")
@pytest.mark.parametrize("name", CASES)
def test_a_version_rises_by_one_exactly_where_something_changed(
    installation: Installation, name: str
) -> None:
    write, expected = CASES[name]
    world = World.made(installation)
    before = shown(world.scim)

    write(world)

    after = shown(world.scim)
    assert {which for which, pk in world.ids.items() if before.get(pk) != after.get(pk)} == expected
    for pk in before.keys() & after.keys():
        old, now = before[pk], after[pk]
        risen = 0 if old == now else 2 if name in TWICE else 1
        assert version_of(now) - version_of(old) == risen, now
        assert (now["meta"]["lastModified"] > old["meta"]["lastModified"]) == (old != now), now


@pytest.mark.rfc("7644", "3.4.1")
@pytest.mark.parametrize("name", [name for name, (_write, changed) in CASES.items() if len(changed) > 1])
def test_a_conditional_read_says_what_a_write_to_something_else_changed(
    installation: Installation, name: str
) -> None:
    write, expected = CASES[name]
    world = World.made(installation)
    before = {which: world.scim.get(world.address(which)).headers.get("ETag", "*") for which in world.ids}

    write(world)

    for which, tag in before.items():
        status = world.scim.get(world.address(which), If_None_Match=tag).status
        assert status in ((200, 404) if which in expected and tag != "*" else (304, 404)), which
