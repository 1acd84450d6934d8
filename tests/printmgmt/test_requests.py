"""The request id, and whose address a request is from."""

import re

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django.fixtures import Settings

from printmgmt.requests import client_address
from tests import factories


def test_answer_carries_an_id_of_ours(client: Client) -> None:
    answer = client.get("/healthz", headers={"x-request-id": "forged"})

    assert re.fullmatch("[0-9a-f]{32}", answer["X-Request-ID"])
    assert answer.wsgi_request.request_id == answer["X-Request-ID"]


def test_each_request_has_another(client: Client) -> None:
    assert client.get("/healthz")["X-Request-ID"] != client.get("/healthz")["X-Request-ID"]


@pytest.mark.parametrize(
    ("trusted", "forwarded", "address"),
    [
        (0, "203.0.113.7", "127.0.0.1"),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "192.0.2.1, 203.0.113.7", "203.0.113.7"),  # the first one is what the client wrote
        (2, "192.0.2.1, 203.0.113.7, 198.51.100.2", "203.0.113.7"),
        (2, "203.0.113.7", "127.0.0.1"),  # came around our proxies
        (1, "", "127.0.0.1"),
        (1, "unknown", "127.0.0.1"),
        (1, "203.0.113.7:4711", "203.0.113.7"),
        (1, "[2001:db8::1]:4711", "2001:db8::1"),
        (1, "2001:DB8::1", "2001:db8::1"),
        (1, "fe80::1%eth0", "fe80::1"),
    ],
)
def test_the_clients_address_is_what_our_outermost_proxy_saw(
    rf: RequestFactory, settings: Settings, trusted: int, forwarded: str, address: str
) -> None:
    settings.TRUSTED_PROXIES = trusted

    assert client_address(rf.get("/", headers={"x-forwarded-for": forwarded})) == address


def test_over_a_unix_socket_there_is_no_address(rf: RequestFactory) -> None:
    assert client_address(rf.get("/", REMOTE_ADDR="")) is None


@pytest.mark.django_db
@pytest.mark.parametrize(("trusted", "address"), [(0, "127.0.0.1"), (1, "203.0.113.7")])
def test_a_session_shows_the_clients_address(settings: Settings, trusted: int, address: str) -> None:
    settings.TRUSTED_PROXIES = trusted
    form = {"login": factories.account().email, "password": "correct horse battery"}

    Client().post(reverse("account_login"), form, headers={"x-forwarded-for": "192.0.2.1, 203.0.113.7"})

    assert UserSession.objects.get().ip == address
