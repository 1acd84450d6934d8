"""Random PATCH sequences: the server does to people and groups what a plain model of RFC 7644 §3.5.2 does."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from addons.models import Installation
from addons.services import configure
from tests.factories import TESTER
from tests.scim_sync.client import Scim
from tests.scim_sync.member_steps import (
    NESTED,
    NOBODY,
    PEOPLE,
    Step,
    after_request,
    member_requests,
    names,
    written,
)
from tests.scim_sync.patch_model import CORE, ENTERPRISE, PRINTMGMT, Resource, patched
from tests.scim_sync.patch_requests import TAKEN, requests
from tests.scim_sync.patch_selection import LISTS, key

pytestmark = pytest.mark.both_databases

EXAMPLES = settings(
    max_examples=50,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is taken back: each example begins with nobody."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def shown(body: Resource) -> Resource:
    """A representation without what no PATCH writes; lists in one order, since RFC 7643 §2.4 knows none."""
    hidden = {"schemas", "id", "meta", PRINTMGMT}
    return {
        name: sorted(value, key=lambda item: json.dumps(item, sort_keys=True))
        if isinstance(value, list)
        else value
        for name, value in body.items()
        if name not in hidden
    }


ADA = {
    "displayName": "Ada",
    "name": {"givenName": "Ada", "familyName": "Byron"},
    "emails": [{"type": "work", "value": "a", "primary": True}, {"type": "home", "value": "b"}],
    "phoneNumbers": [{"type": "work", "value": "b"}],
    "addresses": [{"type": "home", "locality": "a", "country": "b"}],
    "roles": [{"value": "a", "display": "ab", "primary": False}],
    "title": "a",
    "externalId": "b",
    ENTERPRISE: {"department": "IT", "manager": {"value": "a"}},
}


@pytest.fixture
def taken(scim: Scim) -> str:
    """The key of someone else's userName."""
    return key(scim.create(TAKEN).body["userName"])


@pytest.fixture
def required(scim: Scim) -> set[str]:
    """The attributes that a person cannot be without, as the schema has it."""
    published = scim.get(f"/Schemas/{CORE}").body["attributes"]
    return {attribute["name"] for attribute in published if attribute["required"]}


@pytest.mark.rfc("7644", "3.5.2")
@EXAMPLES
@given(sequence=st.lists(requests, min_size=3, max_size=5))
def test_a_person_becomes_what_the_model_becomes(
    scim: Scim, taken: str, required: set[str], sequence: list[list[Any]]
) -> None:
    with undone():
        person = scim.create("ada", **ADA)
        model: Resource = {"userName": "ada", "active": True, **ADA}
        assert shown(person.body) == shown(model)
        before = scim.user(person.id).body
        for operations in sequence:
            answer = scim.patch(person.id, *operations)

            model, errors = patched(model, operations, taken={taken}, required=required)
            if errors:
                assert answer.status >= 400, (operations, errors, answer.body)
                assert answer.error[1] in errors, (operations, errors, answer.body)
                answer = scim.user(person.id)
                assert answer.body == before, operations  # its version, too
            assert shown(answer.body) == shown(model), operations
            check_adds(before, answer.body, operations)
            is_same = shown(before) == shown(answer.body)
            assert is_same or before["meta"]["version"] != answer.body["meta"]["version"], operations
            before = answer.body


def check_adds(before: Resource, after: Resource, operations: list[Any]) -> None:
    """RFC 7644 §3.5.2.1, said once more and without the model: an add never removes."""
    if not all(isinstance(each, dict) and each["op"].lower() == "add" for each in operations):
        return
    for name in LISTS:
        old, new = before.get(name, []), after.get(name, [])
        assert len(new) >= len(old), (name, operations)
        if name.lower() + "[" not in json.dumps(operations).lower():
            kept = [{**element, "primary": None} for element in new]
            assert all({**element, "primary": None} in kept for element in old), (name, operations)


@pytest.fixture
def ids(scim: Scim) -> dict[str, str]:
    """The ids of those who are named."""
    people = {name: scim.create(name).id for name in PEOPLE}
    return people | {NESTED: scim.create_group("Nested").id, NOBODY: str(uuid4())}


@pytest.mark.rfc("7644", "3.5.2")
@pytest.mark.parametrize("dialect", ["azure", "rfc"])
@settings(EXAMPLES, max_examples=20)
@given(model=st.sets(names), sequence=st.lists(member_requests, min_size=4, max_size=6))
def test_members_become_what_a_set_becomes(
    scim: Scim,
    installation: Installation,
    ids: dict[str, str],
    dialect: str,
    model: set[str],
    sequence: list[list[Step]],
) -> None:
    configure(installation, {"replace_members": dialect}, by=TESTER)
    with undone():
        group = scim.create_group("Group", *(ids[name] for name in model)).id
        before = scim.group(group).body
        for request in sequence:
            operations = [written(step, ids) for step in request]
            answer = scim.patch_group(group, *operations)

            model, errors = after_request(model, request, dialect)
            if errors:
                assert answer.status >= 400, (request, errors, answer.body)
                assert answer.error[1] in errors, (request, errors, answer.body)
                answer = scim.group(group)
                assert answer.body == before, request  # its version, too
            listed = [member["value"] for member in answer.body.get("members", [])]
            assert sorted(listed) == sorted(ids[name] for name in model), request
            was = [member["value"] for member in before.get("members", [])]
            if all(step.does == "add" for step in request):
                assert set(was) <= set(listed), request
            is_same = sorted(was) == sorted(listed)
            assert is_same == (before["meta"]["version"] == answer.body["meta"]["version"]), request
            before = answer.body
