"""The socket that outlives the web processes."""

import errno

import pytest

from printmgmt.services.listener import is_ready, listen


def test_taken_port_is_an_error_at_once() -> None:
    with listen("127.0.0.1", 0) as first, pytest.raises(OSError, match="in use") as caught:
        listen("127.0.0.1", first.getsockname()[1])

    assert caught.value.errno == errno.EADDRINUSE


def test_not_ready_while_nobody_serves() -> None:
    with listen("127.0.0.1", 0) as silent:
        port = silent.getsockname()[1]

    assert not is_ready(port, "http://127.0.0.1")
