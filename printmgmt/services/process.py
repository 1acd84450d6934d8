"""Starts child processes in groups of their own and ends them with all their children."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, TypedDict

PR_SET_PDEATHSIG = 1  # prctl(2)
# Loaded before any fork: a child that runs as another user may be unable to read our standard library.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class RunAs(TypedDict, total=False):
    """The keyword arguments of ``subprocess.Popen`` that change the user of a child."""

    user: int
    group: int
    extra_groups: Sequence[int]


def die_with_parent(death_signal: int = signal.SIGTERM) -> Callable[[], None]:
    """Return a ``preexec_fn``: the kernel sends the child ``death_signal`` when we die (Linux only).

    The kernel ties this to the *thread* that forks, not to the process (prctl(2)): start children from a
    thread that lives as long as they should, which is the main thread everywhere here.
    """
    parent = os.getpid()

    def set_death_signal() -> None:
        if _libc is None:
            return
        _libc.prctl(PR_SET_PDEATHSIG, death_signal)
        if os.getppid() != parent:  # the parent died between fork and prctl, so no signal will come
            os._exit(1)

    return set_death_signal


def start(
    command: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | str | None = None,
    output: IO[bytes] | int | None = None,
    pass_fds: Sequence[int] = (),
    death_signal: int = signal.SIGTERM,
    run_as: RunAs | None = None,
) -> "subprocess.Popen[bytes]":
    """Start ``command`` in its own session: its process group contains only itself and its children.

    ``output`` takes stdout and stderr (default: ours); ``run_as`` is ``Popen``'s ``user``, ``group`` and
    ``extra_groups``. A terminal's Ctrl-C does not reach it: stop it with ``stop()``.
    """
    return subprocess.Popen(
        list(command),
        env=env,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        pass_fds=tuple(pass_fds),
        start_new_session=True,
        preexec_fn=die_with_parent(death_signal),
        **(run_as or {}),
    )


def stop(process: "subprocess.Popen[bytes]", *, grace: float, stop_signal: int = signal.SIGTERM) -> None:
    """Signal a process of ``start()``, wait up to ``grace`` seconds, then kill the rest of its group."""
    if process.poll() is None:
        process.send_signal(stop_signal)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(grace)
    kill_group(process.pid)
    process.wait()


def kill_group(group: int) -> None:
    """Send SIGKILL to every process of ``group``, if there are any."""
    with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS: EPERM when only zombies are left
        os.killpg(group, signal.SIGKILL)


def wait_until(ready: Callable[[], bool], *, timeout: float, interval: float = 0.03) -> bool:
    """Poll ``ready`` for up to ``timeout`` seconds; return whether it became true."""
    deadline = time.monotonic() + timeout
    while not ready():
        if time.monotonic() > deadline:
            return False
        time.sleep(interval)
    return True
