"""Writes and whose representation each of them changes: the data of test_versions_generated.py."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from addons.models import Installation
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.merging import merge_people
from printmgmt.people.memberships import Change, Members, Verb, change_members
from printmgmt.people.models import PrintGroup, PrintUser
from tests import factories
from tests.factories import TESTER
from tests.replay import replayed
from tests.scim_sync.client import DISABLE, ENABLE, PRINTMGMT, Answer, Scim, a_group, a_user, op


@dataclass
class World:
    """A directory's people and groups.

    Ada is in Staff and Sales, Staff is in Company; Bob in nothing, Gus in Staff and made in the console; Gone
    left, and was in Sales. Nobody is in Empty. The console put Bob and Sales into Empty, unseen.
    """

    scim: Scim
    installation: Installation
    ids: dict[str, str]

    @classmethod
    def made(cls, installation: Installation) -> "World":
        """The same for every test, so made once in a process."""
        base, token, ids = replayed(("world", installation.pk), lambda: cls._make(installation))
        return cls(Scim(base, token), installation, dict(ids))

    @classmethod
    def _make(cls, installation: Installation) -> tuple[str, str, dict[str, str]]:
        scim = Scim.of(installation)
        of = installation.organization
        ids = {
            name: scim.create(name, externalId=name, displayName=name.title(), title="Clerk").id
            for name in ("ada", "bob", "gone")
        }
        ids["gus"] = str(factories.person(of, "gus").pk)
        ids["staff"] = scim.create_group("Staff", ids["ada"], ids["gus"]).id
        ids["sales"] = scim.create_group("Sales", ids["ada"], ids["gone"]).id
        ids["company"] = scim.create_group("Company", ids["staff"], externalId="c").id
        ids["empty"] = scim.create_group("Empty").id
        made = cls(scim, installation, ids)
        unseen = Members(frozenset({made.person("bob").pk}), frozenset({made.group("sales").pk}))
        change_members(made.group("empty"), [Change(Verb.ADD, unseen)], by=TESTER)
        scim.delete(ids["gone"])
        return scim.base, scim.token, ids

    def person(self, name: str) -> PrintUser:
        return PrintUser.objects.get(pk=self.ids[name])

    def group(self, name: str) -> PrintGroup:
        return PrintGroup.objects.get(pk=self.ids[name])

    def address(self, name: str) -> str:
        kind = "Groups" if name in ("staff", "sales", "company", "empty") else "Users"
        return f"/{kind}/{self.ids[name]}"

    def patch(self, name: str, *operations: dict[str, Any]) -> Answer:
        return self.scim.send("PATCH", self.address(name), {"Operations": list(operations)})

    def put(self, name: str, body: dict[str, Any]) -> Answer:
        return self.scim.send("PUT", self.address(name), body)

    def delete(self, name: str) -> Answer:
        return self.scim.send("DELETE", self.address(name))

    def members(self, *names: str) -> list[dict[str, str]]:
        return [{"value": self.ids[name]} for name in names]


def _merge(world: World, keep: str, other: str) -> None:
    merge_people(world.person(keep), world.person(other), by=TESTER)


def _bulk(world: World, *names: str) -> Answer:
    operations = [{"method": "DELETE", "path": world.address(name)} for name in names]
    schemas = ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"]
    return world.scim.post({"schemas": schemas, "Operations": operations}, "/Bulk")


def _console(world: World, group: str, verb: Verb, *people: str) -> None:
    members = Members(frozenset(world.person(name).pk for name in people))
    change_members(world.group(group), [Change(verb, members)], by=TESTER)


def _fields(name: str, **fields: Any) -> dict[str, Any]:
    return a_user(name, externalId=name, displayName=name.title(), title="Clerk", **fields)


TITLE = op("Replace", "title", "Boss")
NAME = op("Replace", "displayName", "Other")
RENAME = op("Replace", "userName", "other")
CARD = op("Add", f"{PRINTMGMT}:cardNumber", "4711 4711")

Write = Callable[[World], object]

CASES: dict[str, tuple[Write, set[str]]] = {
    # people, by PATCH
    "nothing": (lambda w: w.patch("ada", ENABLE), set()),
    "the same": (lambda w: w.patch("ada", op("Replace", "title", "Clerk")), set()),
    "unknown": (lambda w: w.patch("ada", op("Replace", "shoeSize", "44")), set()),
    "a card": (lambda w: w.patch("ada", CARD), set()),
    "a column": (lambda w: w.patch("ada", NAME), {"ada"}),
    "the link": (lambda w: w.patch("ada", TITLE), {"ada"}),
    "externalId": (lambda w: w.patch("ada", op("Replace", "externalId", "x")), {"ada"}),
    "both": (lambda w: w.patch("ada", NAME, TITLE), {"ada"}),
    "a rename": (lambda w: w.patch("ada", RENAME), {"ada"}),
    "disable": (lambda w: w.patch("ada", DISABLE), {"ada"}),
    "disable and a column": (lambda w: w.patch("ada", NAME, DISABLE), {"ada"}),
    "disable and the link": (lambda w: w.patch("ada", TITLE, DISABLE), {"ada"}),
    "disable and all": (lambda w: w.patch("ada", TITLE, RENAME, CARD, DISABLE), {"ada"}),
    "disable and enable": (lambda w: w.patch("ada", DISABLE, ENABLE), set()),
    "link by PATCH": (lambda w: w.patch("gus", TITLE), {"gus"}),
    "link and disable": (lambda w: w.patch("gus", DISABLE), {"gus"}),
    "link, name and disable": (lambda w: w.patch("gus", NAME, TITLE, DISABLE), {"gus"}),
    # people, by PUT, POST and DELETE
    "PUT the same": (lambda w: w.put("ada", _fields("ada")), set()),
    "PUT": (lambda w: w.put("ada", _fields("ada", nickName="A", active=False)), {"ada"}),
    "link by PUT": (lambda w: w.put("gus", _fields("gus", active=False)), {"gus"}),
    "link by POST": (lambda w: w.scim.create("gus", title="x"), {"gus"}),
    "DELETE": (lambda w: w.delete("ada"), {"ada", "staff", "sales"}),
    "DELETE of the unlinked": (lambda w: w.delete("gus"), {"gus", "staff"}),
    "DELETE of who is in no group": (lambda w: w.delete("bob"), {"bob"}),
    "DELETE of two": (lambda w: _bulk(w, "bob", "gus"), {"bob", "gus", "staff"}),
    "refused": (lambda w: w.patch("ada", TITLE, op("Replace", "userName", "bob")), set()),
    # coming back
    "come back": (lambda w: w.scim.create("gone", externalId="gone"), {"gone", "sales"}),
    "come back otherwise": (lambda w: w.scim.create("GONE", nickName="G"), {"gone", "sales"}),
    "come back inactive": (lambda w: w.scim.create("gone", title="x", active=False), {"gone", "sales"}),
    "somebody else": (lambda w: w.scim.create("gone", externalId="x"), set()),
    # groups
    "group nothing": (lambda w: w.patch("staff", op("Replace", "displayName", "Staff")), set()),
    "group rename": (lambda w: w.patch("staff", NAME), {"staff"}),
    "group externalId": (lambda w: w.patch("staff", op("Add", "externalId", "s")), {"staff"}),
    "group both": (lambda w: w.patch("staff", NAME, op("Add", "externalId", "s")), {"staff"}),
    "member": (lambda w: w.patch("staff", op("Add", "members", w.members("bob"))), {"staff"}),
    "member again": (lambda w: w.patch("staff", op("Add", "members", w.members("ada"))), set()),
    "member out": (lambda w: w.patch("staff", op("Remove", "members", w.members("ada"))), {"staff"}),
    "nobody out": (lambda w: w.patch("staff", op("Remove", "members", w.members("bob"))), set()),
    "member in and out": (
        lambda w: w.patch(
            "staff", op("Add", "members", w.members("bob")), op("Remove", "members", w.members("bob"))
        ),
        set(),
    ),
    "rename and members": (
        lambda w: w.patch("staff", NAME, op("Add", "members", w.members("bob"))),
        {"staff"},
    ),
    "group PUT the same": (lambda w: w.put("staff", a_group("Staff", w.ids["ada"], w.ids["gus"])), set()),
    "group PUT": (lambda w: w.put("staff", a_group("Other", w.ids["bob"], externalId="s")), {"staff"}),
    "group DELETE": (lambda w: w.delete("staff"), {"staff", "company"}),
    "group DELETE at the top": (lambda w: w.delete("company"), {"company"}),
    "group DELETE unseen": (lambda w: w.delete("sales"), {"sales"}),
    # the console
    "block": (lambda w: leaving.block(w.person("ada"), by=TESTER), {"ada"}),
    "remove": (lambda w: leaving.remove(w.person("ada"), by=TESTER), {"ada", "staff", "sales"}),
    "restore": (lambda w: leaving.restore(w.person("gone"), by=TESTER), {"gone", "sales"}),
    "restore the suspended": (
        lambda w: (
            leaving.suspend(w.person("gus"), by=TESTER) and leaving.reactivate(w.person("gus"), by=TESTER)
        ),
        {"gus"},
    ),
    "merge a member": (lambda w: _merge(w, "bob", "gus"), {"bob", "gus", "staff"}),
    "merge into a member": (lambda w: _merge(w, "ada", "gus"), {"ada", "gus", "staff"}),
    "merge who left": (lambda w: _merge(w, "bob", "gone"), {"bob", "sales"}),
    "merge who left into a member": (lambda w: _merge(w, "ada", "gone"), {"ada"}),
    "console puts in": (lambda w: _console(w, "staff", Verb.ADD, "bob"), {"staff"}),
}
"""What is done → the resources whose representation it changes; all others keep theirs."""

TWICE = {"restore the suspended"}
"""What is two writes."""
