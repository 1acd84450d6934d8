"""Calls within a rate go on, the next one waits. Redis counts for all processes; nobody waits for Redis."""

import socket
from collections.abc import Iterator
from contextlib import closing
from uuid import uuid4

import pytest
from pytest_django.fixtures import Settings

from printmgmt import rate_limits
from printmgmt.rate_limits import Rate, seconds_to_wait
from printmgmt.services import process

SLOW = Rate(per_second=0.01, burst=3)
FAST = Rate(per_second=1000, burst=1)


@pytest.fixture(autouse=True)
def _count_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    restart(monkeypatch)


def restart(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if this were another process."""
    monkeypatch.setattr(rate_limits, "_own", rate_limits._OwnCount())
    monkeypatch.setattr(rate_limits, "_pause", rate_limits._Pause())


@pytest.fixture
def caller() -> str:
    return f"test:{uuid4()}"


@pytest.fixture
def nobody_listens(settings: Settings) -> None:
    """A Redis that refuses connections."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    settings.BROKER_URL = f"redis://127.0.0.1:{port}/0"


@pytest.fixture
def says_nothing(settings: Settings) -> Iterator[None]:
    """A Redis that accepts connections and never answers."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        settings.BROKER_URL = f"redis://127.0.0.1:{server.getsockname()[1]}/0"
        yield


@pytest.fixture
def is_a_sentinel(settings: Settings) -> None:
    settings.BROKER_URL = "sentinel://127.0.0.1:1"


@pytest.mark.parametrize("place", ["", "nobody_listens", "is_a_sentinel"])
def test_a_burst_goes_on_and_the_next_call_waits(
    request: pytest.FixtureRequest, caller: str, place: str
) -> None:
    if place:
        request.getfixturevalue(place)

    waits = [seconds_to_wait(caller, SLOW) for _call in range(5)]

    assert waits[:3] == [0, 0, 0]
    assert all(40 < wait <= 100 for wait in waits[3:])  # one that waits is not counted, or it would be 200
    assert seconds_to_wait(f"{caller} too", SLOW) == 0


@pytest.mark.parametrize("place", ["", "nobody_listens"])
def test_after_the_wait_the_call_goes_on(request: pytest.FixtureRequest, caller: str, place: str) -> None:
    if place:
        request.getfixturevalue(place)

    for _call in range(3):  # a millisecond each
        assert process.wait_until(lambda: seconds_to_wait(caller, FAST) == 0, timeout=60)


def test_all_processes_count_together(caller: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for _call in range(3):
        assert seconds_to_wait(caller, SLOW) == 0
        restart(monkeypatch)

    assert seconds_to_wait(caller, SLOW) > 0


def test_a_clock_that_was_set_back_delays_nobody_for_long(caller: str) -> None:
    seconds_to_wait(caller, SLOW)
    take = rate_limits._script(rate_limits.settings.BROKER_URL)
    assert take is not None
    take.registered_client.set(f"printmgmt:rate:{caller}", "9999999999")

    assert seconds_to_wait(caller, SLOW) <= SLOW.interval


def test_a_silent_redis_is_asked_once(
    caller: str, says_nothing: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert seconds_to_wait(caller, SLOW) == 0
    monkeypatch.setattr(rate_limits, "_script", lambda broker: pytest.fail("asked again"))

    assert [seconds_to_wait(caller, SLOW) > 0 for _call in range(3)] == [False, False, True]


def test_a_full_redis_refuses_nobody(caller: str) -> None:
    take = rate_limits._script(rate_limits.settings.BROKER_URL)
    assert take is not None
    take.registered_client.config_set("maxmemory", 1)
    try:
        assert seconds_to_wait(caller, SLOW) == 0
    finally:
        take.registered_client.config_set("maxmemory", 0)


def test_a_process_forgets_callers_that_are_at_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "KEPT_AT_MOST", 10)
    own = rate_limits._OwnCount()

    for number in range(1000):
        own.take(f"caller {number}", SLOW)

    assert len(own._due) <= 10
