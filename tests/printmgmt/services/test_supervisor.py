"""The supervisor and its guard, with children that are only shell scripts."""

import json
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from printmgmt import gunicorn
from printmgmt.services import process
from printmgmt.services.lock import AlreadyRunning, lock_folder
from printmgmt.services.supervisor import STOP_WITHIN
from tests.processes import descendants, is_running, kill, wait_for_exit

# A child with a grandchild, and on demand one that will not listen. The lock is handed to the guard.
SCRIPT = """
    import json, os, sys
    from pathlib import Path
    from printmgmt.logs import configure
    from printmgmt.services.lock import lock_folder
    from printmgmt.services import supervisor
    from printmgmt.services.supervisor import Child, Supervisor
    supervisor.STOP_WITHIN = 1.0
    configure({"level": "INFO"})
    folder = Path(sys.argv[1])
    lock = lock_folder(folder, patience=0)
    with Supervisor(dict(os.environ), folder, [lock]) as supervisor:
        supervisor.start(Child("family", ["sh", "-c", "sleep 600 & echo $$ >> family; wait"]))
        if "deaf" in sys.argv:
            supervisor.start(Child("deaf", ["sh", "-c", "trap '' TERM; echo > deaf; exec sleep 600"]))
        print("up", flush=True)
        supervisor.wait()
    print("down", flush=True)
"""


@contextmanager
def supervising(tmp_path: Path, *arguments: str) -> "Iterator[subprocess.Popen[str]]":
    script = tmp_path / "script.py"
    script.write_text(textwrap.dedent(SCRIPT))
    with (tmp_path / "stderr").open("wb") as stderr:
        running = subprocess.Popen(
            [sys.executable, str(script), str(tmp_path), *arguments],
            env={**os.environ, "PYTHONPATH": str(Path.cwd())},
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
    with running:
        assert running.stdout is not None
        try:
            assert running.stdout.readline() == "up\n"
            expected = 3 + len(arguments)  # the guard, a shell, its sleep
            assert process.wait_until(
                lambda: len(descendants(running.pid)) == expected and len(family(tmp_path)) == 1, timeout=60
            )
            assert process.wait_until((tmp_path / "deaf").exists if arguments else lambda: True, timeout=60)
            yield running
        finally:
            left = descendants(running.pid)
            running.kill()
    assert wait_for_exit(left, within=60)


@pytest.fixture
def supervisor(tmp_path: Path) -> "Iterator[subprocess.Popen[str]]":
    with supervising(tmp_path) as running:
        yield running


@pytest.fixture
def supervisor_of_stubborn_child(tmp_path: Path) -> "Iterator[subprocess.Popen[str]]":
    with supervising(tmp_path, "deaf") as running:
        yield running


def family(folder: Path) -> list[int]:
    path = folder / "family"
    return [int(line) for line in path.read_text().split()] if path.exists() else []


def test_dead_child_comes_back_and_its_descendants_are_gone(
    supervisor: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    (first,) = family(tmp_path)
    grandchildren = descendants(first)

    kill(first)

    assert process.wait_until(lambda: len(family(tmp_path)) == 2, timeout=60)
    assert grandchildren
    assert wait_for_exit(grandchildren, within=60)


def test_sigterm_ends_everything_and_kills_what_does_not_end_in_time(
    supervisor_of_stubborn_child: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    everyone = descendants(supervisor_of_stubborn_child.pid)

    supervisor_of_stubborn_child.send_signal(signal.SIGTERM)
    supervisor_of_stubborn_child.wait(60)

    assert everyone
    assert supervisor_of_stubborn_child.returncode == 0
    assert not any(map(is_running, everyone))
    lines = [json.loads(line) for line in (tmp_path / "stderr").read_text().splitlines()]
    assert "deaf" in [line["child"] for line in lines if line["event"] == "child did not end, killing it"]


def test_the_patience_leaves_two_of_the_ten_seconds_that_operators_are_promised() -> None:
    assert STOP_WITHIN <= 8
    assert gunicorn.graceful_timeout < STOP_WITHIN


def test_killed_supervisor_leaves_nobody_behind(
    supervisor_of_stubborn_child: "subprocess.Popen[str]",
) -> None:
    everyone = descendants(supervisor_of_stubborn_child.pid)

    supervisor_of_stubborn_child.kill()
    supervisor_of_stubborn_child.wait()

    assert everyone
    assert wait_for_exit(everyone, within=60)


def test_folder_stays_locked_until_the_last_child_of_a_killed_supervisor_has_ended(
    supervisor: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    with pytest.raises(AlreadyRunning):
        lock_folder(tmp_path, patience=0)
    everyone = descendants(supervisor.pid)
    supervisor.kill()
    supervisor.wait()

    lock = lock_folder(tmp_path, patience=60)

    # The guard itself may need a moment more to leave, all others have.
    assert sum(map(is_running, everyone)) <= 1
    os.close(lock)


def test_child_that_dies_at_once_is_tried_ever_less_often(tmp_path: Path) -> None:
    script = textwrap.dedent("""
        import os, sys, time
        from pathlib import Path
        from printmgmt.logs import configure
        from printmgmt.services.supervisor import Child, Supervisor
        configure({"level": "INFO"})
        end = time.monotonic() + 2.5
        with Supervisor(dict(os.environ), Path.cwd()) as supervisor:
            supervisor.start(Child("broken", ["false"]))
            supervisor.start(Child("missing soon", ["true"]))
            supervisor.wait(until=lambda: time.monotonic() > end)
    """)

    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, text=True, cwd=Path.cwd(), timeout=20
    )

    lines = [json.loads(line) for line in done.stderr.splitlines()]
    pauses = [line["seconds"] for line in lines if line.get("child") == "broken"]
    assert pauses[:3] == [0.2, 0.5, 1.0]
    assert len(pauses) <= 4
