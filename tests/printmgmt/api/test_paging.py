"""Pages by cursor: each row once, at the same cost at any depth, and no cursor of a client's making."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser
from tests import factories

PEOPLE = "/api/v1/people"


@pytest.fixture(autouse=True)
def endpoints(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.printmgmt.api.urls"


@pytest.fixture
def contoso(db: None) -> Organization:
    return factories.organization("Contoso")


def pages(client: Client, address: str) -> list[list[str]]:
    found = []
    while address:
        answer = client.get(address).json()
        found.append(answer["items"])
        address = answer["next"]
    return found


def test_pages_hang_together_also_where_many_have_one_moment(
    client: Client, contoso: Organization, settings: Settings
) -> None:
    people = [factories.person(contoso) for _n in range(7)]
    # Five of one moment, which a page's end falls into.
    at = timezone.now() - timedelta(days=1)
    PrintUser.objects.filter(pk__in=[person.pk for person in people[:5]]).update(created_at=at)
    expected = list(PrintUser.objects.order_by("created_at", "pk").values_list("user_name", flat=True))

    found = pages(client, f"{PEOPLE}?limit=3&state=active&state=all")

    assert [len(page) for page in found] == [3, 3, 1]
    assert [name for page in found for name in page] == expected
    path = f"{PEOPLE}?limit=3&state=active&state=all"
    first = client.get(path, headers={"Host": "localhost"}).json()["next"]
    assert first.startswith(f"{settings.PUBLIC_URL}{path}&cursor=")


def test_who_is_added_or_removed_meanwhile_moves_nobody(client: Client, contoso: Organization) -> None:
    people = [factories.person(contoso) for _n in range(4)]
    first = client.get(f"{PEOPLE}?limit=2").json()
    factories.person(contoso, "new@contoso.example")
    people[0].aliases.all().delete()
    people[0].delete()

    rest = [name for page in pages(client, first["next"]) for name in page]

    assert rest == [people[2].user_name, people[3].user_name, "new@contoso.example"]


def test_a_page_costs_the_same_at_any_depth(client: Client, contoso: Organization) -> None:
    for _n in range(9):
        factories.person(contoso)
    address = f"{PEOPLE}?limit=3"
    costs = []
    while address:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            address = client.get(address).json()["next"]
        costs.append(len(queries))
        assert "OFFSET" not in str(queries.captured_queries)

    assert costs == [1, 1, 1]


def test_a_full_last_page_has_no_next(client: Client, contoso: Organization) -> None:
    for _n in range(2):
        factories.person(contoso)

    assert client.get(f"{PEOPLE}?limit=2").json()["next"] is None
    assert len(client.get(PEOPLE).json()["items"]) == 2


@pytest.mark.parametrize("limit", ["0", "1001", "-1", "x", "", "1.0", "٣", "9" * 4400, "1\0"])
def test_a_limit_that_is_none(client: Client, db: None, limit: str) -> None:
    assert refused(client, limit=limit) == "limit must be a number from 1 to 1000."


@pytest.mark.parametrize("cursor", ["x", "a:b:c", "9" * 4400, "\0", "٣", "eyJ9:1:x"])
def test_a_cursor_that_is_none(client: Client, db: None, cursor: str) -> None:
    assert refused(client, cursor=cursor) == "cursor must be one that this list has given."


def test_a_cursor_of_another_list(client: Client, contoso: Organization) -> None:
    for _n in range(2):
        factories.person(contoso)
    other = client.get("/api/v1/others?limit=1").json()["next"]
    cursor = other.partition("cursor=")[2].replace("%3A", ":")

    assert client.get("/api/v1/others", {"cursor": cursor}).status_code == 200
    assert refused(client, cursor=cursor) == "cursor must be one that this list has given."


def refused(client: Client, **query: Any) -> str:
    answer = client.get(PEOPLE, query)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    return str(answer.json()["detail"])
