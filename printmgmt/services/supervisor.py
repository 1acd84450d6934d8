"""Keeps child processes running until it is stopped, and always ends all of them."""

import contextlib
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import structlog

from printmgmt.services import guard, process

STDERR = 2
STOP_WITHIN = 8.0  # seconds for a child to end after SIGTERM; docs/operations.md promises 10 in all
BACK_OFF = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0)  # seconds before the first, second… consecutive restart
STABLE_AFTER = 30.0  # seconds after which a child counts as stable and its back-off is reset

log = structlog.get_logger(__name__)


@dataclass(eq=False)
class Child:
    """A named command. ``stop_last`` is for servers that the other children need until they end."""

    name: str
    command: Sequence[str]
    pass_fds: Sequence[int] = ()
    stop_last: bool = False
    _process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)
    _started: float = field(default=0.0, init=False)
    _restarts: int = field(default=0, init=False)
    _due: float = field(default=0.0, init=False)


class Supervisor:
    """A context manager that starts children, restarts dead ones with back-off, and ends all.

    Use it in the main thread: it takes SIGTERM and SIGINT, and the kernel ties the children's life to the
    thread that started them. ``kept_open`` are descriptors that must stay open until the last child has
    ended, even when we are killed.
    """

    def __init__(self, env: Mapping[str, str], cwd: Path, kept_open: Sequence[int] = ()) -> None:
        self._env = dict(env)
        self._cwd = cwd
        self._kept_open = tuple(kept_open)
        self._children: list[Child] = []
        self._stopping = threading.Event()

    def __enter__(self) -> "Supervisor":
        self._handlers = {
            number: signal.signal(number, self._on_signal) for number in (signal.SIGTERM, signal.SIGINT)
        }
        self._guard = subprocess.Popen(
            [sys.executable, "-I", "-S", str(Path(guard.__file__))],
            stdin=subprocess.PIPE,
            pass_fds=self._kept_open,
            start_new_session=True,  # not affected if our process group is killed
            text=True,
        )
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.stop()
        if self._guard.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._guard.stdin.close()
        self._guard.wait()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)

    def start(self, child: Child) -> None:
        """Start ``child`` now and keep it alive from here on."""
        self._children.append(child)
        self._spawn(child)

    def wait(self, until: Callable[[], bool] = lambda: False, interval: float = 0.1) -> bool:
        """Supervise the children until stopped or until ``until()`` is true; return whether it was."""
        while not self._stopping.is_set():
            self._restart_the_dead()
            if until():
                return True
            self._stopping.wait(interval)
        return False

    def stop(self) -> None:
        """End all children within ``STOP_WITHIN`` seconds, those with ``stop_last`` after the others."""
        self._stopping.set()
        deadline = time.monotonic() + STOP_WITHIN
        for last in (False, True):
            ending = [
                (child.name, child._process)
                for child in self._children
                if child._process and child.stop_last is last
            ]
            for _name, running in ending:
                running.terminate()
            for name, running in ending:
                try:
                    running.wait(max(0.5, deadline - time.monotonic()))
                except subprocess.TimeoutExpired:
                    log.warning("child did not end, killing it", child=name)
                process.kill_group(running.pid)
                running.wait()
                self._notify_guard(f"-{running.pid}")
        self._children.clear()

    def _spawn(self, child: Child) -> None:
        """Start ``child``. Raises ``OSError`` if the system cannot start another process."""
        child._process = process.start(
            child.command,
            env=self._env,
            cwd=self._cwd,
            pass_fds=child.pass_fds,
            output=STDERR,  # our stdout is for lines that scripts wait for
        )
        child._started = time.monotonic()
        self._notify_guard(f"+{child._process.pid}")
        log.debug("child started", child=child.name, pid=child._process.pid)

    def _restart_the_dead(self) -> None:
        for child in self._children:
            if child._process is None:
                if time.monotonic() >= child._due:
                    try:
                        self._spawn(child)
                    except OSError as error:
                        self._back_off(child, str(error))
            elif (status := child._process.poll()) is not None:
                # Kill the children of the dead process, so that they cannot disturb the new one.
                process.kill_group(child._process.pid)
                self._notify_guard(f"-{child._process.pid}")
                child._process = None
                if time.monotonic() - child._started > STABLE_AFTER:
                    child._restarts = 0
                self._back_off(child, status)

    def _back_off(self, child: Child, status: int | str) -> None:
        pause = BACK_OFF[min(child._restarts, len(BACK_OFF) - 1)]
        child._restarts += 1
        child._due = time.monotonic() + pause
        log.warning("child ended, restarting", child=child.name, status=status, seconds=pause)

    def _notify_guard(self, line: str) -> None:
        if self._guard.stdin is not None:
            with contextlib.suppress(
                BrokenPipeError
            ):  # the guard was killed; the children's death signal remains
                self._guard.stdin.write(line + "\n")
                self._guard.stdin.flush()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping.set()
