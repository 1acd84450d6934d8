"""Children that do not outlive us."""

import subprocess
import sys
import textwrap
import time
from pathlib import Path

from printmgmt.services import process
from tests.processes import is_running, kill, wait_for_exit

PYTHON = [sys.executable, "-I", "-S", "-c"]


def test_stop_kills_a_child_that_ignores_being_asked() -> None:
    deaf = process.start(
        [
            *PYTHON,
            "import signal, time; signal.signal(15, signal.SIG_IGN); print('x', flush=True); time.sleep(60)",
        ],
        output=subprocess.PIPE,
    )
    assert deaf.stdout is not None
    deaf.stdout.read(1)  # it has set its handler
    begun = time.monotonic()

    process.stop(deaf, grace=0.3)

    assert deaf.returncode == -9
    assert time.monotonic() - begun < 30  # not the minute that the child would take
    deaf.stdout.close()


def test_stop_takes_the_grandchildren_along(tmp_path: Path) -> None:
    pids = tmp_path / "pid"
    child = process.start(["sh", "-c", f"sleep 60 & echo $! > {pids}; wait"])
    assert process.wait_until(lambda: pids.exists() and pids.read_text() != "", timeout=60)
    grandchild = int(pids.read_text())

    process.stop(child, grace=1)

    assert wait_for_exit([grandchild], within=2)


def test_child_of_a_killed_parent_is_signaled_to_end(tmp_path: Path) -> None:
    pids = tmp_path / "pid"
    parent = tmp_path / "parent.py"
    parent.write_text(
        textwrap.dedent(f"""
            import time
            from printmgmt.services import process
            child = process.start(["sleep", "60"])
            open({str(pids)!r}, "w").write(str(child.pid))
            time.sleep(60)
        """)
    )
    running = process.start([sys.executable, str(parent)], env={"PYTHONPATH": str(Path.cwd())})
    try:
        assert process.wait_until(lambda: pids.exists() and pids.read_text() != "", timeout=60)
        child = int(pids.read_text())
        assert is_running(child)

        kill(running.pid)
        running.wait()

        assert wait_for_exit([child], within=2)
    finally:
        process.stop(running, grace=0)
