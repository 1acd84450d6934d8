"""Every worker process sweeps and seals by itself: with beat or the broker dead, due rows are still found."""

import threading
from collections.abc import Callable
from typing import Any

import structlog
from celery.signals import worker_process_init
from django.conf import settings
from django.db import close_old_connections

from printmgmt.audit.sealer import seal_due
from printmgmt.deprovisioning.runner import perform_due
from printmgmt.rounds import on_its_own

log = structlog.get_logger(__name__)


_sweeps: list[Callable[[], object]] = [perform_due, seal_due]


def sweep_also(sweep: Callable[[], object]) -> None:
    """Have every worker call this, too: what must not depend on beat or the broker. Called at start."""
    _sweeps.append(sweep)


def start_timer(**kwargs: Any) -> None:
    """Start the sweeping thread of this process; it dies with it."""
    threading.Thread(target=_sweep_for_ever, name="sweep", daemon=True).start()


def _sweep_for_ever() -> None:
    pause = threading.Event()
    while not pause.wait(settings.SWEEP_SECONDS):
        # Whatever goes wrong (the database restarting, say) must not end the only sweeper left.
        with on_its_own("the sweeps"):
            sweep_once()


def sweep_once() -> None:
    """Call every sweep in turn, whatever became of those before it."""
    for sweep in _sweeps:
        close_old_connections()
        with on_its_own("a sweep", sweep=f"{sweep.__module__}.{sweep.__qualname__}"):
            sweep()
    log.debug("swept")
    close_old_connections()


worker_process_init.connect(start_timer, weak=False, dispatch_uid="deprovisioning.timer")
