"""A directory that calls too often is asked to come later; one with slow requests delays only itself."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from addons.models import Installation
from printmgmt import rate_limits
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser
from printmgmt.web.shares import WAITING_AT_MOST
from scim_sync.api import throttling
from scim_sync.api.outside import too_many
from scim_sync.models import ProvisioningEvent, Visit
from scim_sync.monitoring.contact import READS_KEPT
from scim_sync.monitoring.cycles import cycles_of
from tests.scim_sync.client import DISABLE, Answer, HttpScim, Scim
from tests.scim_sync.conftest import the_installation

SLOWLY, BURST = 1, 5
on_postgresql = pytest.mark.skipif(
    connection.vendor == "sqlite", reason="requests wait for a locked row on PostgreSQL"
)


@dataclass
class Clock:
    """Stands still unless a test moves it (seconds)."""

    now: float = 1000.0


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(autouse=True)
def _throttled(settings: Settings, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    """Few requests are too many. Counted in this process: tests share Redis and the ids of installations."""
    settings.SCIM_REQUESTS_PER_SECOND, settings.SCIM_REQUESTS_AT_ONCE = SLOWLY, BURST
    settings.BROKER_URL = "memory://"
    monkeypatch.setattr(rate_limits, "_own", rate_limits._OwnCount())
    monkeypatch.setattr(rate_limits, "time", SimpleNamespace(monotonic=lambda: clock.now))
    monkeypatch.setattr("scim_sync.monitoring.contact._throttled", {})


def is_throttled(answer: Answer) -> bool:
    """Checks the form, too; Answer has checked that the body is SCIM's."""
    if answer.status != 429:
        return False
    assert int(answer.headers["Retry-After"]) >= 1
    assert "WWW-Authenticate" not in answer.headers
    return True


def wrong(scim: Scim) -> str:
    return f"Bearer {scim.token[:-1]}{'0' if scim.token[-1] != '0' else '1'}"


def test_more_than_a_burst_is_asked_to_come_later(scim: Scim, alice: PrintUser) -> None:
    answers = [scim.get("/Users") for _call in range(BURST + 2)]
    answers += [scim.patch(alice.pk, DISABLE), scim.get("/nowhere")]

    assert [is_throttled(answer) for answer in answers[-4:]] == [True] * 4
    assert answers[-1].body["detail"] == "More than 1 requests a second; try again in 1 s"
    alice.refresh_from_db()
    assert alice.active
    assert not ProvisioningEvent.objects.filter(status=429).exists()


def test_another_directory_is_not_concerned(scim: Scim, other_scim: Scim, charlie: PrintUser) -> None:
    assert is_throttled([scim.get("/Users") for _call in range(BURST + 1)][-1])

    assert other_scim.get("/Users").status == 200


def test_a_directory_that_waits_is_served(scim: Scim, clock: Clock) -> None:
    for _call in range(3 * BURST):
        answer = scim.get("/Users")
        if is_throttled(answer):
            clock.now += int(answer.headers["Retry-After"])
            answer = scim.get("/Users")
        assert answer.status == 200


def test_without_a_limit_nobody_is_throttled(scim: Scim, settings: Settings) -> None:
    settings.SCIM_REQUESTS_PER_SECOND = 0

    assert {scim.get("/Users").status for _call in range(BURST + 3)} == {200}
    assert {scim.get("/Users", Authorization="").status for _call in range(60)} == {401}


def test_a_throttled_request_costs_the_query_of_its_token(
    scim: Scim, alice: PrintUser, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    while not is_throttled(scim.get("/Users")):
        pass

    with django_assert_num_queries(1):
        assert is_throttled(scim.patch(alice.pk, DISABLE))


def test_the_details_page_says_how_many_were_asked(
    scim: Scim, installation: Installation, clock: Clock
) -> None:
    scim.get("/Users")
    while not is_throttled(scim.get("/Users")):
        pass
    assert is_throttled(scim.get("/Users"))
    for _call in range(READS_KEPT):  # it is written with the lookups, a few at a time
        clock.now += 1
        scim.get("/Users")

    assert Visit.objects.get().throttled == 2
    installation.refresh_from_db()
    shown = {str(row.label): row.cells for row in cycles_of(installation, installation.contact).rows}
    assert shown["Too fast, asked to retry"] == [2]


def test_a_cycle_in_which_nobody_was_asked_says_nothing_of_it(scim: Scim, installation: Installation) -> None:
    scim.get("/Users")
    installation.refresh_from_db()

    labels = [str(row.label) for row in cycles_of(installation, installation.contact).rows]

    assert "Too fast, asked to retry" not in labels


def test_wrong_tokens_are_throttled_by_address_and_good_ones_are_not(
    scim: Scim, other_scim: Scim, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = [scim.get("/Users", Authorization=wrong(scim)) for _call in range(throttling.WRONG_TOKENS.burst)]
    assert {answer.status for answer in first} == {401}
    assert is_throttled(scim.get("/Users", Authorization=wrong(scim)))
    [event] = ProvisioningEvent.objects.all()
    logged = event.count

    with django_assert_num_queries(1):
        assert is_throttled(scim.get("/Users", Authorization=wrong(scim)))
    with django_assert_num_queries(0):
        assert is_throttled(scim.get("/Users", Authorization="Bearer x"))
    with django_assert_num_queries(1):
        assert is_throttled(scim.post({"userName": "x"}, Authorization=f"Bearer {other_scim.token}"))

    assert scim.get("/Users").status == 200
    event = ProvisioningEvent.objects.get()
    assert event.count == logged


def test_wrong_tokens_of_another_address_are_told_they_are_wrong(scim: Scim, settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 1
    storm, other = {"x_forwarded_for": "2001:db8::1"}, {"x_forwarded_for": "2001:db8:0:1::1"}
    neighbor = {"x_forwarded_for": "2001:db8::ffff"}
    while not is_throttled(scim.get("/Users", Authorization=wrong(scim), **storm)):
        pass

    assert is_throttled(scim.get("/Users", Authorization=wrong(scim), **neighbor))
    assert scim.get("/Users", Authorization=wrong(scim), **other).status == 401


@on_postgresql
def test_requests_that_wait_for_a_row_leave_threads_to_other_directories(
    http_scim: HttpScim, fabrikam: Organization
) -> None:
    """Without shares, forty requests hold all threads of the server, and nobody else is answered."""
    quiet = HttpScim.of(the_installation(fabrikam))
    ada = PrintUser.objects.get(pk=http_scim.create("ada").id)

    with ThreadPoolExecutor(40) as pool:
        with transaction.atomic():
            PrintUser.objects.select_for_update().get(pk=ada.pk)
            waiting = [pool.submit(http_scim.patch, ada.pk, DISABLE) for _client in range(40)]
            answers = [quiet.get("/Users") for _call in range(20)]
            still = sum(not future.done() for future in waiting)
        statuses = Counter(future.result().status for future in waiting)

    assert {answer.status for answer in answers} == {200}
    assert still == 40
    assert statuses == {200: 40}


@on_postgresql
def test_who_finds_a_full_line_is_asked_to_come_later(http_scim: HttpScim) -> None:
    ada = PrintUser.objects.get(pk=http_scim.create("ada").id)
    clients = 2 * (WAITING_AT_MOST + 8) + 10  # two processes, each with a share of eight threads

    with ThreadPoolExecutor(clients) as pool:
        with transaction.atomic():
            PrintUser.objects.select_for_update().get(pk=ada.pk)
            calls = [pool.submit(http_scim.patch, ada.pk, DISABLE) for _client in range(clients)]
            refused = next(as_completed(calls, timeout=60)).result()
        answers = [call.result() for call in calls]

    assert is_throttled(refused)
    assert {answer.status for answer in answers} == {200, 429}
    assert all(is_throttled(answer) for answer in answers if answer.status == 429)


def test_the_servers_own_429_is_one_of_scim() -> None:
    head, _end, body = too_many().raw.partition(b"\r\n\r\n")

    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    answer = Answer(429, headers, body)
    assert is_throttled(answer)
    assert int(headers["Content-Length"]) == len(body)
    assert json.loads(body)["status"] == "429"
