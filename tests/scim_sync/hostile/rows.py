"""Requests that broke other SCIM servers (reliability §1), each with the statuses that are right here."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote
from uuid import uuid4

from scim_sync.protocol.limits import MAX_STRING
from tests.scim_sync.client import DISABLE, ENTERPRISE, GROUP, PATCH_OP, a_group, a_user, op
from tests.scim_sync.hostile.calling import Sent
from tests.scim_sync.hostile.world import World

BULK: Final = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
SEARCH: Final = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
WIDE: Final = "\ufdfa" * 200  # one character that NFKC makes 18
REFUSED: Final = frozenset({400})
NOWHERE: Final = frozenset({404})


@dataclass(frozen=True)
class Row:
    """A request by its name, and the statuses of which one must come back; perhaps also the ``scimType``."""

    name: str
    sent: Sent
    statuses: frozenset[int]
    scim_type: str = ""


def rows(world: World) -> Iterator[Row]:
    """Every row. Those that are accepted must still leave the other organization alone."""
    yield from _bodies(world)
    yield from _operations(world)
    yield from _filters(world)
    yield from _ids(world)
    yield from _credentials(world)
    yield from _headers(world)
    yield from _addresses(world)
    yield from _assignments(world)


NOT_JSON: Final = {
    "empty": b"",
    "blank": b" ",
    "cut off": b'{"userName":',
    "array": b"[]",
    "string": b'"text"',
    "number": b"5",
    "null": b"null",
    "true": b"true",
    "utf-16": '{"userName":"x"}'.encode("utf-16"),
    "half a character": b'{"userName": "\xc3"}',
    "NUL": b'{"userName": "a\\u0000b"}',
    "half a surrogate": b'{"userName": "a\\ud800b"}',
    "NUL in a name": b'{"a\\u0000b": "x", "userName": "x"}',
    "NUL in JSON": b'{"userName": "x", "title": "a\\u0000"}',
    "surrogate in what is ignored": b'{"userName": "x", "unknown": {"deep": ["\\udfff"]}}',
    "1e999": b'{"userName": "x", "unknown": 1e999}',
    "-1e999": b'{"userName": "x", "unknown": -1e999}',
    "NaN": b'{"userName": "x", "unknown": NaN}',
    "Infinity": b'{"userName": "x", "unknown": Infinity}',
    "2**63": b'{"userName": "x", "unknown": 9223372036854775808}',
    "5000 digits": b'{"userName": "x", "unknown": ' + b"9" * 5000 + b"}",
    "10,000 arrays": b"[" * 10_000 + b"]" * 10_000,
    "10,000 objects": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "900 objects": b'{"a":' * 900 + b"1" + b"}" * 900,
    "long text": b'{"userName": "x", "title": "' + b"y" * 4097 + b'"}',
}
NO_RESOURCE: Final = {
    "empty object": b"{}",
    "name number": b'{"userName": 5, "displayName": 5}',
    "name true": b'{"userName": true, "displayName": true}',
    "name list": b'{"userName": ["x"], "displayName": ["x"]}',
    "name object": b'{"userName": {"value": "x"}, "displayName": {"value": "x"}}',
    "name null": b'{"userName": null, "displayName": null}',
    "long name": b'{"userName": "' + b"x" * 513 + b'", "displayName": "' + b"x" * 513 + b'"}',
    "long key": f'{{"userName": "{WIDE}", "displayName": "{WIDE}"}}'.encode(),
}
NO_USER: Final = {
    "active maybe": b'{"userName": "x", "active": "maybe"}',
    "active number": b'{"userName": "x", "active": 1}',
    "emails of lists": b'{"userName": "x", "emails": [["x", "y"]]}',
    "101 emails": b'{"userName": "x", "emails": [' + b",".join([b'{"value": "y"}'] * 101) + b"]}",
    "name text": b'{"userName": "x", "name": "y"}',
    "manager list": b'{"userName": "x", "%s": {"manager": ["a", "b"]}}' % ENTERPRISE.encode(),
}
NO_GROUP: Final = {
    "members text": b'{"displayName": "x", "members": "y"}',
    "members of lists": b'{"displayName": "x", "members": [["y"]]}',
    "a member that is no id": b'{"displayName": "x", "members": [{"value": "y"}]}',
    "a member that is a number": b'{"displayName": "x", "members": [{"value": 5}]}',
    "nested too deep": b'{"displayName": "x", "members": ' + b"[" * 40 + b"]" * 40 + b"}",
}
TOO_LARGE: Final = b'{"userName": "' + b"x" * (1024 * 1024) + b'"}'


def _bodies(world: World) -> Iterator[Row]:
    user, group = f"/Users/{world.person}", f"/Groups/{world.group}"
    writes = [("POST", "/Users"), ("PUT", user), ("PATCH", user)]
    group_writes = [("POST", "/Groups"), ("PUT", group), ("PATCH", group)]
    searches = [
        ("POST", "/Bulk"),
        ("POST", "/.search"),
        ("POST", "/Users/.search"),
        ("POST", "/Groups/.search"),
    ]
    for name, body in NOT_JSON.items():
        for method, path in (*writes, *group_writes, *searches):
            if name == "empty" and "search" in path:
                continue  # a search for everything
            yield Row(f"body {name}", world.sent(method, path, body), REFUSED)
    for name, body in NO_RESOURCE.items():
        for method, path in (*writes, *group_writes):
            yield Row(f"body {name}", world.sent(method, path, body), REFUSED)
    for name, body in NO_USER.items():
        for method, path in writes:
            yield Row(f"body {name}", world.sent(method, path, body), REFUSED)
    for name, body in NO_GROUP.items():
        for method, path in group_writes:
            yield Row(f"body {name}", world.sent(method, path, body), REFUSED)
    for method, path in (*writes, *group_writes, *searches[1:]):
        yield Row("body too large", world.sent(method, path, TOO_LARGE), frozenset({413}))
    large = b'{"x": "' + b"y" * (5 * 1024 * 1024) + b'"}'
    yield Row("body too large", world.sent("POST", "/Bulk", large), frozenset({413}))


OPERATIONS: Final[list[Any]] = [
    "text",
    5,
    {},
    {"op": "add"},
    [5],
    [None],
    [{}],
    [{"op": "move", "path": "displayName", "value": "x"}],
    [{"op": "__class__", "path": "displayName", "value": "x"}],
    [{"op": 5, "path": "displayName", "value": "x"}],
    [{"op": "add", "path": 5, "value": "x"}],
    [{"op": "add", "path": ["displayName"], "value": "x"}],
    [{"op": "add", "path": "displayName"}],
    [{"op": "add", "value": "x"}],
    [{"op": "remove"}],
    [{"op": "replace", "path": "id", "value": "x"}],
    [{"op": "replace", "path": "meta.version", "value": "x"}],
    [{"op": "replace", "path": "displayName", "value": {"a": "b"}}],
    [{"op": "replace", "path": "members[", "value": "x"}],
    [{"op": "replace", "path": "members]", "value": "x"}],
    [{"op": "replace", "path": "(" * 5000, "value": "x"}],
    [{"op": "replace", "path": "x" * 1025, "value": "x"}],
    [{"op": "replace", "path": "members[" + "(" * 400 + ")" * 400 + "]", "value": "x"}],
    [{"op": "replace", "path": "emails[" + "not (" * 100 + 'type eq "x"' + ")" * 100 + "]", "value": "x"}],
    [op("Add", "displayName", "x")] * 1001,
    # A change that is right is undone by one that is wrong.
    [op("Replace", "displayName", "changed"), {"op": "move"}],
    [op("Replace", "active", "False"), op("Replace", "id", "x")],
    [op("Replace", "displayName", "changed"), op("Remove", "nothing[")],
]
OF_USERS: Final[list[Any]] = [
    [{"op": "remove", "path": "userName"}],
    [{"op": "replace", "path": "userName", "value": ""}],
    [{"op": "replace", "path": "userName", "value": "  "}],
    [{"op": "replace", "path": f"{ENTERPRISE}:manager", "value": ["a", "b"]}],
    [{"op": "replace", "path": "active", "value": "maybe"}],
    [{"op": "replace", "path": 'emails[type eq "work"', "value": "x"}],
]


OF_GROUPS: Final[list[Any]] = [
    [{"op": "add", "path": "members", "value": [{"value": "x"}]}],
    [{"op": "add", "path": "members", "value": [["x"]]}],
    [{"op": "replace", "path": "members", "value": None}],
    [{"op": "remove", "path": 'members[id eq "x"]'}],
    [{"op": "remove", "path": 'members[value eq "x"'}],
]


def _operations(world: World) -> Iterator[Row]:
    for path, cases in (
        (f"/Users/{world.person}", [*OPERATIONS, *OF_USERS]),
        (f"/Groups/{world.group}", [*OPERATIONS, *OF_GROUPS]),
    ):
        for operations in cases:
            body = {"schemas": [PATCH_OP], "Operations": operations}
            yield Row(
                f"operations {str(operations)[:60]}", world.sent("PATCH", path, body), frozenset({400, 413})
            )
            bulk = {
                "schemas": [BULK],
                "Operations": [{"method": "PATCH", "path": path, "data": body}, {"method": "x"}],
            }
            yield Row(
                f"in bulk {str(operations)[:60]}", world.sent("POST", "/Bulk", bulk), frozenset({200, 400})
            )


FILTERS: Final = [
    "(" * 1400 + 'id eq "x"' + ")" * 1400,
    "not (" * 400 + 'id eq "x"' + ")" * 400,
    " or ".join(['id eq "x"'] * 101),
    f'id eq "{"x" * 5000}"',
    'displayName eq "a\\u0000b"',
    'displayName eq "a\\ud800b"',
    "displayName",
    "eq",
    'displayName eq "',
    'displayName eq "x" and',
    'constructor eq "x"',
    '__proto__ eq "x"',
    '_connector eq "OR"',
    'organization__name eq "x"',
    'displayName[value eq "x"]',
    'cardNumber eq "4711"',
    "pin pr",
    'password eq "x"',
    " ",
    'displayName lt "x" lt "y"',
    'displayName like "%"',
    'displayName eq "x" -- ',
    'displayName eq "x"; DROP TABLE people_printuser',
    "1 eq 1",
    '"x" eq "x"',
    "displayName eq \u201cx\u201d",
]
LITERALS: Final = [
    "%",
    "_",
    "a%",
    "' OR 1=1 --",
    "ada_contoso.com",
    "*",
    "\\\\",
    "\u0130",
    "\ufeff",
    "x' || 'y",
]


def _filters(world: World) -> Iterator[Row]:
    for expression in FILTERS:
        for path in ("/Users", "/Groups", "/"):
            target = f"{path}?filter={quote(expression, safe='')}"
            yield Row(f"filter {expression[:40]}", world.sent("GET", target), REFUSED, "invalidFilter")
            body = {"schemas": [SEARCH], "filter": expression}
            search = world.sent("POST", f"{path.rstrip('/')}/.search", body)
            # A body is checked before its filter is read.
            scim_type = "" if len(expression) > MAX_STRING else "invalidFilter"
            yield Row(f"search {expression[:40]}", search, REFUSED, scim_type)
    for literal in LITERALS:
        for operator in ("eq", "co"):
            expression = f'displayName {operator} "{literal}"'
            yield Row(expression, world.sent("GET", f"/Users?filter={quote(expression)}"), frozenset({200}))
    for query in (
        "startIndex=x",
        "count=1.5",
        "count=" + "9" * 5000,
        "count=%00",
        "sortBy=nothing",
        "sortOrder=up",
    ):
        yield Row(f"query {query[:20]}", world.sent("GET", f"/Users?{query}"), frozenset({200, 400}))


ID_FORMS: Final = (
    "x", "1", "0", "admin", "%00", "%ff", "%F0%9F%96%A8", "..", "%2e%2e", "'", "{id}x", "{hex}",
    "urn:uuid:{id}", "%7B{id}%7D", "a" * 3000, "\u0661" * 32, "-1", "null", "%0d%0aX: y",
)  # fmt: skip


def _ids(world: World) -> Iterator[Row]:
    for endpoint, known in (("Users", world.person), ("Groups", world.group)):
        for form in (*ID_FORMS, str(uuid4())):
            text = form.format(id=known, hex=known.replace("-", ""))
            if not text.isascii():
                text = quote(text)
            bodies = {"PUT": a_user("x", displayName="x"), "PATCH": {"Operations": [DISABLE]}}
            for method in ("GET", "PUT", "PATCH", "DELETE"):
                sent = world.sent(method, f"/{endpoint}/{text}", bodies.get(method))
                yield Row(f"id {form[:20]}", sent, NOWHERE)


def _credentials(world: World) -> Iterator[Row]:
    token = world.own.token
    forms = [
        "",
        " ",
        "Bearer",
        "Bearer ",
        "Bearer null",
        f"Bearer {token}x",
        f"Bearer {token[:-1]}",
        f"Basic {token}",
    ]
    forms += [token, f"Bearer {token.upper()}", f"Bearer {token} x", "Bearer \xfc", f"Bearer {'x' * 5000}"]
    for form in forms:
        for method, path in (("GET", "/Users"), ("POST", "/Users"), ("DELETE", f"/Users/{world.person}")):
            sent = world.sent(method, path, a_user("x"), Authorization=form)
            yield Row(f"credential {form[:20]}", sent, frozenset({401}))
    for method, path in (("GET", "/Users"), ("DELETE", f"/Users/{world.foreign_person}"), ("POST", "/Bulk")):
        sent = world.sent(method, path)
        sent = Sent(method, sent.target.replace(world.own.base, world.other_base), sent.headers)
        yield Row("the token of another organization", sent, frozenset({401}))


MEDIA: Final = (
    "text/plain",
    "application/xml",
    "multipart/form-data",
    "application/x-www-form-urlencoded",
    "x",
    "",
)
CHARSETS: Final = (
    "rot13",
    "zlib",
    "hex",
    "undefined",
    "utf-16",
    "utf-7",
    "\xff",
    "x" * 300,
    "idna",
    "../etc",
)


def _headers(world: World) -> Iterator[Row]:
    user = f"/Users/{world.person}"
    patch = {"Operations": [op("Replace", "title", "x")]}
    for kind in MEDIA:
        for method, path, body in (
            ("POST", "/Users", a_user("x")),
            ("PATCH", user, patch),
            ("POST", "/Bulk", patch),
        ):
            yield Row(f"media {kind}", world.sent(method, path, body, Content_Type=kind), frozenset({415}))
    for charset in CHARSETS:
        kind = f"application/scim+json; charset={charset}"
        query = quote('userName eq "nobody"')
        yield Row(
            f"charset {charset[:9]}",
            world.sent("GET", f"/Users?filter={query}", Content_Type=kind),
            frozenset({200}),
        )
        yield Row(
            f"charset {charset[:9]}",
            world.sent("PATCH", user, b"{", Content_Type=kind),
            frozenset({400, 415}),
        )
    for tag in ('"', "x", 'W/"0"', 'W/"1', "W/" * 500, "\xe9"):
        for method, body in (("PUT", a_user("x")), ("PATCH", patch), ("DELETE", None)):
            sent = world.sent(method, user, body, If_Match=tag)
            yield Row(f"tag {tag[:9]}", sent, frozenset({400, 412}))
    for host in ("evil.example", "127.0.0.1:x", "a b", "", "127.0.0.1, evil.example", "[::1", "x" * 300):
        yield Row(f"host {host[:20]}", world.sent("GET", "/Users", Host=host), REFUSED)
    for length in ("-1", "x", "1e9", "5"):
        sent = world.sent("POST", "/Users", a_user("x"), Content_Length=length)
        yield Row(f"length {length}", sent, frozenset({400, 411, 413}))
    for accept in ("text/html", "application/xml", "*/*", "", "image/png;q=1", "x" * 5000):
        yield Row(f"accept {accept[:20]}", world.sent("GET", user, Accept=accept), frozenset({200}))


def _addresses(world: World) -> Iterator[Row]:
    for path in (
        "/nowhere",
        "/Users/x/y",
        "/Schemas/x",
        "/ResourceTypes/x",
        "//Users",
        "/Users//",
        "/%00",
        "/Users/.search/x",
    ):
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            yield Row(f"address {path}", world.sent(method, path, {}), frozenset({400, 404, 405}))
    for method in ("HEAD", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "X" * 100, "POST\t"):
        for path in ("/Users", f"/Users/{world.person}", "/Bulk"):
            yield Row(f"method {method[:10]}", world.sent(method, path), frozenset({405}))
    for method, path in (
        ("DELETE", "/Users"),
        ("PUT", "/Groups"),
        ("GET", "/Bulk"),
        ("GET", "/.search"),
        ("POST", "/Schemas"),
    ):
        yield Row(f"not here {method} {path}", world.sent(method, path), frozenset({405}))
    yield Row("me", world.sent("GET", "/Me"), frozenset({501}))
    base = world.sent("GET", "/Users").headers
    for target in (
        "/scim/v2/",
        "/scim/",
        "/scim/v2/x/Users",
        "/scim/v1/x/Users",
        "/scim/v2/%00/Users",
        "/scim/v2/../Users",
    ):
        yield Row(f"below no tenant {target}", Sent("GET", target, base), frozenset({401, 404}))


def _assignments(world: World) -> Iterator[Row]:
    """What a client may say and what must not follow from it (reliability §1.1, §1.2)."""
    user = f"/Users/{world.person}"
    taken = frozenset({201})
    for external in ("1", "0", "admin", world.foreign_person, world.person, "ada@contoso.com"):
        sent = world.sent("POST", "/Users", a_user(f"new-{external}", externalId=external))
        yield Row(f"externalId {external}", sent, taken)
        # The binding of CVE-2025-41115: an externalId is never an id.
        if external not in (world.person,):
            yield Row(f"get externalId {external}", world.sent("GET", f"/Users/{external}"), NOWHERE)
    for name in (
        "is_staff", "is_superuser", "tenant", "organization", "organization_id", "__class__", "pk", "_state",
        "password",
        "__proto__.x", "constructor.prototype.x", "installation", "source", "version",
        "epoch", "state", "blocked_at",
    ):  # fmt: skip
        yield Row(
            f"create {name}", world.sent("POST", "/Users", a_user(f"with-{name}", **{name: "1"})), taken
        )
        patch = {"Operations": [op("Replace", name, "1")]}
        yield Row(f"patch {name}", world.sent("PATCH", user, patch), frozenset({200, 400}))
        patch = {"Operations": [op("Replace", "", {name: "1"})]}
        yield Row(f"patch of {name}", world.sent("PATCH", user, patch), frozenset({200, 400}))
    for foreign in (world.second, world.foreign_person):
        body = a_user("ada@contoso.com", id=foreign)
        yield Row("put with the id of another", world.sent("PUT", user, body), frozenset({200, 400}))
    yield Row("a taken name", world.sent("POST", "/Users", a_user("ADA@contoso.com")), frozenset({409}))
    yield Row("a name taken elsewhere", world.sent("POST", "/Users", a_user("Zeb2@contoso.com")), taken)
    yield Row(
        "a rename to a taken name",
        world.sent(
            "PATCH", f"/Users/{world.second}", {"Operations": [op("Replace", "userName", "ada@contoso.com")]}
        ),
        frozenset({409}),
    )
    yield Row("a taken group", world.sent("POST", "/Groups", a_group("STAFF ADA")), frozenset({409}))
    inside = {"schemas": [GROUP], "displayName": "Staff ada", "members": [{"value": world.group}]}
    yield Row("a group in itself", world.sent("PUT", f"/Groups/{world.group}", inside), REFUSED)
    for query in (
        "filter=userName%20eq%20%22ada%40contoso.com%22&attributes=password,pin",
        "attributes=cardNumber",
    ):
        yield Row("secrets wanted", world.sent("GET", f"/Users?{query}"), frozenset({200}))
