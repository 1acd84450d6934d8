"""What has broken SCIM servers (reliability §1.3): always a SCIM answer, never 5xx, nothing changed."""

from collections.abc import Iterator

import pytest
from django.apps import apps

from printmgmt.people.models import PrintUser
from scim_sync.models import ProvisioningEvent, ScimUser
from tests.scim_sync.client import DISABLE, ENTERPRISE, Scim, a_user, op


@pytest.fixture(autouse=True)
def _nothing_changes(alice: PrintUser) -> Iterator[None]:
    """Whatever a test here does, people, links and runs stay as they were."""
    before = state()
    yield
    assert state() == before


def state() -> list[list[dict[str, object]]]:
    kept = [PrintUser, ScimUser, *apps.get_app_config("deprovisioning").get_models()]
    return [list(model._default_manager.order_by("pk").values()) for model in kept]


WIDE = "\ufdfa" * 200  # one character that NFKC makes 18
BODIES = {
    "empty": (b"", 400),
    "blank": (b" ", 400),
    "cut off": (b'{"userName":', 400),
    "array": (b"[]", 400),
    "string": (b'"text"', 400),
    "number": (b"5", 400),
    "null": (b"null", 400),
    "true": (b"true", 400),
    "empty object": (b"{}", 400),
    "utf-16": ('{"userName":"x"}'.encode("utf-16"), 400),
    "half a character": (b'{"userName": "\xc3"}', 400),
    "NUL": (b'{"userName": "a\\u0000b"}', 400),
    "half a surrogate": (b'{"userName": "a\\ud800b"}', 400),
    "NUL in a name": (b'{"a\\u0000b": "x", "userName": "x"}', 400),
    "NUL in JSON": (b'{"userName": "x", "title": "a\\u0000"}', 400),
    "surrogate in what is ignored": (b'{"userName": "x", "unknown": {"deep": ["\\udfff"]}}', 400),
    "1e999": (b'{"userName": "x", "unknown": 1e999}', 400),
    "-1e999": (b'{"userName": "x", "unknown": -1e999}', 400),
    "NaN": (b'{"userName": "x", "unknown": NaN}', 400),
    "Infinity": (b'{"userName": "x", "unknown": Infinity}', 400),
    "2**63": (b'{"userName": "x", "unknown": 9223372036854775808}', 400),
    "5000 digits": (b'{"userName": "x", "unknown": ' + b"9" * 5000 + b"}", 400),
    "userName number": (b'{"userName": 5}', 400),
    "userName true": (b'{"userName": true}', 400),
    "userName list": (b'{"userName": ["x"]}', 400),
    "userName object": (b'{"userName": {"value": "x"}}', 400),
    "active maybe": (b'{"userName": "x", "active": "maybe"}', 400),
    "active number": (b'{"userName": "x", "active": 1}', 400),
    "emails of lists": (b'{"userName": "x", "emails": [["x", "y"]]}', 400),
    "name text": (b'{"userName": "x", "name": "y"}', 400),
    "10,000 arrays": (b"[" * 10_000 + b"]" * 10_000, 400),
    "10,000 objects": (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, 400),
    "900 objects": (b'{"a":' * 900 + b"1" + b"}" * 900, 400),
    "long userName": (b'{"userName": "' + b"x" * 513 + b'"}', 400),
    "long key": (f'{{"userName": "{WIDE}"}}'.encode(), 400),
    "long text": (b'{"userName": "x", "title": "' + b"y" * 4097 + b'"}', 400),
    "too large": (b'{"userName": "' + b"x" * (1024 * 1024) + b'"}', 413),
}


@pytest.mark.parametrize(("body", "status"), BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_a_hostile_body_is_refused(
    scim: Scim, alice: PrintUser, method: str, body: bytes, status: int
) -> None:
    answer = scim.send(method, "/Users" if method == "POST" else f"/Users/{alice.pk}", body)

    assert answer.status == status
    event = ProvisioningEvent.objects.latest("id")
    assert (event.status, event.detail) == (status, answer.body["detail"])


OPERATIONS = [
    "text",
    5,
    {},
    {"op": "add"},
    [5],
    [None],
    [{}],
    [{"op": "move", "path": "title", "value": "x"}],
    [{"op": 5, "path": "title", "value": "x"}],
    [{"op": "add", "path": 5, "value": "x"}],
    [{"op": "add", "path": ["title"], "value": "x"}],
    [{"op": "add", "path": "title"}],
    [{"op": "add", "value": "x"}],
    [{"op": "remove"}],
    [{"op": "remove", "path": "userName"}],
    [{"op": "replace", "path": "id", "value": "x"}],
    [{"op": "replace", "path": "userName", "value": ""}],
    [{"op": "replace", "path": "userName", "value": "  "}],
    [{"op": "replace", "path": "title", "value": {"a": "b"}}],
    [{"op": "replace", "path": "emails[", "value": "x"}],
    [{"op": "replace", "path": "(" * 5000, "value": "x"}],
    [{"op": "replace", "path": "emails[" + "(" * 400 + ")" * 400 + "]", "value": "x"}],
    [{"op": "replace", "path": "emails[" + "not (" * 100 + 'type eq "x"' + ")" * 100 + "]", "value": "x"}],
    [{"op": "replace", "path": f"{ENTERPRISE}:manager", "value": ["a", "b"]}],
    [op("Add", "title", "x")] * 1001,
]


@pytest.mark.parametrize("operations", OPERATIONS, ids=lambda value: str(value)[:40])
def test_hostile_operations_are_refused(scim: Scim, alice: PrintUser, operations: object) -> None:
    answer = scim.send("PATCH", f"/Users/{alice.pk}", {"Operations": operations})

    assert answer.status in (400, 413)
    assert ProvisioningEvent.objects.latest("id").status == answer.status


FILTERS = [
    "(" * 1400 + 'userName eq "x"' + ")" * 1400,
    "not (" * 400 + 'userName eq "x"' + ")" * 400,
    " or ".join(['userName eq "x"'] * 101),
    f'userName eq "{"x" * 5000}"',
    'userName eq "a\\u0000b"',
    'userName eq "a\\ud800b"',
    "userName",
    "eq",
    'userName eq "',
    'userName eq "x" and',
    'constructor eq "x"',
    '_connector eq "OR"',
    'organization__name eq "x"',
    'userName[value eq "x"]',
    "userName eq {}",
    "userName eq 1e999",
    "active eq maybe",
    'userName lt "x"',
]


@pytest.mark.parametrize("expression", FILTERS, ids=lambda value: value[:30])
def test_a_hostile_filter_is_refused(scim: Scim, expression: str) -> None:
    assert scim.find(expression).error in {(400, "invalidFilter"), (200, None)}


def test_a_literal_is_only_compared(scim: Scim) -> None:
    for literal in ("%", "_", "a%", "' OR 1=1 --", "alice_contoso.com", "*", "\\\\"):
        assert scim.find(f'userName eq "{literal}"').body["totalResults"] == 0
    assert scim.find('id eq "not-a-uuid"').body["totalResults"] == 0
    assert scim.find('id eq "1"').body["totalResults"] == 0


BIG = 2**63


@pytest.mark.parametrize(
    "query", [f"startIndex={BIG}", f"startIndex={10**30}", f"count={BIG}", f"count=-{BIG}"]
)
def test_a_huge_index_is_just_beyond_the_end(scim: Scim, query: str) -> None:
    answer = scim.get(f"/Users?{query}")

    assert answer.status == 200
    assert answer.body["totalResults"] == 1


@pytest.mark.parametrize(
    "query", ["startIndex=x", "count=1.5", "count=" + "9" * 5000, "count=%00", "count=٣"]
)
def test_a_number_that_is_none_is_400(scim: Scim, query: str) -> None:
    assert scim.get(f"/Users?{query}").error == (400, "invalidValue")


IDS = [
    "x",
    "1",
    "%00",
    "%ff",
    "%F0%9F%96%A8",
    "..",
    "'",
    "{id}x",
    "{hex}",
    "urn:uuid:{id}",
    "%7B{id}%7D",
    "a" * 3000,
]


@pytest.mark.parametrize("form", [*IDS, "\u0661" * 32])
@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_an_id_that_is_none_is_unknown(scim: Scim, alice: PrintUser, method: str, form: str) -> None:
    user_id = form.format(id=alice.pk, hex=alice.pk.hex)
    body = {"PUT": a_user("x"), "PATCH": {"Operations": [DISABLE]}}.get(method)

    assert scim.send(method, f"/Users/{user_id}", body).error == (404, None)
    assert ProvisioningEvent.objects.filter(status=404).count() == (method != "GET")


@pytest.mark.rfc("7644", "3.8")
@pytest.mark.parametrize(
    "accept", ["text/html", "application/xml", "*/*", "", "image/png;q=1", "application/json"]
)
def test_accept_is_not_relied_on(scim: Scim, accept: str) -> None:
    assert scim.get("/Users", Accept=accept).status == 200


@pytest.mark.parametrize("form", ["json", "api", "xml", "html", "x"])
def test_format_in_the_query_is_ignored(scim: Scim, alice: PrintUser, form: str) -> None:
    assert scim.get(f"/Users/{alice.pk}?format={form}").id == str(alice.pk)


KINDS = ["text/plain", "application/xml", "multipart/form-data", "application/x-www-form-urlencoded", "x", ""]


@pytest.mark.rfc("7644", "3.1")
@pytest.mark.rfc("7644", "3.8")
@pytest.mark.parametrize("kind", KINDS)
def test_another_media_type_is_415(scim: Scim, alice: PrintUser, kind: str) -> None:
    assert scim.post(a_user("x"), Content_Type=kind).error == (415, None)
    assert scim.patch(alice.pk, DISABLE, Content_Type=kind).error == (415, None)
