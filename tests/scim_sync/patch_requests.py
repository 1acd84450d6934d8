"""PATCH requests on a person, at random: every shape of entra/README.md §6–§8 and §15, and errors."""

import json
from typing import Any

from hypothesis import strategies as st

from tests.scim_sync.client import op
from tests.scim_sync.patch_model import CORE, ENTERPRISE, ENTERPRISE_TEXTS, NAME, PRINTMGMT, TEXTS
from tests.scim_sync.patch_selection import LISTS

TAKEN = "taken@contoso.com"
WORDS = ["a", "A", "b", "ab", "É", "é", "x y"]
WRONG = [5, ["x"], {"x": "y"}]


words = st.sampled_from(WORDS)
empty = st.sampled_from(["", None])
texts = words | words | words | empty
booleans = st.sampled_from([True, False, "True", "False", "true", "FALSE"])
types = st.sampled_from(["work", "Work", "home", "fax"])


def any_case(name: str) -> st.SearchStrategy[str]:
    """A name in any letter case."""
    return st.sampled_from([name, name, name, name.upper(), name.swapcase()])


def verbs(name: str) -> st.SearchStrategy[str]:
    return st.sampled_from([name, name.capitalize(), name.upper()])


writing = verbs("add") | verbs("replace") | verbs("replace")
removing = verbs("remove")


def qualified(urn: str, name: str) -> st.SearchStrategy[str]:
    return st.builds(lambda prefix, name: f"{prefix}:{name}", any_case(urn), any_case(name))


@st.composite
def elements(draw: st.DrawFn, name: str) -> dict[str, Any]:
    subs = LISTS[name].split()
    element: dict[str, Any] = {}
    for sub in subs:
        if sub == "value" or draw(st.booleans()):
            given = {"primary": booleans, "type": types}.get(sub, texts)
            element[draw(any_case(sub))] = draw(given)
    return element


@st.composite
def roles(draw: st.DrawFn) -> dict[str, Any]:
    """An app role in one of the shapes of entra/README.md §7."""
    word = draw(words)
    plain = {"primary": draw(booleans), "type": "App", "value": word}
    inner = json.dumps({"id": "1", "value": word, "displayName": word})
    return draw(
        st.sampled_from([plain, {**plain, "display": "d"}, {**plain, "displayName": "d"}, {"value": inner}])
    )


# Where a list is wanted: what names nothing, in the shapes clients have been seen to send or could.
HOSTILE: list[Any] = [
    None,
    "",
    " ",
    [],
    {},
    [{}],
    [None],
    ["", None],
    [[]],
    {"mail": "x"},
    [{"mail": "x"}],
    [{"id": "x", "type": "work"}],
    {"work": "x"},
    {"emails": [{"value": "x"}]},
    [{"value": None}],
    [{"value": "", "type": "work"}],
    [{"type": "work"}],
    {"primary": False},
    [{"display": "a", "type": "work"}, {"nosuch": "x"}],
    [[{"type": "home", "display": "b"}]],
    [[{"type": "home"}, {"type": "work"}]],
    5,
    True,
]


def listed(name: str) -> st.SearchStrategy[Any]:
    one = roles() | elements(name) if name == "roles" else elements(name)
    return st.lists(one, max_size=3) | st.lists(one, max_size=3) | one | st.sampled_from(HOSTILE)


managers = st.one_of(
    texts,
    st.builds(lambda value: {"value": value}, texts),
    st.builds(lambda value: [{"$ref": None, "value": value}], words),
    st.builds(lambda value: {"value": value, "$ref": "x", "displayName": "y"}, words),
    st.sampled_from([[], {}, {"id": "x"}, {"displayName": "y"}, [{"manager": "x"}], {"$ref": None}]),
)
CONDITIONS = [
    'type eq "work"',
    'type eq "WORK"',
    'TYPE EQ "home"',
    "type eq work",
    "primary eq true",
    'primary eq "True"',
    "primary eq false",
    'primary ne "False"',
    'type eq "work" and primary ne true',
    'value eq "a"',
    'type eq "work" and primary eq true',
    'type eq "fax" and value eq "b"',
    'type eq "work" or type eq "home"',
    'value co "a"',
    'type ne "work"',
    "value pr",
    'not (type eq "work")',
    'display sw "a"',
    'nosuch eq "a"',
]


@st.composite
def attributes(draw: st.DrawFn) -> tuple[str, Any]:
    """A path to something a person has, and a value for it; both also as a key and its value in a body."""
    kind = draw(
        st.sampled_from(
            ["text", "text", "name", "enterprise", "manager", "active", "list", "value path", "value path"]
        )
    )
    if kind == "text":
        name = draw(st.sampled_from(TEXTS.split()))
        return draw(any_case(name) | qualified(CORE, name)), draw(texts)
    if kind == "active":
        return draw(any_case("active") | qualified(CORE, "active")), draw(booleans)
    if kind == "name":
        sub = draw(st.sampled_from(NAME.split()))
        path = f"name.{sub}"
        if draw(st.booleans()):
            return draw(any_case(path) | qualified(CORE, path)), draw(texts)
        return draw(any_case("name")), draw(
            st.dictionaries(st.sampled_from(NAME.split()).flatmap(any_case), texts, max_size=3) | empty
        )
    if kind == "enterprise":
        sub = draw(st.sampled_from(ENTERPRISE_TEXTS.split()))
        whole = st.fixed_dictionaries({}, optional={sub: texts, "manager": managers, "nosuch": words})
        if draw(st.booleans()):
            return draw(
                any_case(sub) | qualified(ENTERPRISE, sub) | st.just(f"{ENTERPRISE[:-5]}User:{sub}")
            ), draw(texts)
        return draw(any_case(ENTERPRISE)), draw(whole)
    if kind == "manager":
        return draw(any_case("manager") | qualified(ENTERPRISE, "manager")), draw(managers)
    name = draw(st.sampled_from(sorted(LISTS)))
    if kind == "list":
        return draw(any_case(name) | qualified(CORE, name)), draw(listed(name))
    path = f"{draw(any_case(name))}[{draw(st.sampled_from(CONDITIONS))}]"
    if draw(st.integers(0, 3)) == 0:
        return path, draw(elements(name) | elements(name) | st.sampled_from(HOSTILE))
    sub = draw(st.sampled_from([*LISTS[name].split(), "value", "nosuch"]))
    return f"{path}.{draw(any_case(sub))}", draw(
        booleans if sub.lower() == "primary" else types if sub == "type" else texts
    )


@st.composite
def sensible(draw: st.DrawFn) -> dict[str, Any]:
    shape = draw(st.sampled_from(["path", "path", "path", "folded", "remove"]))
    if shape == "folded":
        pairs = draw(st.lists(attributes(), max_size=4))
        keys = dict(pairs)
        return op(draw(writing), "", draw(st.sampled_from([keys, keys, {CORE: keys}])))
    path, value = draw(attributes())
    if shape == "path":
        return op(draw(writing), path, value)
    verb = draw(removing)
    return op(verb, path, value) if "[" not in path and draw(st.booleans()) else op(verb, path)


@st.composite
def odd(draw: st.DrawFn) -> Any:
    """What is refused, or ignored."""
    path, _ = draw(attributes())
    return draw(
        st.sampled_from(
            [
                op("replace", path, draw(st.sampled_from(WRONG))),
                op("replace", "userName", ""),
                op("remove", "userName"),
                op("replace", "userName", "  "),
                op("replace", "userName", TAKEN.upper()),
                op("replace", "", {"userName": TAKEN}),
                op("remove", ""),
                op("add", "", "x"),
                op("add", "title"),
                op("frobnicate", "title", "x"),
                op("replace", "active", "perhaps"),
                op("replace", "id", "x"),
                op("replace", "groups", [{"value": "x"}]),
                op("replace", "", {"id": "x", "meta": {}, "groups": []}),
                op("remove", 'groups[value eq "x"]'),
                op("add", "manager.displayName", "x"),
                op("replace", "nosuch", "x"),
                op("add", f"{PRINTMGMT}:pin", "1234"),
                op("add", f"{PRINTMGMT}:printAliases", ["x"]),
                op("replace", 'name[type eq "x"].givenName', "x"),
                op("replace", "emails[", "x"),
                op("replace", "emails[type eq]", "x"),
                op("replace", 'emails[value co "nobody"].value', "x"),
                op("remove", 'emails[nosuch eq "a"]'),
                op("remove", 'emails[value co ""]'),
                op("remove", "emails[value ne 'a']"),
                op("add", "emails[type eq “work”].value", "x"),
                op("replace", "", {"phoneNumbers[type eq `work`].value": "x"}),
                op("replace", f"{ENTERPRISE}.department", "x"),
                op("add", "", {f"{CORE}.title": "x", "title": "y"}),
                "no object",
            ]
        )
    )


_requests = st.lists(sensible(), min_size=1, max_size=3)
requests = st.one_of(_requests, _requests, _requests, st.lists(sensible() | odd(), max_size=3))
