"""Two Entra tenants that both have a person, cycle after cycle, before and after a decision."""

import pytest
from django.conf import settings
from django.db import connection

from addons.services import get_addon, install
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PersonState, PrintUser, ReviewItem, ReviewState
from scim_sync.rehearsal.client import Client
from scim_sync.rehearsal.directory import Directory
from scim_sync.rehearsal.job import Job
from scim_sync.rehearsal.log import Outcome
from scim_sync.services.directories import take_over
from tests import factories
from tests.factories import ADDON, TESTER
from tests.scim_sync.client import HttpScim, Scim
from tests.scim_sync.rehearsal.conftest import ada

pytestmark = pytest.mark.skipif(
    connection.settings_dict["ENGINE"].endswith("sqlite3"), reason="a web server beside the test"
)
ADA = "object-ada"


def tenant(scim: Scim, department: str) -> Job:
    """The provisioning job of a tenant that has Ada."""
    directory = Directory()
    directory.put(ada(department=department))
    return Job(directory, Client(f"{settings.PUBLIC_URL}{scim.base}", scim.token))


def test_each_cycle_of_both_leaves_the_person_as_it_was(http_scim: HttpScim, contoso: Organization) -> None:
    second = install(contoso, get_addon(ADDON), by=TESTER, name="Lyon")
    paris, lyon = tenant(http_scim, "IT"), tenant(HttpScim.of(second), "Sales")
    paris.initial_cycle()
    before = PrintUser.objects.values().get()

    lyon.initial_cycle()
    for _cycle in range(2):
        lyon.incremental_cycle()
        paris.incremental_cycle()
    lyon.directory.enable(ADA, enabled=False)
    lyon.incremental_cycle()

    assert PrintUser.objects.values().get() == before
    assert lyon.log.counts(lyon.cycles) == {Outcome.FAILED: 1}
    item = ReviewItem.objects.get()
    assert item.details["ends_access"] is True

    take_over(second, item, by=TESTER, account=factories.administrator(contoso).account)
    lyon.incremental_cycle()
    paris.directory.edit(ADA, department="Paris")
    paris.incremental_cycle()

    person = PrintUser.objects.get()
    assert (person.state, person.source) == (PersonState.SUSPENDED, second.source)
    assert paris.log.counts(paris.cycles) == {Outcome.FAILED: 1}
    assert ReviewItem.objects.filter(state=ReviewState.OPEN).count() == 1
