"""Pages of a list that are asked for by number."""

import pytest
from django.test import Client
from django.urls import reverse

from printmgmt.organizations.models import Organization
from printmgmt.people.models import PersonState, PrintUser
from tests import many

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("requested", "shown"), [("2", 2), ("999", 3), ("abc", 1), ("0", 3), ("", 1), ("last", 1)]
)
@pytest.mark.parametrize("name", ["console:people", "console:administrators"])
def test_a_page_that_is_none_shows_the_nearest(
    client: Client, contoso: Organization, name: str, requested: str, shown: int
) -> None:
    many.people(contoso, range(110))
    many.administrators(contoso, range(110))

    answer = client.get(reverse(name, kwargs={"organization": contoso.slug}), {"page": requested})

    assert answer.status_code == 200
    assert answer.context["page_obj"].number == shown


def test_an_empty_list_has_a_first_page(client: Client, contoso: Organization) -> None:
    url = reverse("console:leavers", kwargs={"organization": contoso.slug})

    assert client.get(url, {"page": "7"}).context["page_obj"].number == 1


def test_a_later_page_of_a_search_has_the_rows_that_follow_in_order(
    client: Client, contoso: Organization
) -> None:
    many.people(contoso, range(130))
    many.people(contoso, range(130, 140), PersonState.SUSPENDED)
    url = reverse("console:people", kwargs={"organization": contoso.slug})

    found = []
    for page in (1, 2, 3):
        answer = client.get(url, {"page": str(page), "q": "contoso", "state": "active"})
        found += answer.context["rows"]

    people = PrintUser.objects.filter(state=PersonState.ACTIVE)
    assert [row.pk for row in found] == [row.pk for row in people.order_by("display_name_key", "id")]
