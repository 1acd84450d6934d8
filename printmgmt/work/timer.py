"""Every worker process sweeps by itself: with beat or the broker dead, due rows are still found."""

import threading
from typing import Any

import structlog
from celery.signals import worker_process_init
from django.conf import settings
from django.db import close_old_connections

from printmgmt.rounds import isolate_errors
from printmgmt.work.sweeps import sweep, sweep_names

log = structlog.get_logger(__name__)


def start_timer(**kwargs: Any) -> None:
    """Start the sweeping thread of this process; it dies with it."""
    threading.Thread(target=_sweep_for_ever, name="sweep", daemon=True).start()


def _sweep_for_ever() -> None:
    pause = threading.Event()
    while not pause.wait(settings.SWEEP_SECONDS):
        # Whatever goes wrong (the database restarting, say) must not end the only sweeper left.
        with isolate_errors("the sweeps"):
            sweep_all()


def sweep_all() -> None:
    """Do everything that is due, each whatever became of those before it."""
    for name in sweep_names():
        close_old_connections()
        with isolate_errors("a sweep", sweep=name):
            sweep(name)
    log.debug("swept")
    close_old_connections()


worker_process_init.connect(start_timer, weak=False, dispatch_uid="work.timer")
