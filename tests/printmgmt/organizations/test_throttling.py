"""Sign-in throttling over real HTTP: forged headers buy no more guesses."""

import re

import pytest
import requests
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.conftest import Server


def guess(server: Server, email: str, password: str, forwarded: str) -> requests.Response:
    browser, url = requests.Session(), server.url + reverse("account_login")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', browser.get(url, timeout=20).text)
    assert token
    form = {"login": email, "password": password, "csrfmiddlewaretoken": token[1]}
    headers = {"X-Forwarded-For": forwarded, "X-Real-IP": forwarded, "Referer": url}
    return browser.post(url, form, headers=headers, allow_redirects=False, timeout=20)


def test_guessing_is_stopped_whatever_x_forwarded_for_says(server: Server) -> None:
    account = factories.account()

    answers = [guess(server, account.email, f"wrong {n}", f"203.0.113.{n}") for n in range(6)]
    right = guess(server, account.email, "correct horse battery", "198.51.100.1")

    assert "Too many failed login attempts" not in answers[0].text
    assert "Too many failed login attempts" in answers[-1].text
    assert right.status_code == 200
    assert "Too many failed login attempts" in right.text


@pytest.mark.django_db
@pytest.mark.parametrize(("proxies", "stopped"), [(0, True), (1, False)])
def test_addresses_behind_a_trusted_proxy_are_counted_apart(
    settings: object, proxies: int, stopped: bool
) -> None:
    settings.TRUSTED_PROXIES = proxies  # type: ignore[attr-defined]
    cache.clear()

    def one_guess(n: int) -> str:
        # What the client wrote comes first, what our proxy saw last.
        headers = {"x-forwarded-for": f"192.0.2.1, 203.0.113.{n}"}
        form = {"login": f"nobody{n}@x.example", "password": "wrong"}
        return Client().post(reverse("account_login"), form, headers=headers).content.decode()

    last = [one_guess(n) for n in range(11)][-1]

    assert ("Too many failed login attempts" in last) is stopped
