"""When the directory was last heard of: known at once, written at most once a minute."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from addons.base import HealthState
from addons.models import Installation
from addons.services import pause
from scim_sync.models import Contact, ScimToken
from scim_sync.monitoring import health
from scim_sync.monitoring.health import Condition
from tests.factories import TESTER
from tests.scim_sync.client import Scim


def seen() -> dict[str, Any]:
    return Contact.objects.values("last_at", "last_write_at", "visit__reads").get()


def test_the_first_call_is_known_at_once(scim: Scim, installation: Installation) -> None:
    assert health.check(installation).state == HealthState.WAITING

    scim.get("/Users")

    contact = Contact.objects.get()
    assert contact.installation == installation
    assert contact.last_write_at is None
    assert ScimToken.objects.get().last_used_address == "127.0.0.1"
    assert health.check(installation).state == HealthState.OK


@pytest.mark.parametrize(("trusted", "address"), [(0, "127.0.0.1"), (1, "203.0.113.7")])
def test_a_token_shows_the_address_our_own_proxies_saw(
    scim: Scim, settings: Settings, trusted: int, address: str
) -> None:
    settings.TRUSTED_PROXIES = trusted

    scim.get("/Users", x_forwarded_for="192.0.2.1, 203.0.113.7")

    assert ScimToken.objects.get().last_used_address == address


def test_the_first_write_is_known_at_once(scim: Scim) -> None:
    scim.get("/Users")

    scim.create("dave")

    assert seen()["last_write_at"] is not None


def test_within_a_minute_nothing_is_written(scim: Scim) -> None:
    scim.create("dave")
    before, used = seen(), ScimToken.objects.get().last_used_at

    with time_machine.travel(timezone.now() + timedelta(seconds=50)):
        scim.get("/Users")
        scim.create("erin")

    assert seen() == before
    assert ScimToken.objects.get().last_used_at == used


def test_after_a_minute_it_is_written_with_what_was_counted(scim: Scim) -> None:
    for _n in range(3):
        scim.get("/Users")
    before = seen()

    with time_machine.travel(timezone.now() + timedelta(seconds=70)):
        scim.get("/Users")

    after = seen()
    assert after["last_at"] - before["last_at"] > timedelta(minutes=1)
    assert after["visit__reads"] - before["visit__reads"] == 3


@pytest.mark.parametrize("call", ["read", "write"])
def test_a_refused_token_is_no_contact(scim: Scim, call: str) -> None:
    stranger = Scim(scim.base, "wrong")
    stranger.get("/Users") if call == "read" else stranger.create("dave")

    assert not Contact.objects.exists()


def test_an_installation_without_a_live_token_says_so(scim: Scim, installation: Installation) -> None:
    scim.get("/Users")
    ScimToken.objects.update(expires_at=timezone.now())

    found = health.check(installation)

    assert (found.state, found.condition) == (HealthState.ERROR, Condition.TOKENLESS)


def test_a_paused_installation_says_so_also_without_a_live_token(
    scim: Scim, installation: Installation
) -> None:
    scim.get("/Users")
    pause(installation, by=TESTER)

    for _token in ("live", "ended"):
        found = health.check(Installation.objects.get())
        assert (found.state, found.condition) == (HealthState.WARNING, Condition.PAUSED)
        ScimToken.objects.update(expires_at=timezone.now())


def test_refused_calls_are_a_warning_for_a_day(scim: Scim, installation: Installation) -> None:
    scim.get("/Users")
    scim.create("")

    assert health.check(installation).state == HealthState.WARNING
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert health.check(installation).state == HealthState.OK


def test_health_is_few_queries(
    scim: Scim, installation: Installation, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    scim.get("/Users")

    # One for each of the three ways to connect, and three.
    with django_assert_num_queries(6):
        health.check(installation)
