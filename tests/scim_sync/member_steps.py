"""Operations on the members of a group, at random, as a client writes them and as a set takes them."""

from typing import Any, NamedTuple

from hypothesis import strategies as st

from tests.scim_sync.client import op
from tests.scim_sync.patch_selection import Refused

# Who is named in operations on members: the model knows people and groups by these letters, "?" is nobody.
PEOPLE = "abc"
NESTED = "g"
NOBODY = "?"
names = st.sampled_from([*PEOPLE, *PEOPLE, NESTED])


class Step(NamedTuple):
    """One operation on members: what it does, whom it names, in which shape and letter case."""

    does: str
    named: list[str]
    shape: str
    capital: bool = False

    @property
    def verb(self) -> str:
        return self.does.capitalize() if self.capital else self.does


def step(does: list[str], named: st.SearchStrategy[list[str]], *shapes: str) -> st.SearchStrategy[Step]:
    return st.builds(Step, st.sampled_from(does), named, st.sampled_from(shapes), st.booleans())


some = st.lists(names, max_size=4)
nobody = st.just([NOBODY])
coming = step(["add"], some, "list", "$ref", "object", "folded")
going = step(["remove"], some, "list", "$ref", "filter", "or", "or")
answered = st.one_of(
    coming,
    going,
    going,
    step(["replace"], some, "list", "$ref", "folded"),
    step(["remove"], st.just([]), "all", "people", "groups"),
    step(["remove"], nobody, "list", "filter"),
)
one = st.lists(names, min_size=1, max_size=1)
# What names nobody who can be found, whatever it was meant to say; ADR 19.
UNREADABLE: dict[str, Any] = {
    "null": lambda ids: None,
    "blank": lambda ids: "",
    "space": lambda ids: " ",
    "nothing": lambda ids: {},
    "a null": lambda ids: [{"value": ids[0]}, None],
    "no value": lambda ids: [{"type": "User"}],
    "id": lambda ids: [{"id": ids[0]}],
    "display": lambda ids: [{"display": "a"}],
    "wrapped": lambda ids: {"members": [{"value": ids[0]}]},
    "nested": lambda ids: [[{"value": ids[0]}, {"value": ids[0]}]],
    "number": lambda ids: [5],
}
refused = st.one_of(
    step(["add", "replace"], nobody, "list"),
    step(["change"], one, "value"),
    step(["add", "replace", "remove"], one, *UNREADABLE),
    step(["add", "replace"], one, "folded null", "selected null"),
    step(["remove"], one, "'", "“", "unknown"),
)
_requests = st.lists(answered, min_size=1, max_size=3)
member_requests = st.one_of(
    _requests, _requests, _requests, st.lists(answered | refused, min_size=1, max_size=3)
)


def written(step: Step, ids: dict[str, str]) -> dict[str, Any]:
    """The operation as a client sends it."""
    named = [ids[name] for name in step.named]
    values: list[Any] = [{"value": each} for each in named]
    match step.shape:
        case "$ref":
            return op(step.verb, "members", [{"$ref": None, **value} for value in values])
        case "object":
            return op(step.verb, "members", values[0] if values else [])
        case "folded":
            return op(step.verb, "", {"members": values})
        case "filter":
            return op(step.verb, f'members[value eq "{named[0] if named else "x"}"]')
        case "or":
            chosen = " or ".join(f'value eq "{each}"' for each in named or ["x"])
            return op(step.verb, f"members[{chosen}]")
        case "all":
            return op(step.verb, "members")
        case "people" | "groups":
            kind = {"people": "User", "groups": "Group"}[step.shape]
            return op(step.verb, f'MEMBERS[Type Eq "{kind}"]')
        case "folded null":
            return op(step.verb, "", {"members": None})
        case "selected null":
            return op(step.verb, f'members[value eq "{named[0]}"]', None)
        case "'" | "“":
            return op(step.verb, f"members[value ne {step.shape}{named[0]}{step.shape}]")
        case "unknown":
            return op(step.verb, f'members[id eq "{named[0]}"]')
        case "value":
            return op("replace", f'members[value eq "{named[0]}"].value', "x")
    if step.shape in UNREADABLE:
        return op(step.verb, "members", UNREADABLE[step.shape](named))
    return op(step.verb, "members", values)


def after_step(members: set[str], step: Step, dialect: str) -> set[str]:
    """RFC 7644 §3.5.2 of a set. Raises Refused."""
    if step.shape in UNREADABLE or step.shape.endswith("null"):
        raise Refused("invalidValue")
    if step.shape in ("'", "“", "unknown"):
        raise Refused("invalidPath")
    named = set(step.named[:1] if step.shape in ("object", "filter") else step.named)
    if step.does == "change":
        raise Refused("mutability")  # RFC 7643 §8.7.1: a member's value is immutable
    if step.does == "remove":
        gone = {"all": members, "people": set(PEOPLE), "groups": {NESTED}}.get(step.shape, named)
        return members - gone
    if NOBODY in named:
        raise Refused("invalidValue")  # the default of the setting *Unknown members*
    if step.does == "replace" and (dialect == "rfc" or not named):
        return named  # an explicit empty list empties in both dialects
    return members | named  # `replace` of members adds, as Entra means it (entra/README.md §10)


def after_request(members: set[str], request: list[Step], dialect: str) -> tuple[set[str], set[str]]:
    """The members a PATCH leaves, and the scimTypes it may be refused with; then nobody came or went."""
    after, errors = members, set()
    for step in request:
        try:
            after = after_step(after, step, dialect)
        except Refused as error:
            errors.add(str(error))
    return (members, errors) if errors else (after, errors)
