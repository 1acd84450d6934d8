"""What a second directory of the organization costs: the first one's requests nothing, its refusals a few."""

import pytest
from pytest_django import DjangoAssertNumQueries

from addons.models import Installation
from addons.services import get_addon, install
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser
from tests.factories import ADDON, TESTER
from tests.scim_sync.api.test_query_counts import COSTS, crowd, patch, with_id
from tests.scim_sync.client import DISABLE, Scim, a_user


@pytest.fixture
def lyon(contoso: Organization, scim: Scim, alice: PrintUser) -> Scim:
    """A second directory, which has a person and a group of its own."""
    made = Scim.of(install(contoso, get_addon(ADDON), by=TESTER, name="Lyon"))
    made.create("bob@contoso.com")
    made.create_group("Teachers")
    return made


@pytest.mark.parametrize("name", COSTS)
def test_a_second_directory_costs_the_first_nothing(
    scim: Scim, alice: PrintUser, lyon: Scim, django_assert_num_queries: DjangoAssertNumQueries, name: str
) -> None:
    cost, call = COSTS[name]
    scim.get("/Users")  # the minute's contact is written

    with django_assert_num_queries(cost):
        call(scim, alice)


REFUSED = {
    "post": lambda scim, person: scim.create("alice@contoso.com"),
    "put": with_id("PUT", a_user("alice@contoso.com")),
    "patch": patch(DISABLE),
    "delete": with_id("DELETE"),
}
OF_A_REFUSAL = 13
"""The write with whose the person is, the question that waits already, the event that is counted."""


@pytest.mark.parametrize("size", [1, 300])
@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_costs_the_same_for_any_number_of_people(
    alice: PrintUser,
    lyon: Scim,
    installation: Installation,
    django_assert_num_queries: DjangoAssertNumQueries,
    name: str,
    size: int,
) -> None:
    crowd(installation, size)
    REFUSED[name](lyon, alice)

    with django_assert_num_queries(OF_A_REFUSAL):
        assert REFUSED[name](lyon, alice).status == 409
