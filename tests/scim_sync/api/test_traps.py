"""What clients send that is unusual and right, or harmless; what is refused is in hostile/rows.py."""

from collections.abc import Iterator

import pytest
from django.apps import apps

from printmgmt.people.models import PrintUser
from scim_sync.models import ScimUser
from tests.scim_sync.client import DISABLE, Scim, a_user


@pytest.fixture(autouse=True)
def _nothing_changes(alice: PrintUser) -> Iterator[None]:
    """Whatever a test here does, people, links and runs stay as they were."""
    before = state()
    yield
    assert state() == before


def state() -> list[list[dict[str, object]]]:
    kept = [PrintUser, ScimUser, *apps.get_app_config("deprovisioning").get_models()]
    return [list(model._default_manager.order_by("pk").values()) for model in kept]


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
