"""Lists asked for in a body, and people and groups in one list."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from addons.models import Installation
from printmgmt.people.models import PrintUser
from scim_sync.models import ProvisioningEvent
from tests.scim_sync.api.test_query_counts import crowd
from tests.scim_sync.client import GROUP, Answer, Scim

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"


def search(scim: Scim, path: str = "", **parameters: Any) -> Answer:
    return scim.post({"schemas": [SEARCH], **parameters}, f"{path}/.search")


def names(answer: Answer) -> list[str]:
    """What a list of people and groups shows, by displayName."""
    return [resource["displayName"] for resource in answer.body["Resources"]]


@pytest.fixture
def several(scim: Scim, alice: PrintUser) -> Scim:
    """Alice, Eve and Zoe, and two groups between them in age and in name."""
    scim.create_group("Design", str(alice.pk))
    scim.create("eve", displayName="Eve", title="Engineer")
    scim.create_group("Sales")
    scim.create("zoe", displayName="Zoe")
    return scim


@pytest.mark.rfc("7644", "3.4.3")
def test_a_search_answers_what_the_same_query_answers(several: Scim) -> None:
    for path in ("/Users", "/Groups", ""):
        answer = search(
            several,
            path,
            filter='displayName co "e"',
            sortBy="displayName",
            sortOrder="descending",
            startIndex=2,
            count=1,
        )
        query = "?filter=displayName+co+%22e%22&sortBy=displayName&sortOrder=descending&startIndex=2&count=1"
        assert answer.status == 200
        assert answer.body["Resources"]
        assert answer.body == several.get(f"{path or '/'}{query}").body


@pytest.mark.rfc("7644", "3.9")
def test_a_search_shows_just_what_is_asked_for(several: Scim) -> None:
    (eve,) = search(several, "/Users", filter='title eq "Engineer"', attributes=["title"]).body["Resources"]
    assert set(eve) == {"schemas", "id", "title"}

    (sales,) = search(
        several, "/Groups", filter='displayName eq "sales"', excludedAttributes=["displayName", "meta"]
    ).body["Resources"]
    assert set(sales) == {"schemas", "id"}


def test_a_search_without_a_word_is_the_whole_list(several: Scim) -> None:
    assert search(several, "/Users").body == several.get("/Users").body
    assert several.post({}, "/Groups/.search").body == several.get("/Groups").body


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        ({"filter": "nothing eq"}, "invalidFilter"),
        ({"filter": 5}, "invalidFilter"),
        ({"filter": 'nosuch eq "x"'}, "invalidFilter"),
        ({"count": "many"}, "invalidValue"),
        ({"startIndex": True}, "invalidValue"),
        ({"sortBy": ["userName"]}, "invalidValue"),
        ({"sortBy": "nosuch"}, "invalidValue"),
        ({"sortOrder": "sideways"}, "invalidValue"),
        ({"attributes": [1]}, "invalidValue"),
    ],
)
@pytest.mark.parametrize("path", ["/Users", "/Groups", ""])
def test_a_search_that_cannot_be_is_refused(
    several: Scim, path: str, parameters: dict[str, Any], error: str
) -> None:
    assert search(several, path, **parameters).error == (400, error)


def test_a_search_changes_nothing_and_is_not_logged(several: Scim) -> None:
    before = ProvisioningEvent.objects.count()

    search(several, "/Users", filter='userName eq "eve"')
    search(several, "/Users", filter="broken (")

    assert ProvisioningEvent.objects.count() == before


@pytest.mark.parametrize("path", ["/Users/.search", "/Groups/.search", "/.search"])
@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_a_search_is_a_post(scim: Scim, path: str, method: str) -> None:
    assert scim.send(method, path).status == 405


@pytest.mark.rfc("7644", "3.4.2.1")
def test_the_root_lists_people_and_groups_in_the_order_they_came(several: Scim) -> None:
    answer = several.get("/")

    assert names(answer) == ["Alice Adams", "Design", "Eve", "Sales", "Zoe"]
    assert answer.body["totalResults"] == 5
    for path in ("/Users", "/Groups"):
        for resource in several.get(path).body["Resources"]:
            assert resource in answer.body["Resources"]


@pytest.mark.rfc("7644", "3.4.2.1")
@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ('title eq "Engineer"', ["Eve"]),
        ('not (title eq "Engineer")', ["Alice Adams", "Design", "Sales", "Zoe"]),
        ('title ne "Engineer"', ["Alice Adams", "Design", "Sales", "Zoe"]),
        ("title eq null", ["Alice Adams", "Design", "Sales", "Zoe"]),
        ("userName pr", ["Alice Adams", "Eve", "Zoe"]),
        ("members pr", ["Design"]),
        ('members[type eq "User"] or displayName eq "zoe"', ["Design", "Zoe"]),
        ('emails[type eq "work"].value co "@"', ["Alice Adams"]),
        ('meta.resourceType eq "Group"', ["Design", "Sales"]),
        (f'schemas eq "{GROUP}"', ["Design", "Sales"]),
        (f'{GROUP}:displayName co "e"', ["Design", "Sales"]),
        ('displayName co "e"', ["Alice Adams", "Design", "Eve", "Sales", "Zoe"]),
    ],
)
def test_at_the_root_an_attribute_a_type_lacks_has_no_value(
    several: Scim, expression: str, found: list[str]
) -> None:
    assert names(several.find(expression, "/")) == found


@pytest.mark.parametrize(
    "expression",
    ['nosuch eq "x"', "userName eq true", "active gt true", 'members[nosuch eq "x"]', 'emails[x eq "y"]'],
)
def test_at_the_root_what_no_type_could_compare_is_refused(several: Scim, expression: str) -> None:
    assert several.find(expression, "/").error == (400, "invalidFilter")


@pytest.mark.rfc("7644", "3.4.2.3")
@pytest.mark.parametrize(
    ("sort", "found"),
    [
        ("sortBy=displayName", ["Alice Adams", "Design", "Eve", "Sales", "Zoe"]),
        ("sortBy=displayName&sortOrder=descending", ["Zoe", "Sales", "Eve", "Design", "Alice Adams"]),
        ("sortBy=userName", ["Alice Adams", "Eve", "Zoe", "Design", "Sales"]),
        ("sortBy=userName&sortOrder=descending", ["Design", "Sales", "Zoe", "Eve", "Alice Adams"]),
        ("sortBy=title", ["Eve", "Alice Adams", "Design", "Sales", "Zoe"]),
        ("sortBy=active", ["Alice Adams", "Eve", "Zoe", "Design", "Sales"]),
        ("sortBy=members", ["Design", "Alice Adams", "Eve", "Sales", "Zoe"]),
        ("sortBy=meta.created&sortOrder=descending", ["Zoe", "Sales", "Eve", "Design", "Alice Adams"]),
    ],
)
def test_the_root_is_sorted_by_what_one_type_has(several: Scim, sort: str, found: list[str]) -> None:
    assert names(several.get(f"/?{sort}")) == found


@pytest.mark.rfc("7644", "3.4.2.4")
def test_the_root_is_paged(several: Scim) -> None:
    pages = [several.get(f"/?startIndex={start}&count=2") for start in (1, 3, 5, 7)]

    assert [names(page) for page in pages] == [["Alice Adams", "Design"], ["Eve", "Sales"], ["Zoe"], []]
    assert {page.body["totalResults"] for page in pages} == {5}
    assert several.get("/?count=0").body["Resources"] == []


def test_the_root_shows_nothing_of_another_tenant(several: Scim, other_scim: Scim) -> None:
    other_scim.create("charlie", displayName="Charlie")
    other_scim.create_group("Foreign")

    assert several.get("/").body["totalResults"] == 5
    assert names(other_scim.get("/")) == ["Charlie", "Foreign"]


@pytest.mark.parametrize("size", [1, 3, 300])
def test_the_root_costs_the_same_however_many_there_are(
    several: Scim, installation: Installation, size: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    crowd(installation, size)
    several.get("/")

    with django_assert_num_queries(7):
        assert several.get("/?count=1000").body["totalResults"] == size + 5
    with django_assert_num_queries(6):
        several.get("/?count=1000&excludedAttributes=members")
