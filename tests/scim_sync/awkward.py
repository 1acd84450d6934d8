"""People and groups with every published attribute, and texts that are hard to compare."""

from random import Random
from typing import Any

from addons.models import Installation
from printmgmt.people.attributes import ATTRIBUTES
from printmgmt.people.models import CONSOLE, GroupMembership, GroupNesting, PrintGroup, PrintUser
from scim_sync.protocol.attributes import USER, Attribute
from tests import factories
from tests.scim_sync.client import ENTERPRISE, Scim, a_user, op

_LATIN = """a A b ab aB ba Z z _ % a%b a_b axb 100% \\ a\\b " ' O'Neil - a-b a.b null true work"""
_OTHERS = "ä Ä a\u0308 é Straße STRASSE ß İ i ı I ﬁ fi Ａ ſ שלום مرحبا 日本 😀 a😀b \ufffd"
TEXTS = (*_LATIN.split(), *_OTHERS.split(), "a b", " a")
WRITABLE_LISTS = {"emails", "phoneNumbers", "ims", "addresses", "entitlements", "roles"}


class Awkward:
    """Representations of people and groups in the default order, as the directory sees them.

    No dataclass: Hypothesis shows what a test was given, and refuses to show this much.
    """

    def __init__(
        self, installation: Installation, people: list[dict[str, Any]], groups: list[dict[str, Any]]
    ) -> None:
        self.installation = installation
        self.people = people
        self.groups = groups


def make_awkward(scim: Scim, installation: Installation, *, seed: int = 1, people: int = 24) -> Awkward:
    """Write people and groups through the API and the console, some of whom are removed again."""
    random = Random(seed)  # noqa: S311
    ids: list[str] = []
    for number in range(people):
        if number % 4 == 3:  # the console's; no directory wrote to them
            ids.append(str(_console_person(random, number, installation).pk))
            continue
        ids.append(scim.post(_person(random, number, ids)).id)
        if number % 5 == 0:
            scim.patch(ids[-1], op("replace", "userName", f"{random.choice(TEXTS)} new {number}"))
    _make_groups(scim, installation, random, ids)
    for gone in (ids[0], ids[-1]):
        scim.delete(gone)
    found = scim.get("/Users?count=1000").body["Resources"]
    groups = scim.get("/Groups?count=1000").body["Resources"]
    return Awkward(installation, found, groups)


def _console_person(random: Random, number: int, installation: Installation) -> PrintUser:
    fields = {
        attribute.name: random.choice(("", *TEXTS))
        for attribute in ATTRIBUTES
        if attribute.name != "user_name"
    }
    return factories.person(installation.organization, f"{random.choice(TEXTS)}{number}", **fields)


def _person(random: Random, number: int, ids: list[str]) -> dict[str, Any]:
    """A body with about half of everything a client may write."""
    body = a_user(f"{random.choice(TEXTS)}{number}")
    for attribute in USER.core.values():
        if attribute.name in WRITABLE_LISTS:
            body[attribute.name] = _elements(random, attribute)
        elif (
            attribute.name not in ("userName", "active") and not attribute.read_only and random.random() < 0.5
        ):
            body[attribute.name] = _value(random, attribute)
    body["active"] = random.random() < 0.7
    extension = USER.extensions[ENTERPRISE.lower()]
    body[ENTERPRISE] = {
        sub.name: random.choice(TEXTS)
        for sub in extension.subs.values()
        if not sub.complex and random.random() < 0.5
    }
    if random.random() < 0.5:
        body[ENTERPRISE]["manager"] = {"value": random.choice([*TEXTS, *ids])}
    return body


def _elements(random: Random, attribute: Attribute) -> list[dict[str, Any]]:
    """Up to three, the first or none of them primary, some without type or value."""
    elements = [_value(random, attribute) for _ in range(random.choice((0, 1, 1, 2, 3)))]
    for element in elements:
        if "type" in element:
            element["type"] = random.choice(("work", "Work", "home", "other", "ｗork"))
        if "primary" in element:
            element["primary"] = False
    if elements and random.random() < 0.6:
        random.choice(elements)["primary"] = True
    return elements


def _value(random: Random, attribute: Attribute) -> Any:
    if attribute.complex:
        given = (sub for sub in attribute.subs.values() if sub.name == "value" or random.random() < 0.6)
        return {sub.name: _value(random, sub) for sub in given}
    return random.random() < 0.5 if attribute.type == "boolean" else random.choice(TEXTS)


def _make_groups(scim: Scim, installation: Installation, random: Random, ids: list[str]) -> None:
    """Groups of the directory with people and a group, and rows that others wrote, which it does not see."""
    made = []
    for number in range(6):
        external = {"externalId": random.choice(TEXTS)} if random.random() < 0.6 else {}
        members = random.sample(ids, random.randrange(4))
        made.append(scim.create_group(f"{random.choice(TEXTS)}{number}", *members, **external).id)
    scim.patch_group(made[0], op("add", "members", [{"value": made[1]}]))
    scim.patch_group(made[2], op("add", "members", [{"value": made[3]}, {"value": made[4]}]))
    GroupNesting.objects.create(parent_id=made[0], child_id=made[5], source=CONSOLE)
    own = PrintGroup.objects.create(
        organization=installation.organization, display_name="Own", display_name_key="own"
    )
    GroupMembership.objects.create(group=own, person_id=ids[0], source=CONSOLE)
    GroupMembership.objects.create(group=own, person_id=ids[1], source="somebody else")
