"""Sign-in throttling: what is counted, what buys no more guesses, and who is not locked out."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import requests
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from printmgmt.organizations import sign_in_limits
from printmgmt.organizations.models import Account, FailedAttempt
from printmgmt.organizations.sign_in_limits import count_sign_in
from printmgmt.organizations.throttling import TooManyFailures
from tests import factories
from tests.conftest import Server
from tests.due import outbox

REFUSED = "Too many failed login attempts"
HERE, ELSEWHERE = "203.0.113.7", "198.51.100.9"


def enter(
    email: str,
    password: str = "wrong",
    *,
    host: str = "localhost",
    address: str = HERE,
    browser: Client | None = None,
) -> str:
    """What the page says after signing in, or ``in``."""
    browser = browser or Client()
    form = {"login": email, "password": password}
    answer = browser.post(reverse("account_login"), form, REMOTE_ADDR=address, headers={"host": host})
    return "in" if answer.status_code == 302 else answer.content.decode()


def attempts(email: str, number: int, address: str = ELSEWHERE) -> None:
    """Failed attempts, without the cost of judging a password."""
    for _each in range(number):
        count_sign_in(email, address, browser=None)


@pytest.mark.django_db
def test_the_sixth_failure_in_five_minutes_is_not_looked_at() -> None:
    account = factories.account()

    answers = [enter(account.email) for _each in range(5)]

    assert not [answer for answer in answers if REFUSED in answer]
    assert REFUSED in enter(account.email, factories.PASSWORD)


@pytest.mark.django_db
def test_the_host_header_buys_no_guess() -> None:
    account = factories.account()
    for host in ("localhost", "localhost:1", "LOCALHOST", "localhost.", "127.0.0.1"):
        assert REFUSED not in enter(account.email, host=host)

    for host in ("localhost:2", "LocalHost:99", "127.0.0.1:3", "localhost"):
        assert REFUSED in enter(account.email, factories.PASSWORD, host=host)


@pytest.mark.django_db
def test_neither_letter_case_nor_blanks_nor_the_spelling_of_a_domain_buy_a_guess() -> None:
    factories.account("ada@straße.example")
    for spelling in (
        "Ada@straße.example",
        "ada@STRAßE.example",
        "ADA@xn--strae-oqa.example",
        " ada@straße.example",
    ):
        assert REFUSED not in enter(spelling)
    assert REFUSED not in enter("ada@STRAßE.EXAMPLE")

    assert REFUSED in enter("ada@straße.example", factories.PASSWORD)
    assert REFUSED not in enter("ada@strasse.example", address=ELSEWHERE)


@pytest.mark.django_db
def test_four_hundred_failures_of_others_open_no_lock() -> None:
    account = factories.account()
    attempts(account.email, 5, HERE)

    for number in range(400):
        count_sign_in(f"x{number}@x.example", f"192.0.{number // 250}.{number % 250}", browser=None)
        cache.set(f"noise-{number}", number)

    assert REFUSED in enter(account.email, factories.PASSWORD)


@pytest.mark.django_db
def test_fifty_failures_in_an_hour_close_the_account_to_browsers_it_does_not_know() -> None:
    account = factories.account()
    for number in range(10):
        attempts(account.email, 5, f"192.0.2.{number}")

    assert REFUSED in enter(account.email, factories.PASSWORD)
    with time_machine.travel(timezone.now() + timedelta(minutes=59)):
        assert REFUSED in enter(account.email, factories.PASSWORD)
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert enter(account.email, factories.PASSWORD) == "in"


@pytest.mark.django_db
def test_who_signed_in_with_this_browser_before_is_not_locked_out_by_strangers() -> None:
    account, browser = factories.account(), Client()
    enter(account.email, factories.PASSWORD, browser=browser)
    browser.post(reverse("account_logout"))
    for number in range(10):
        attempts(account.email, 5, f"192.0.2.{number}")
    for number in range(10):
        count_sign_in(f"x{number}@x.example", HERE, browser=None)

    assert enter(account.email, factories.PASSWORD, browser=browser) == "in"


@pytest.mark.django_db
def test_a_known_browser_has_five_guesses_itself_and_none_for_another_account() -> None:
    account, other, browser = factories.account(), factories.account(), Client()
    enter(account.email, factories.PASSWORD, browser=browser)
    browser.post(reverse("account_logout"))
    attempts(other.email, 5, HERE)

    answers = [enter(account.email, browser=browser) for _each in range(6)]

    assert [REFUSED in answer for answer in answers] == [False] * 5 + [True]
    assert REFUSED in enter(other.email, factories.PASSWORD, browser=browser)


@pytest.mark.django_db
def test_a_forged_cookie_makes_no_known_browser() -> None:
    account, browser = factories.account(), Client()
    enter(account.email, factories.PASSWORD, browser=browser)
    real = browser.cookies["known_browser"].value
    attempts(account.email, 5, HERE)

    for forged in (real[:-1] + ("A" if real[-1] != "A" else "B"), "", "x:y:z", "\udcff" * 3, real.swapcase()):
        stranger = Client(headers={"cookie": f"known_browser={forged}".encode("latin-1", "replace").decode()})
        assert REFUSED in enter(account.email, factories.PASSWORD, browser=stranger)


@pytest.mark.django_db
def test_the_link_of_a_forgotten_password_opens_a_closed_account_and_makes_the_browser_known() -> None:
    account, browser = factories.account(), Client()
    for number in range(10):
        attempts(account.email, 5, f"192.0.2.{number}")
    browser.post(reverse("account_reset_password"), {"email": account.email}, REMOTE_ADDR=HERE)
    [link] = [line for line in str(outbox()[0].body).splitlines() if line.startswith("http")]
    page = browser.get("/" + link.split("/", 3)[3], follow=True)

    chosen = {"password1": "another horse battery", "password2": "another horse battery"}
    browser.post(page.request["PATH_INFO"], chosen, REMOTE_ADDR=HERE)

    assert browser.session["_auth_user_id"] == str(account.pk)
    browser.post(reverse("account_logout"))
    assert enter(account.email, "another horse battery", browser=browser) == "in"


@pytest.mark.django_db
def test_an_address_has_ten_failures_a_minute_over_all_accounts_and_a_network_is_one_address() -> None:
    account = factories.account()
    for number in range(10):
        count_sign_in(f"x{number}@x.example", f"2001:db8:1:2::{number}", browser=None)

    assert REFUSED in enter(account.email, factories.PASSWORD, address="2001:db8:1:2:ffff::1")
    assert enter(account.email, factories.PASSWORD, address="2001:db8:1:3::1") == "in"


@pytest.mark.django_db
def test_refused_attempts_make_no_lock_last() -> None:
    account = factories.account()
    attempts(account.email, 5, HERE)
    with time_machine.travel(timezone.now() + timedelta(minutes=4)):
        for _each in range(5):
            with pytest.raises(TooManyFailures):
                count_sign_in(account.email, HERE, browser=None)

    with time_machine.travel(timezone.now() + timedelta(minutes=5, seconds=5)):
        assert enter(account.email, factories.PASSWORD) == "in"


@pytest.mark.django_db
def test_a_right_password_does_not_count_and_forgives_no_wrong_one() -> None:
    account = factories.account()
    attempts(account.email, 4, HERE)
    assert enter(account.email, factories.PASSWORD) == "in"
    assert FailedAttempt.objects.count() == 12  # four attempts, each by account, by address, by both

    attempts(account.email, 1, HERE)

    assert REFUSED in enter(account.email, factories.PASSWORD)


@pytest.mark.django_db
def test_failures_are_forgotten_after_an_hour_and_name_nobody() -> None:
    attempts("ada@contoso.example", 1)
    kept = str(list(FailedAttempt.objects.values()))
    assert "ada" not in kept
    assert ELSEWHERE not in kept

    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        attempts("grace@contoso.example", 1)

    assert FailedAttempt.objects.count() == 3


@pytest.fixture
def _clean(transactional_db: None) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.mark.usefixtures("_clean")
def test_guesses_at_the_same_time_get_no_more_than_the_limit_through() -> None:
    def one(_number: int) -> bool:
        try:
            count_sign_in("ada@contoso.example", HERE, browser=None)
        except TooManyFailures:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        through = sum(pool.map(one, range(24)))

    assert through <= sign_in_limits.BY_ACCOUNT_AND_ADDRESS.failures


@pytest.mark.django_db
def test_mails_to_one_address_asked_for_by_strangers_end_after_five_in_an_hour() -> None:
    cache.clear()
    account = factories.account()

    for number in range(8):
        Client().post(
            reverse("account_reset_password"), {"email": account.email}, REMOTE_ADDR=f"192.0.2.{number}"
        )

    assert len(outbox()) == 5


def guess(server: Server, email: str, password: str, forwarded: str) -> requests.Response:
    browser, url = requests.Session(), server.url + reverse("account_login")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', browser.get(url, timeout=120).text)
    assert token
    form = {"login": email, "password": password, "csrfmiddlewaretoken": token[1]}
    headers = {"X-Forwarded-For": forwarded, "X-Real-IP": forwarded, "Referer": url}
    return browser.post(url, form, headers=headers, allow_redirects=False, timeout=120)


def test_guessing_is_stopped_whatever_x_forwarded_for_says(server: Server) -> None:
    account = factories.account()

    answers = [guess(server, account.email, f"wrong {n}", f"203.0.113.{n}") for n in range(6)]
    right = guess(server, account.email, "correct horse battery", "198.51.100.1")

    assert REFUSED not in answers[0].text
    assert REFUSED in answers[-1].text
    assert right.status_code == 200
    assert REFUSED in right.text


@pytest.mark.django_db
@pytest.mark.parametrize(("proxies", "stopped"), [(0, True), (1, False)])
def test_addresses_behind_a_trusted_proxy_are_counted_apart(
    settings: Settings, proxies: int, stopped: bool
) -> None:
    settings.TRUSTED_PROXIES = proxies
    cache.clear()

    def one_guess(n: int) -> str:
        # What the client wrote comes first, what our proxy saw last.
        headers = {"x-forwarded-for": f"192.0.2.1, 203.0.113.{n}"}
        form = {"login": f"nobody{n}@x.example", "password": "wrong"}
        return Client().post(reverse("account_login"), form, headers=headers).content.decode()

    last = [one_guess(n) for n in range(11)][-1]

    assert (REFUSED in last) is stopped


@pytest.mark.django_db
def test_a_signed_in_thief_guesses_the_password_no_faster(settings: Settings) -> None:
    account, browser = factories.account(), Client()
    browser.force_login(Account.objects.get(pk=account.pk))
    attempts(account.email, 5, HERE)

    answer = browser.post(
        reverse("account_reauthenticate"), {"password": factories.PASSWORD}, REMOTE_ADDR=HERE
    )

    assert REFUSED in answer.content.decode()
