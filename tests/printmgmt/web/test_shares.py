"""Whose share a request takes, and whose turn it is."""

import pytest

from printmgmt.web import shares
from printmgmt.web.refusals import Refusal
from printmgmt.web.shares import WAITING_AT_MOST, Turns, share_of, share_threads_below

REFUSAL = Refusal("application/json", b"{}")


@pytest.fixture(autouse=True)
def _one_prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shares, "_shares", {})
    share_threads_below("api/v9/", REFUSAL)


@pytest.mark.parametrize(
    "line",
    [
        b"GET /api/v9/one/Users HTTP/1.1",
        b"POST /api/v9/one HTTP/1.1",
        b"GET /api/v9/one?x=/api/v9/two HTTP/1.1",
        b"GET /api/v9/ONE/ HTTP/1.1",
        b"GET /api/v9/%6fn%65/ HTTP/1.1",
        b"DELETE http://print.contoso.com/api/v9/one/Users/1 HTTP/1.1",
    ],
)
def test_one_tenant_has_one_share_however_it_is_written(line: bytes) -> None:
    assert share_of(line + b"\r\nHost: x\r\n\r\n") == (b"one", REFUSAL)


@pytest.mark.parametrize(
    "line",
    [b"GET / HTTP/1.1", b"GET /api/v9/ HTTP/1.1", b"GET /x/api/v9/one HTTP/1.1", b"", b"\xff\x00 \r\n"],
)
def test_other_requests_take_nobodys_share(line: bytes) -> None:
    assert share_of(line) is None


def test_those_who_wait_come_in_their_order() -> None:
    turns: Turns[str] = Turns(2)

    assert [turns.take(b"one", name) for name in "abcd"] == [True, True, False, False]
    assert turns.take(b"two", "x")
    assert [turns.give_back(b"one") for _end in range(4)] == ["c", "d", None, None]
    assert [turns.take(b"one", name) for name in "efg"] == [True, True, False]


def test_a_share_is_full_when_many_wait() -> None:
    turns: Turns[int] = Turns(1)
    for number in range(WAITING_AT_MOST):
        turns.take(b"one", number)

    assert not turns.is_full(b"one")
    turns.take(b"one", -1)
    assert turns.is_full(b"one")
    assert not turns.is_full(b"two")


def test_who_has_no_requests_leaves_nothing_behind() -> None:
    turns: Turns[str] = Turns(1)
    turns.take(b"one", "a")
    turns.take(b"one", "b")
    turns.give_back(b"one")
    turns.give_back(b"one")

    assert not turns._busy
    assert not turns._waiting
