"""Starting the console: its port, its folder, one demo at a time, and when it counts as ready."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from demo import console
from demo.commands import ROOT
from demo.console import KEPT, Folder, NotReady, choose_port
from demo.running import wanted_port
from printmgmt.services.listener import listen


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def free_port() -> int:
    with listen("127.0.0.1", 0) as probe:
        return int(probe.getsockname()[1])


def test_usual_port_that_is_taken_is_not_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr(console, "USUAL_PORT", port)
        assert choose_port(None) not in (0, port)


def test_port_that_is_free_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    assert choose_port(port) == port
    monkeypatch.setattr(console, "USUAL_PORT", port)
    assert choose_port(None) == port


def test_wanted_port_that_is_taken_is_an_error_that_names_it() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(NotReady, match=rf"port {port}: .*in use.*make demo PORT={port + 1}"):
            choose_port(port)


@pytest.mark.parametrize("text", ["", " "])
def test_no_port_is_wanted_when_port_is_empty(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("PORT", text)
    assert wanted_port() is None


@pytest.mark.parametrize("text", ["0", "65536", "http", "8000.5", "²", "9" * 5000])
def test_port_that_is_no_port_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("PORT", text)
    with pytest.raises(NotReady, match="number from 1 to 65535"):
        wanted_port()


def test_make_demo_listens_on_the_port_given_or_says_that_it_is_taken(tmp_path: Path) -> None:
    """Through make itself, as a person types it; the installation before it is left out."""
    binaries = Path(sys.executable).parent
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [  # noqa: S607
                *("make", "demo", "--old-file=.venv/run", f"BIN={binaries}"),
                *(f"PORT={port}", f"DATA_DIR={tmp_path / 'given'}"),
            ],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert done.returncode != 0
    assert f"Cannot listen on port {port}" in " ".join(done.stdout.split())
    assert not (tmp_path / "given").exists()


def test_second_demo_in_a_folder_is_refused(folder: Folder) -> None:
    with folder.lock(), pytest.raises(NotReady, match=f"Another demo is running on {folder.data}"):
        folder.lock()
    folder.lock().close()


def test_folder_of_somebody_else_is_not_emptied(folder: Folder) -> None:
    folder.data.mkdir()
    (folder.data / "thesis.odt").touch()
    with pytest.raises(NotReady, match="not the folder of a demo"):
        folder.clear()
    assert (folder.data / "thesis.odt").exists()


def test_folder_of_an_earlier_demo_is_emptied(folder: Folder) -> None:
    folder.clear()
    folder.log.touch()
    (folder.data / "console.sqlite3").touch()
    folder.clear()
    assert list(folder.data.iterdir()) == []


def test_ready_is_a_whole_line_of_its_own(folder: Folder) -> None:
    folder.clear()
    folder.log.write_text('{"event": "ready soon"}\nready http://127.0', encoding="utf-8")
    assert folder.ready_line() == ""
    folder.log.write_text('{"event": "ready soon"}\nready http://127.0.0.1:8000\nmore\n', encoding="utf-8")
    assert folder.ready_line().split() == ["ready", "http://127.0.0.1:8000"]


def test_settings_made_for_real_do_not_reach_the_demo(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = set(re.findall(r"^#([A-Z_]+)=", (ROOT / ".env.example").read_text(), flags=re.MULTILINE))
    assert {"DATABASE_URL", "DATA_DIR", "PORT"} <= known
    for name in known:
        monkeypatch.setenv(name, "made for real")
    settings = folder.environment(8001)
    assert {name for name in known if settings[name] == "made for real"} == KEPT
    assert settings["DATABASE_URL"] == f"sqlite:///{folder.data}/console.sqlite3"
    assert (settings["PORT"], settings["DATA_DIR"]) == ("8001", str(folder.data))
