"""The demonstration's print server: there with its queues, or one line says why not."""

import subprocess
from pathlib import Path

import pytest

from demo import cups_files
from demo.print_jobs import QUEUES
from demo.print_server import private_cups
from demo.screen import Screen


def test_it_has_the_queues_and_nothing_is_left_of_it() -> None:
    with private_cups(Screen()) as cups:
        assert cups is not None
        assert sorted(cups.queues()) == sorted(QUEUES)
        assert Path(f"/proc/{cups.pid}").exists()
    assert not cups.folder.exists()
    assert not cups.is_running


def test_where_it_cannot_be_installed_one_line_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A machine without CUPS, without apt-get and without root."""
    monkeypatch.setattr(cups_files, "PATH", "/nowhere")
    refused = subprocess.CompletedProcess([], 1, "", "A private CUPS is needed (Linux): apt-get install cups")
    monkeypatch.setattr(subprocess, "run", lambda *_args, **_options: refused)
    with private_cups(Screen()) as cups:
        assert cups is None
    (line,) = capsys.readouterr().out.split("\n")[1:-1]
    assert line == (
        "Nothing is printed here, everything else goes on. "
        "A private CUPS is needed (Linux): apt-get install cups"
    )
