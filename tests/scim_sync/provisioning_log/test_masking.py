"""However a secret is spelled in a request, the provisioning log does not hold it."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import QuerySet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from printmgmt.audit.models import AuditEvent
from printmgmt.people.models import PrintUser, ReviewItem
from scim_sync.models import ProvisioningEvent, ProvisioningEventBody, ProvisioningEventCounter
from scim_sync.protocol.errors import is_secret
from scim_sync.provisioning_log.masking import MASK, masked, masked_event
from tests.scim_sync.client import ENTERPRISE, PRINTMGMT, Scim, op
from tests.scim_sync.kept_log import kept_log

SECRET = "s3cr-98765-x"
TOKEN = "pmscim_0a1b2c3d4e5f_ZmFrZS10b2tlbi1vZi1hLXRlc3QtMTIzNDU2Nzg5MA"


@st.composite
def names(draw: st.DrawFn) -> str:
    """A secret attribute, in some letter case and with some joint between its words."""
    words = draw(st.sampled_from([["pin"], ["card", "number"], ["password"]]))
    name = draw(st.sampled_from(["", " ", "-", "_"])).join(words)
    name = draw(st.sampled_from([name, name.upper(), name.title(), name.swapcase()]))
    return draw(st.sampled_from(["{}", " {}", "{} ", "\t{}", "\ufeff{}"])).format(name)


@st.composite
def qualified(draw: st.DrawFn) -> str:
    """The same with a schema or a parent before it, joined as the standard says or otherwise."""
    before = draw(
        st.sampled_from(["", PRINTMGMT, PRINTMGMT.upper(), "User", "urn:acme:User", ENTERPRISE, "emails"])
    )
    joint = draw(st.sampled_from([":", ".", ": ", " : ", "::", ". "])) if before else ""
    return f"{before}{joint}{draw(names())}"


@st.composite
def compared(draw: st.DrawFn) -> str:
    """A filter that holds the secret itself, well or badly quoted."""
    quoted = draw(st.sampled_from(['"{}"', "'{}'", "“{}”", "`{}`", "{}", '"{}', '\\"{}\\"']))
    operator = draw(st.sampled_from(["eq", "EQ", "ne", "co", "sw", "ge"]))
    return f"{draw(names())} {operator} {quoted.format(SECRET)}"


@st.composite
def paths(draw: st.DrawFn) -> str:
    """A path that names a secret, and perhaps holds one."""
    shape = draw(
        st.sampled_from(
            [
                "{q}",
                '{q}[value eq "{s}"]',
                "{q}[{c}]",
                "emails[{c}]",
                "emails[{c}].value",
                "{c}",
                'emails[type eq "work" and {c}].value',
                "[{c}]",
                "{q}.value",
                "{q}.{q}",
            ]
        )
    )
    return shape.format(q=draw(qualified()), c=draw(compared()), s=SECRET)


def wrapped() -> st.SearchStrategy[Any]:
    """The secret as a value."""
    return st.sampled_from(
        [
            SECRET,
            [SECRET],
            {"value": SECRET},
            [{"value": SECRET, "type": "work"}],
            {"a": {"b": [SECRET]}},
            f" {SECRET} ",
        ]
    )


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A string that holds a secret: JSON text, JSON text within JSON text, a pair, a filter, a token."""
    inside: Any = {draw(qualified()): draw(wrapped())}
    for _level in range(draw(st.integers(1, 3))):
        inside = json.dumps(inside, ensure_ascii=draw(st.booleans()))
    joint = draw(st.sampled_from(["=", ": ", " = ", '": "', ":"]))
    pair = f"{draw(names())}{joint}{SECRET}"
    return draw(
        st.sampled_from(
            [inside, f" {inside}", pair, f"see {pair}", draw(compared()), f"x{TOKEN}y", TOKEN.upper()]
        )
    )


@st.composite
def operations(draw: st.DrawFn) -> dict[str, Any]:
    """An operation of a PATCH, its members spelled as one likes."""
    member = draw(st.sampled_from([str, str.upper, str.title]))
    made = {member("op"): draw(st.sampled_from(["add", "Replace", "remove"]))}
    kind = draw(st.sampled_from(["path", "keys", "text", "naming"]))
    if kind == "path":
        return {**made, member("path"): draw(paths()), member("value"): draw(wrapped() | texts())}
    if kind == "keys":
        value: Any = {draw(paths()): draw(wrapped()), "title": "Printer"}
        return {**made, member("value"): draw(st.sampled_from([value, {PRINTMGMT: value}, {"name": value}]))}
    if kind == "naming":
        naming = draw(st.sampled_from(["name", "type", "attribute", "key"]))
        return {**made, "path": "emails", "value": [{naming: draw(qualified()), "value": draw(wrapped())}]}
    target = draw(st.sampled_from(["title", PRINTMGMT, "x", "displayName", f"{PRINTMGMT}:x"]))
    return {**made, "path": target, "value": draw(texts())}


def leaks(held: str) -> list[str]:
    """What of the secret and the token stands in a text, whatever its letter case."""
    return [secret for secret in (SECRET, TOKEN) if secret.lower() in held.lower()]


@settings(max_examples=250, deadline=None)
@given(operation=operations())
def test_no_spelling_gets_a_secret_past_the_mask(operation: dict[str, Any]) -> None:
    detail = f"{operation.get('path')}: {json.dumps(operation)} is not possible"

    kept = masked_event(
        {
            "request_body": {"Operations": [operation]},
            "response_body": {"detail": f"the answer repeats {SECRET}"} if SECRET in str(operation) else None,
            "path": f"/scim/v2/1/Users/{TOKEN}",
            "detail": detail,
            "subject": f"{TOKEN}",
            "ignored": [str(operation.get("path", ""))],
        }
    )

    assert leaks(json.dumps(kept, ensure_ascii=False)) == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(operation=operations())
def test_no_spelling_gets_a_secret_into_the_log(
    scim: Scim, alice: PrintUser, operation: dict[str, Any]
) -> None:
    ProvisioningEvent.objects.all().delete()
    # The audit keeps what earlier examples wrote; one of them may have made the text someone's address.
    newest = AuditEvent.objects.latest("pk").pk
    person = scim.create(f"{uuid4()}@contoso.com").id

    scim.patch(person, operation)
    scim.put(person, {"userName": f"{uuid4()}", **operation})
    scim.post({"userName": f"{uuid4()}", "value": operation})
    scim.patch(TOKEN, operation)
    scim.post({"userName": "x", "externalId": TOKEN}, f"/Users/{TOKEN}")

    assert ProvisioningEvent.objects.count() >= 5
    kept: list[QuerySet[Any]] = [
        table.objects.all()
        for table in (ProvisioningEvent, ProvisioningEventBody, ProvisioningEventCounter, ReviewItem)
    ]
    if operation.get("path") not in (
        "emails",
        "displayName",
    ):  # which the audit may name: they are a person's
        kept.append(AuditEvent.objects.filter(pk__gt=newest))
    for rows in kept:
        assert [row for row in rows.values() if leaks(str(row))] == []


@pytest.mark.parametrize(
    "body",
    [
        {
            "userName": "pinky@contoso.com",
            "displayName": "Pin Password",
            "title": "Head of PINs, cards and passwords",
        },
        op("Add", 'emails[type eq "work"].value', "ada@contoso.com"),
        op("Add", "members", [{"value": "1b2"}, {"value": "3c4", "type": "User"}]),
        {
            "title": '{"a": 1, "b": ["c"]}',
            "nickName": "[x",
            "addresses": [{"type": "work", "locality": "Pinner"}],
        },
        {"name": {"givenName": "Pin", "familyName": "O'Card: number one"}, "active": True, "x": 1.5},
    ],
)
def test_what_is_no_secret_is_kept_as_it_came(body: dict[str, Any]) -> None:
    assert masked(body) == body


def test_a_masked_path_still_says_which_attribute_it_is() -> None:
    assert masked(op("Add", f"{PRINTMGMT}.pin", SECRET)) == op("Add", f"{PRINTMGMT}.pin", MASK)
    assert masked(op("Add", 'emails[pin eq "1234"].value', "x"))["path"] == f"emails[{MASK}]"
    assert masked({"title": f'{{"{PRINTMGMT}": {{"pin": "1234"}}}}'}) == {
        "title": f'{{"{PRINTMGMT}": {{"pin": "{MASK}"}}}}'
    }


@pytest.mark.django_db
def test_what_calls_itself_a_secret_is_none_of_the_changes(scim: Scim, alice: PrintUser) -> None:
    """An address in which someone names an attribute by a member of its own."""
    scim.patch(alice.pk, {"op": "add", "path": "emails", "value": [{"name": "pin", "value": "s3cr-98765-x"}]})

    event = ProvisioningEvent.objects.latest("pk")

    assert "s3cr-98765-x" not in kept_log()
    assert "emails" in str(event.changes)


def test_json_text_that_is_deeper_than_any_body_may_be_is_no_way_to_stop_the_log() -> None:
    for text in ("[" * 100_000, "[" * 500 + "]" * 500, '{"a":' * 3000 + "1" + "}" * 3000):
        assert isinstance(masked({"title": text})["title"], str)


@pytest.mark.parametrize(
    "path",
    ["urn:x:User.pin", "User: pin", 'emails[pin eq "1"]', "card number", "PASS-WORD", "urn%3Ax%3AUser%3Apin"],
)
def test_secret_paths_are_known(path: str) -> None:
    assert is_secret(path)


@pytest.mark.parametrize("path", ["pins", "spin", "cardNumbers", f"{PRINTMGMT}", "name.givenName", ""])
def test_paths_that_only_resemble_are_not(path: str) -> None:
    assert not is_secret(path)


def test_a_request_with_thousands_of_secrets_is_masked_as_a_whole() -> None:
    body = {"pin": [f"secret-{number}" for number in range(5000)], "title": "Printer"}

    kept = masked_event({"request_body": body, "path": "/Users", "detail": "secret-17 is no PIN"})

    assert "secret-" not in json.dumps(kept)
    assert kept["request_body"] == {"pin": MASK, "title": "Printer"}
