"""Too many wrong token requests are not looked at; the directory itself is not locked out."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from scim_sync.models import ProvisioningEvent
from scim_sync.oauth import throttling
from tests.scim_sync.oauth.client import TokenClient

pytestmark = pytest.mark.django_db

REFUSED = (401, "invalid_client")
THROTTLED = (429, "temporarily_unavailable")


@pytest.fixture
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits that a test reaches soon."""
    limits = {"BY_CLIENT_AND_ADDRESS": 3, "BY_ADDRESS": 5}
    for name, failures in limits.items():
        limit = getattr(throttling, name)
        monkeypatch.setattr(throttling, name, throttling.Limit(limit.name, failures, limit.within))


@pytest.fixture
def _proxied(settings: object) -> None:
    settings.TRUSTED_PROXIES = 1  # type: ignore[attr-defined]


def failed(oauth: TokenClient, times: int, **headers: str) -> None:
    for _each in range(times):
        assert oauth.send(oauth.form(client_secret="x"), **headers).error == REFUSED


@pytest.mark.usefixtures("_few")
def test_a_client_that_fails_too_often_waits(oauth: TokenClient) -> None:
    failed(oauth, 3)

    answer = oauth.ask()

    assert answer.error == THROTTLED
    assert 590 <= int(answer.headers["Retry-After"]) <= 600
    assert ProvisioningEvent.objects.get().count == 3
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert oauth.ask().status == 200


@pytest.mark.usefixtures("_few", "_proxied")
def test_strangers_do_not_lock_the_directory_out(oauth: TokenClient) -> None:
    failed(oauth, 3, X_Forwarded_For="192.0.2.7")

    assert oauth.send(oauth.form(), X_Forwarded_For="192.0.2.7").error == THROTTLED
    assert oauth.send(oauth.form(), X_Forwarded_For="192.0.2.8").status == 200


@pytest.mark.usefixtures("_few", "_proxied")
def test_an_address_that_fails_with_many_clients_waits(oauth: TokenClient) -> None:
    for number in range(5):
        path = f"/oauth/{number}/token"
        sent = oauth.send(oauth.form(), path=path, X_Forwarded_For=f"2001:db8::{number}")
        assert sent.error == REFUSED

    assert oauth.send(oauth.form(), X_Forwarded_For="2001:db8::99").error == THROTTLED
    assert oauth.send(oauth.form(), X_Forwarded_For="2001:db8:1::1").status == 200


def test_a_client_that_asks_all_the_time_waits(oauth: TokenClient, monkeypatch: pytest.MonkeyPatch) -> None:
    limit = throttling.Limit("few", 3, timedelta(minutes=10))
    monkeypatch.setattr("scim_sync.oauth.client_credentials.GIVEN", limit)
    last = [oauth.ask() for _each in range(4)]

    assert [answer.status for answer in last] == [200, 200, 200, 429]
    assert last[3].headers["Retry-After"] == "600"


@pytest.mark.usefixtures("_few")
def test_a_refused_request_costs_one_statement(
    oauth: TokenClient, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    failed(oauth, 3)

    with django_assert_num_queries(1):
        assert oauth.ask().error == THROTTLED
