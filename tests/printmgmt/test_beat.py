"""Celery's clock, started by the command of docs/operations.md, writes below `DATA_DIR` alone."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from printmgmt.services import commands, process


def documented_command() -> list[str]:
    text = (settings.BASE_DIR / "docs" / "operations.md").read_text(encoding="utf-8")
    (command,) = re.findall(r"^\| beat \| `celery ([^`]+)`", text, flags=re.MULTILINE)
    return [sys.executable, "-m", "celery", *shlex.split(command)]


def files_of(command: list[str], folder: Path) -> list[str]:
    """What ``command`` leaves in ``folder`` (its working directory, with the data folder inside)."""
    data_dir = folder / "data"
    data_dir.mkdir()
    environment = {**os.environ, "DATA_DIR": str(data_dir), "PYTHONPATH": str(settings.BASE_DIR)}
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    try:
        assert process.wait_until(lambda: any(data_dir.glob("beat*")), timeout=60), (
            folder / "log"
        ).read_text()
    finally:
        running.terminate()
        running.wait(30)
    (folder / "log").unlink()
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_beat_as_documented_keeps_its_schedule_in_the_data_folder(tmp_path: Path) -> None:
    files = files_of(documented_command(), tmp_path)
    assert files
    assert [name for name in files if not name.startswith("data/beat")] == []


def test_beat_of_up_is_started_as_documented() -> None:
    assert [part for part in documented_command() if part not in commands.beat()] == []
