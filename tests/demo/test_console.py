"""Starting the console: a free port, one demo at a time, and when it counts as ready."""

import socket
from pathlib import Path

import pytest

from demo import console
from demo.console import NotReady, environment, free_port, lock, ready_line


def test_port_that_is_taken_is_not_chosen() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = int(taken.getsockname()[1])
        assert free_port(port) not in (0, port)


def test_port_that_is_free_is_kept() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    assert free_port(port) == port


def test_second_demo_in_a_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "LOCK", tmp_path / "data" / "demo.lock")
    with lock(), pytest.raises(NotReady, match="another demo is running"):
        lock()
    lock().close()


def test_ready_is_a_whole_line_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "LOG", tmp_path / "console.log")
    console.LOG.write_text('{"event": "ready soon"}\nready http://127.0', encoding="utf-8")
    assert ready_line() == ""
    console.LOG.write_text('{"event": "ready soon"}\nready http://127.0.0.1:8000\nmore\n', encoding="utf-8")
    assert ready_line().split() == ["ready", "http://127.0.0.1:8000"]


def test_settings_made_for_real_do_not_reach_the_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://live/console")
    monkeypatch.setenv("BROKER_URL", "redis://live")
    monkeypatch.setenv("PRODUCTION", "true")
    settings = environment(8000)
    assert settings["DATABASE_URL"] == f"sqlite:///{console.DATA}/console.sqlite3"
    assert (settings["BROKER_URL"], settings["PRODUCTION"]) == ("", "false")
