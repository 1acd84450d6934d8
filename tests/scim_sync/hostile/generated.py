"""Hostile requests at random: bodies, filters, paths, headers, methods, PATCH paths, by Hypothesis."""

import json
from typing import Any
from urllib.parse import quote
from uuid import UUID

from hypothesis import strategies as st

from tests.scim_sync.client import CORE, ENTERPRISE, GROUP, PATCH_OP, PRINTMGMT
from tests.scim_sync.hostile.calling import Sent
from tests.scim_sync.hostile.rows import BULK, CHARSETS, FILTERS, ID_FORMS, LITERALS, MEDIA, NOT_JSON, SEARCH
from tests.scim_sync.hostile.world import World

NAMES = [
    *[
        "userName",
        "displayName",
        "externalId",
        "active",
        "name",
        "name.givenName",
        "emails",
        "emails.value",
        "members",
    ],
    *[
        "members.value",
        "groups",
        "groups.value",
        "id",
        "meta",
        "meta.version",
        "meta.created",
        "schemas",
        "roles",
        "addresses",
    ],
    *[
        "phoneNumbers",
        "title",
        "password",
        "cardNumber",
        "pin",
        "printAliases",
        "manager",
        "department",
        "manager.value",
    ],
    *["$ref", "__class__", "pk", "organization"],
    *(f"{ENTERPRISE}:{name}" for name in ("manager", "department", "manager.value", "nothing")),
    *(f"{PRINTMGMT}:{name}" for name in ("cardNumber", "pin", "printAliases")),
    *(f"{CORE}:userName", f"{GROUP}:members", ENTERPRISE, PRINTMGMT, "urn:x:y", "", ".", ":"),
]
OPERATORS = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le", "EQ", "pr", "like", "=", "and", "not"]
TEXTS = [
    *(
        "",
        " ",
        "a",
        "ada@contoso.com",
        "ADA@contoso.com",
        "Staff ada",
        "True",
        "False",
        "null",
        "work",
        "4711",
        "1",
    ),
    *LITERALS,
    *(
        "a\x00b",
        "\ud800",
        "\r\nX: y",
        "\x1b[31m",
        "=1+1",
        "<script>",
        "'",
        '"',
        "\\",
        "{}",
        "[]",
        "\ufdfa" * 130,
    ),
    *(
        "x" * 513,
        "y" * 4097,
        "2026-01-01T00:00:00Z",
        "9999-99-99",
        "e\u0301",
        "\u202e",
        "\U0001f5a8",
        "%00",
        "%",
    ),
]
NUMBERS = [0, 1, -1, 2**31, 2**63 - 1, 2**63, 10**400, 0.5, -0.0, 1e308]
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
RIGHT_METHODS = {
    "kind": ["GET", "POST", "POST", "POST"],
    "one": ["GET", "PUT", "PUT", "PATCH", "PATCH", "PATCH", "DELETE"],
    "body": ["POST"],
    "other": ["GET"],
}
"""Methods that an address has, by what stands there."""

ODD_METHODS = ["HEAD", "OPTIONS", "TRACE", "get", "PROPFIND", "X" * 50, "\xe9"]
ETAGS = ['W/"1"', 'W/"2"', "*", '"1"', "W/", "x", '"', 'W/"1", W/"2"', "", "\xff", 'W/"' + "9" * 300 + '"']
HEADERS = [
    "If-Match",
    "If-None-Match",
    "Accept",
    "Accept-Language",
    "Content-Type",
    "Host",
    "Cookie",
    "X-Forwarded-For",
]

texts = st.sampled_from(TEXTS) | st.text(max_size=12)
names = st.sampled_from(NAMES) | texts


@st.composite
def requests(draw: st.DrawFn, world: World) -> Sent:
    """One request, mostly with the right token, at an endpoint that exists, with a body of the right kind."""
    ids = _ids(world)
    place = draw(st.sampled_from(["kind"] * 3 + ["one"] * 8 + ["body"] * 3 + ["other"]))
    path = draw(_paths(place, ids))
    usual = draw(st.sampled_from([True] * 15 + [False]))
    method = draw(st.sampled_from(RIGHT_METHODS[place] if usual else [*METHODS * 2, *ODD_METHODS]))
    body = draw(_bodies(path, method, ids))
    raw = draw(_damaged(body))
    sent = world.sent(method, path, raw)
    return Sent(method, sent.target, {**sent.headers, **draw(_headers())}, raw)


def _ids(world: World) -> st.SearchStrategy[str]:
    known = (world.person, world.second, world.group)
    foreign = (world.foreign_person, world.foreign_group)
    forms = [form.format(id=world.person, hex=UUID(world.person).hex) for form in ID_FORMS if form.isascii()]
    others = [*forms, str(UUID(int=7)), world.person.upper()]
    return st.sampled_from([*known * 12, *foreign * 3, *others])


@st.composite
def _paths(draw: st.DrawFn, place: str, ids: st.SearchStrategy[str]) -> str:
    kind = draw(st.sampled_from(["/Users", "/Users", "/Groups"]))
    others = ["/Schemas", "/ResourceTypes", "/ServiceProviderConfig", "/Me", f"{kind}/x/y", "", "/"]
    places = {
        "kind": st.just(kind),
        "one": st.builds(lambda pk: f"{kind}/{pk}", ids),
        "body": st.sampled_from([f"{kind}/.search", "/.search", "/Bulk", "/Bulk", "/Bulk"]),
        "other": st.sampled_from(others) | st.builds(lambda text: f"/{quote(text, errors='replace')}", texts),
    }
    path = draw(places[place])
    if draw(st.sampled_from([True, True, False])):
        return path
    parameters = draw(
        st.lists(
            st.tuples(st.just("filter"), filters(ids))
            | st.tuples(st.sampled_from(["sortBy", "attributes", "excludedAttributes"]), names)
            | st.tuples(
                st.sampled_from(["startIndex", "count", "sortOrder", "format", "x"]), texts | _numerals
            ),
            min_size=1,
            max_size=3,
        )
    )
    query = "&".join(f"{name}={quote(value, safe='', errors='surrogatepass')}" for name, value in parameters)
    return f"{path}?{query}"


_numerals = st.sampled_from(["0", "1", "-1", "2", str(2**63), "1e3", "٣", "9" * 400])


@st.composite
def filters(draw: st.DrawFn, ids: st.SearchStrategy[str]) -> str:
    """Filters from wholly right to nonsense."""
    literal = st.builds(json.dumps, texts | ids | st.booleans() | st.none() | st.sampled_from(NUMBERS[:-2]))
    term = st.builds(
        lambda name, operator, value: f"{name} {operator}" + ("" if operator == "pr" else f" {value}"),
        st.sampled_from(NAMES),
        st.sampled_from(OPERATORS[:8] * 3 + OPERATORS[8:]),
        literal | texts,
    )
    selection = st.builds(lambda name, inner: f"{name}[{inner}]", st.sampled_from(NAMES), term)
    terms = draw(st.lists(term | selection | st.sampled_from(FILTERS) | texts, min_size=1, max_size=3))
    frames = st.sampled_from(["{}", "{}", "({})", "not ({})", "(({}))"])
    framed = [draw(frames).replace("{}", each) for each in terms]
    return draw(st.sampled_from([" and ", " or ", " AND ", " xor "])).join(framed)


def _values(ids: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    plain = texts | ids | st.booleans() | st.none() | st.sampled_from(NUMBERS)
    element = st.dictionaries(
        st.sampled_from(["value", "type", "primary", "display", "$ref", "x"]), plain, max_size=3
    )
    several = plain | element | st.lists(plain | element, max_size=3)
    return several | st.lists(several, max_size=2) | st.dictionaries(names, several, max_size=3)


@st.composite
def _resources(draw: st.DrawFn, ids: st.SearchStrategy[str]) -> dict[str, Any]:
    values = _values(ids)
    given = draw(st.dictionaries(st.sampled_from(NAMES), values, max_size=draw(st.sampled_from([0, 1, 4]))))
    if draw(st.sampled_from([True, True, True, False])):
        given |= {"schemas": [CORE], "userName": draw(texts), "displayName": draw(texts)}
    if draw(st.sampled_from([True, False, False, False])):
        given[ENTERPRISE] = draw(st.dictionaries(names, values, max_size=2) | values)
    if draw(st.booleans()):
        given["members"] = [{"value": draw(ids)} for _member in range(draw(st.integers(0, 3)))]
    return given


@st.composite
def _patches(draw: st.DrawFn, ids: st.SearchStrategy[str]) -> dict[str, Any]:
    verb = st.sampled_from(
        ["add", "replace", "remove", "Add", "Replace", "Remove", "REMOVE", "move", "", 5, None]
    )
    path = (
        st.sampled_from(NAMES)
        | st.builds(lambda name, inner: f"{name}[{inner}]", st.sampled_from(NAMES), filters(ids))
        | st.builds(
            lambda name, inner, sub: f"{name}[{inner}].{sub}", st.sampled_from(NAMES), filters(ids), texts
        )
        | texts
    )
    operation = st.fixed_dictionaries(
        {"op": verb}, optional={"path": path, "value": _values(ids) | _resources(ids), "x": texts}
    )
    operations = draw(st.lists(operation, max_size=4))
    return {"schemas": [PATCH_OP], draw(st.sampled_from(["Operations"] * 9 + ["operations"])): operations}


@st.composite
def _bulks(draw: st.DrawFn, ids: st.SearchStrategy[str]) -> dict[str, Any]:
    path = st.builds(
        lambda kind, pk: f"/{kind}{pk}",
        st.sampled_from(["Users", "Groups", "Bulk", "users", "", "../x"]),
        st.just("") | st.builds(lambda pk: f"/{pk}", ids | texts),
    )
    operation = st.fixed_dictionaries(
        {"method": st.sampled_from([*METHODS, "get", "", 5]), "path": path | _values(ids)},
        optional={
            "bulkId": st.sampled_from(["1", "2", ""]),
            "version": st.sampled_from(ETAGS),
            "data": _resources(ids) | _patches(ids) | _values(ids),
        },
    )
    body: dict[str, Any] = {"schemas": [BULK], "Operations": draw(st.lists(operation, max_size=4))}
    if draw(st.booleans()):
        body["failOnErrors"] = draw(st.sampled_from([1, 0, -1, "x", None, 2**70]))
    return body


def _bodies(path: str, method: str, ids: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    if method in ("GET", "DELETE"):
        return st.none()
    right: st.SearchStrategy[Any] = _resources(ids)
    if path.startswith("/Bulk"):
        right = _bulks(ids)
    elif ".search" in path:
        right = st.fixed_dictionaries(
            {"schemas": st.just([SEARCH])},
            optional={
                "filter": filters(ids) | _values(ids),
                "sortBy": names,
                "startIndex": _values(ids),
                "count": _values(ids),
                "attributes": st.lists(names, max_size=3) | _values(ids),
            },
        )
    elif method == "PATCH":
        right = _patches(ids)
    return st.one_of(*[right] * 6, _values(ids), _resources(ids))


@st.composite
def _damaged(draw: st.DrawFn, body: Any) -> bytes:
    """The body in bytes: mostly whole, else cut, with a byte changed, or nothing of it."""
    raw = b"" if body is None else json.dumps(body).encode()
    how = draw(st.sampled_from(["whole"] * 12 + ["cut", "changed", "other", "random"]))
    if how == "cut":
        return raw[: draw(st.integers(0, len(raw)))]
    if how == "changed" and raw:
        place = draw(st.integers(0, len(raw) - 1))
        return raw[:place] + bytes([draw(st.integers(0, 255))]) + raw[place + 1 :]
    if how == "other":
        return draw(st.sampled_from(list(NOT_JSON.values())))
    return draw(st.binary(max_size=40)) if how == "random" else raw


_header_text = st.text(
    st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=20
)


@st.composite
def _headers(draw: st.DrawFn) -> dict[str, str]:
    if not draw(st.sampled_from([False, False, True])):
        return {}
    kinds = [
        *MEDIA,
        "application/json",
        *(f"application/scim+json; charset={charset}" for charset in CHARSETS),
    ]
    known = {
        "If-Match": st.sampled_from(ETAGS),
        "If-None-Match": st.sampled_from(ETAGS),
        "Content-Type": st.sampled_from(kinds),
        "Authorization": st.sampled_from(["", "Bearer", "Bearer x", "Basic eDp4"]),
        "Host": st.sampled_from(["127.0.0.1", "evil.example", "127.0.0.1:99999", "[", ""]),
    }
    name = draw(st.sampled_from([*known, *HEADERS]))
    return {name: draw(known.get(name, _header_text) | _header_text)}
