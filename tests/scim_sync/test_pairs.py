"""Every two writes on one person, and on one group, at once over real HTTP, on a database that locks rows."""

from collections.abc import Callable
from itertools import combinations_with_replacement

import pytest
from django.db import connection

from scim_sync.models import ProvisioningEvent
from tests.proofs import rounds
from tests.scim_sync.client import DISABLE, ENABLE, PRINTMGMT, HttpScim, a_group, a_user, op
from tests.scim_sync.pairs import Stage, Write, unexplained

pytestmark = pytest.mark.skipif(
    connection.settings_dict["ENGINE"].endswith("sqlite3"), reason="races are proven on PostgreSQL"
)


def on_person(*operations: dict[str, object], of: str = "person") -> Write:
    return lambda stage: stage.scim.patch(stage.ids[of], *operations)


def on_group(*operations: Callable[[Stage], dict[str, object]], of: str = "group") -> Write:
    return lambda stage: stage.scim.patch_group(stage.ids[of], *(made(stage) for made in operations))


def members(verb: str, *parts: str) -> Callable[[Stage], dict[str, object]]:
    return lambda stage: op(verb, "members", [{"value": stage.ids[part]} for part in parts])


def card_of(part: str) -> Write:
    return lambda stage: stage.scim.patch(
        stage.ids[part], op("Replace", f"{PRINTMGMT}:cardNumber", f"card {stage.mark}")
    )


def people(stage: Stage) -> dict[str, str]:
    scim = stage.scim
    ids = {part: scim.create(stage.name(part), displayName="Ada").id for part in ("person", "person2")}
    ids["group"] = scim.create_group(stage.name("group"), ids["person"]).id
    return ids


PERSON: dict[str, Write] = {
    "post": lambda stage: stage.scim.create(stage.name("person")),
    "put": lambda stage: stage.scim.put(stage.ids["person"], a_user(stage.name("person"), title="put")),
    "column": on_person(op("Replace", "displayName", "new")),
    "link": on_person(op("Replace", "title", "new")),
    "nothing": on_person(op("Replace", "displayName", "Ada")),
    "rename": lambda stage: stage.scim.patch(
        stage.ids["person"], op("Replace", "userName", stage.name("new"))
    ),
    "other takes the name": lambda stage: stage.scim.patch(
        stage.ids["person2"], op("Replace", "userName", stage.name("new"))
    ),
    "disable": on_person(DISABLE),
    "enable": on_person(ENABLE),
    "card": card_of("person"),
    "card of the other": card_of("person2"),
    "delete": lambda stage: stage.scim.delete(stage.ids["person"]),
    "delete the other": lambda stage: stage.scim.delete(stage.ids["person2"]),
    "out of the group": on_group(members("Remove", "person")),
}


def groups(stage: Stage) -> dict[str, str]:
    scim = stage.scim
    ids = {part: scim.create(stage.name(part)).id for part in ("person", "person2")}
    ids["child"] = scim.create_group(stage.name("child"), ids["person"]).id
    ids["group"] = scim.create_group(stage.name("group"), ids["person"]).id
    return ids


GROUP: dict[str, Write] = {
    "post": lambda stage: stage.scim.create_group(stage.name("group"), stage.ids["person2"]),
    "put": lambda stage: stage.scim.put_group(
        stage.ids["group"], a_group(stage.name("group"), stage.ids["person2"])
    ),
    "put both": lambda stage: stage.scim.put_group(
        stage.ids["group"], a_group(stage.name("group"), stage.ids["person"], stage.ids["person2"])
    ),
    "add": on_group(members("Add", "person2")),
    "remove": on_group(members("Remove", "person")),
    "nothing": on_group(members("Add", "person")),
    "rename": lambda stage: stage.scim.patch_group(
        stage.ids["group"], op("Replace", "displayName", stage.name("new"))
    ),
    "child takes the name": lambda stage: stage.scim.patch_group(
        stage.ids["child"], op("Replace", "displayName", stage.name("new"))
    ),
    "nest": on_group(members("Add", "child")),
    "nest the other way": on_group(members("Add", "group"), of="child"),
    "delete": lambda stage: stage.scim.delete_group(stage.ids["group"]),
    "delete the child": lambda stage: stage.scim.delete_group(stage.ids["child"]),
    "disable a member": on_person(DISABLE),
}

DANGEROUS = [
    *(("put", "put both"), ("put", "remove"), ("put both", "add"), ("put", "delete"), ("remove", "delete")),
    *(("nothing", "delete"), ("nest", "nest the other way"), ("nest", "delete the child")),
    *(("rename", "add"), ("rename", "child takes the name"), ("nest", "rename")),
]
"""Pairs of GROUP that have ended in a deadlock or a server error, or nearly."""


def test_two_writes_on_one_person_are_as_one_after_the_other(http_scim: HttpScim) -> None:
    pairs = [(name, other) for name in ("put", "card", "disable") for other in ("delete", "post", "card")]

    assert list(unexplained(http_scim, people, PERSON, pairs, rounds=1)) == []


def test_two_writes_on_one_group_are_as_one_after_the_other(http_scim: HttpScim) -> None:
    assert list(unexplained(http_scim, groups, GROUP, DANGEROUS, rounds=1)) == []
    assert not ProvisioningEvent.objects.filter(status__gte=500).exists()


@pytest.mark.parametrize("rounds", rounds(0, proof=20)[1:])
@pytest.mark.parametrize(("make", "writes"), [(people, PERSON), (groups, GROUP)], ids=["person", "group"])
def test_every_two_writes_are_as_one_after_the_other(
    http_scim: HttpScim, make: Callable[[Stage], dict[str, str]], writes: dict[str, Write], rounds: int
) -> None:
    pairs = combinations_with_replacement(writes, 2)

    assert list(unexplained(http_scim, make, writes, pairs, rounds=rounds)) == []
    assert not ProvisioningEvent.objects.filter(status__gte=500).exists()
