"""Reads many servers at once: one that hangs delays no other, and no other work either.

A round mostly waits for its server. So the process that sweeps only starts threads and goes on; each thread
takes one server after another, as long as any is due, and dies with its process, where the lease says so.
"""

import threading
from typing import Final

import structlog
from django.db import close_old_connections, connection

from printmgmt.printing.models import ServerRound
from printmgmt.rounds import isolate_errors
from printmgmt.work.kinds import Work
from printmgmt.work.runner import next_due, perform_due

log = structlog.get_logger(__name__)

MOST: Final = 10
"""Servers that one process reads at once. Each thread may hold a database connection while it writes."""


class Threads:
    """The threads of this process that perform one kind of work; each server is in one of them at a time."""

    def __init__(self, work: Work[ServerRound], *, most: int = MOST) -> None:
        self._work = work
        self._most = most
        self._lock = threading.Lock()
        self._taken: set[str] = set()

    def start_due(self) -> None:
        """Have every server that is due read, as many at once as there may be. Does not wait for any."""
        for key in map(str, next_due(self._work)):
            if not self._start(key):
                return

    def start_one(self, key: str) -> None:
        """Have one server read now, if it is due and a thread is free; else the next sweep starts it."""
        self._start(key)

    def _start(self, key: str) -> bool:
        """Return whether there may be more threads after this one."""
        with self._lock:
            if len(self._taken) >= self._most:
                return False
            if key in self._taken:
                return True
            self._taken.add(key)
        threading.Thread(target=self._run, args=(key,), name=f"round {key}", daemon=True).start()
        return True

    def _run(self, key: str) -> None:
        try:
            with isolate_errors("a round", round=key):
                close_old_connections()
                perform_due(self._work, key)
        finally:
            with self._lock:
                self._taken.discard(key)
        with isolate_errors("starting the next rounds"):
            self.start_due()
        connection.close()
