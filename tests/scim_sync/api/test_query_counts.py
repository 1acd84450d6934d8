"""What each SCIM request costs the database: the same with 1, 3 and 300 people."""

from collections.abc import Callable

import pytest
from pytest_django import DjangoAssertNumQueries

from addons.models import Installation
from printmgmt.people.models import PrintAlias, PrintUser
from printmgmt.people.names import name_key
from scim_sync.models import ScimUser
from tests.scim_sync.client import DISABLE, ENABLE, ENTERPRISE, PRINTMGMT, Answer, Scim, a_user, op


def crowd(installation: Installation, size: int) -> None:
    """``size`` synced people, each with a former name, at the cost of three inserts."""
    people = [
        PrintUser(
            organization=installation.organization,
            user_name=f"crowd{n}",
            user_name_key=name_key(f"crowd{n}"),
            source=installation.source,
        )
        for n in range(size)
    ]
    PrintUser.objects.bulk_create(people)
    ScimUser.objects.bulk_create(
        ScimUser(installation=installation, person=person, attributes={"title": "x"}) for person in people
    )
    PrintAlias.objects.bulk_create(
        PrintAlias(
            organization=installation.organization,
            person=person,
            value="old",
            value_key="old",
            valid_until=person.created_at,
            valid_from=person.created_at,
        )
        for person in people
    )


def with_id(method: str, body: object = None) -> Callable[[Scim, PrintUser], Answer]:
    return lambda scim, person: scim.send(method, f"/Users/{person.pk}", body)


def patch(*operations: dict[str, object]) -> Callable[[Scim, PrintUser], Answer]:
    return with_id("PATCH", {"Operations": list(operations)})


def get(path: str) -> Callable[[Scim, PrintUser], Answer]:
    return lambda scim, person: scim.get(path.format(id=person.pk))


COSTS: dict[str, tuple[int, Callable[[Scim, PrintUser], Answer]]] = {
    "probe": (2, get("/Users?filter=userName+eq+%22nobody%22")),
    "match": (2, get("/Users?filter=userName+eq+%22alice%40contoso.com%22")),
    "match by externalId": (2, get("/Users?filter=externalId+eq+%22alice%22")),
    "match by e-mail": (3, get("/Users?filter=emails.value+eq+%22alice%40contoso.com%22")),
    "reference probe": (2, get("/Users?filter=id+eq+%22{id}%22+and+manager+eq+%22x%22&attributes=id")),
    "list": (3, get("/Users?count=1000")),
    "page": (4, get("/Users?startIndex=1&count=1")),
    "count": (2, get("/Users?count=0")),
    "read": (2, with_id("GET")),
    "schemas": (1, get("/Schemas")),
    "groups": (2, get("/Groups")),
    "create": (
        15,
        lambda scim, person: scim.create("dave", displayName="Dave", **{ENTERPRISE: {"manager": "x"}}),
    ),
    "create taken": (11, lambda scim, person: scim.create("alice@contoso.com")),
    "patch a column": (13, patch(op("Replace", "displayName", "A"))),
    "patch the link": (11, patch(op("Replace", "title", "A"))),
    "patch both": (14, patch(op("Replace", "title", "A"), op("Replace", "displayName", "A"))),
    "patch nothing": (9, patch(ENABLE)),
    "rename": (16, patch(op("Replace", "userName", "new"))),
    "card": (18, patch(op("Replace", f"{PRINTMGMT}:cardNumber", "4711 4711"))),
    "disable": (30, patch(DISABLE)),
    "put": (14, with_id("PUT", a_user("alice@contoso.com", displayName="A", title="B"))),
    "delete": (31, with_id("DELETE")),
}


@pytest.mark.parametrize("size", [1, 3, 300])
@pytest.mark.parametrize("name", COSTS)
def test_cost_does_not_grow_with_people(
    scim: Scim,
    alice: PrintUser,
    installation: Installation,
    django_assert_num_queries: DjangoAssertNumQueries,
    name: str,
    size: int,
) -> None:
    crowd(installation, size)
    cost, call = COSTS[name]
    scim.get("/Users")  # the minute's contact is written

    with django_assert_num_queries(cost):
        answer = call(scim, alice)

    assert answer.status == 409 if name == "create taken" else answer.status < 300
