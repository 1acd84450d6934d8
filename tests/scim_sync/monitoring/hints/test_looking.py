"""When and how much of the log is read: each event once, in a bounded number of statements."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from addons.models import Installation
from scim_sync.models import MappingHints, ProvisioningEvent
from scim_sync.monitoring import periodic
from scim_sync.monitoring.hints import looking
from tests.scim_sync.client import Scim
from tests.scim_sync.console.test_log import fill
from tests.scim_sync.monitoring.hints.looks import look


def test_a_request_does_nothing_for_hints(scim: Scim, installation: Installation) -> None:
    look(installation)
    with CaptureQueriesContext(connection) as captured:
        scim.create("ada")

    assert not any("mappinghints" in query["sql"].lower() for query in captured)


def test_each_event_is_read_once(scim: Scim, installation: Installation) -> None:
    for name in ("ada", "bob", "cyd"):
        scim.create(name)
    look(installation)
    look(installation, minutes=40)

    assert MappingHints.objects.get().evidence["created-without-active"]["count"] == 3


def test_what_is_new_is_read_only_once_no_older_event_can_come(
    scim: Scim, installation: Installation
) -> None:
    for name in ("ada", "bob", "cyd"):
        scim.create(name)
    assert look(installation, minutes=1) == set()
    assert MappingHints.objects.get().read_at is None

    assert look(installation, minutes=6) == {"active"}


def test_nothing_is_decided_while_a_sync_runs(scim: Scim, installation: Installation) -> None:
    for name in ("ada", "bob", "cyd"):
        scim.create(name)
    with time_machine.travel(timezone.now() + timedelta(minutes=4)):
        scim.get("/Users")

    assert look(installation, minutes=6) == set()
    assert look(installation, minutes=10) == {"active"}


def test_where_nothing_is_new_it_is_one_query(
    scim: Scim, installation: Installation, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    scim.create("ada")
    look(installation)

    with time_machine.travel(timezone.now() + timedelta(minutes=50)), django_assert_num_queries(1):
        looking.look_for_hints(installation)


def test_a_long_log_is_read_in_rounds_of_a_bounded_number_of_statements(
    scim: Scim,
    installation: Installation,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    monkeypatch.setattr(looking, "STEP", 4)
    monkeypatch.setattr(looking, "MOST_STEPS", 3)
    scim.get("/Users")
    fill(installation, 30)  # three of a moment each

    with time_machine.travel(timezone.now() + timedelta(minutes=30)):
        for round_number in (1, 2):
            with django_assert_max_num_queries(12):
                looking.look_for_hints(installation)
            row = MappingHints.objects.get()
            assert row.looked_at is None
            read = ProvisioningEvent.objects.filter(at__lte=row.read_at).exclude(
                at=row.read_at, pk__gt=row.read_id
            )
            assert read.count() == 12 * round_number
        with django_assert_max_num_queries(15):
            looking.look_for_hints(installation)

    assert MappingHints.objects.get().looked_at is not None


def test_maintenance_looks(scim: Scim, installation: Installation) -> None:
    for name in ("ada", "bob", "cyd"):
        scim.create(name)
    with time_machine.travel(timezone.now() + timedelta(minutes=30)):
        periodic.maintain()

    assert set(MappingHints.objects.get().found) == {"active"}
