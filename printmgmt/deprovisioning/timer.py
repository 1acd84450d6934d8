"""Every worker process sweeps and seals by itself: with beat or the broker dead, due rows are still found."""

import threading
from typing import Any

import structlog
from celery.signals import worker_process_init
from django.conf import settings
from django.db import close_old_connections

from printmgmt.audit.sealer import seal_due
from printmgmt.deprovisioning.runner import perform_due

log = structlog.get_logger(__name__)


def start_timer(**kwargs: Any) -> None:
    """Start the sweeping thread of this process; it dies with it."""
    threading.Thread(target=_sweep_for_ever, name="sweep", daemon=True).start()


def _sweep_for_ever() -> None:
    pause = threading.Event()
    while not pause.wait(settings.SWEEP_SECONDS):
        try:
            close_old_connections()
            perform_due()
            seal_due()
        except Exception:
            # Whatever went wrong (the database restarting, say) must not end the only sweeper left.
            log.exception("sweep failed")
        finally:
            close_old_connections()


worker_process_init.connect(start_timer, weak=False, dispatch_uid="deprovisioning.timer")
