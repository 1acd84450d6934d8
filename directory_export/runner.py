"""Performs runs: claim one, write its file, deliver it, record what became of it."""

import os
import random
import secrets
import socket
import time
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from addons.models import InstallationState
from directory_export import delivery
from directory_export.delivery import Delivered
from directory_export.destinations import folder
from directory_export.destinations.exceptions import DeliveryError
from directory_export.models import ExportRun, RunState
from directory_export.preferences import Destination, preferences_of
from printmgmt.audit.actors import system
from printmgmt.audit.services import record
from printmgmt.rounds import on_its_own

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=5)
"""Longer than Celery's time limit: whoever holds it later is dead."""

MAX_ATTEMPTS = 9
BACKOFF_START = 30.0
BACKOFF_LIMIT = 3600.0
"""Seconds; with nine attempts the last one comes about three hours after the first."""

ENOUGH = 60.0
"""Seconds after which a call takes no further run: well before Celery's time limit."""

EXPORTER = system("Directory export")


def perform_due(*, run_id: UUID | None = None) -> int:
    """Perform due runs, of one id or all, until none is left or a minute is over; return how many.

    An organization has at most two open runs (people, groups), so none can crowd the others out; first
    attempts go before repeated ones, so a receiver that is slow to fail delays nobody's first try.
    """
    # Made anew each time: a lease must never look like that of an earlier process with the same id.
    owner = f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(8)}"
    home_time = time.monotonic() + ENOUGH
    performed = 0
    for candidate in (
        _due(run_id).order_by("attempts", "due_at", "created_at").values_list("id", flat=True)[:500]
    ):
        if time.monotonic() > home_time:
            break
        with on_its_own("an export", export=str(candidate)):
            if _claim(candidate, owner):
                performed += 1
                _perform(candidate, owner)
    return performed


def _due(run_id: UUID | None) -> QuerySet[ExportRun]:
    now = timezone.now()
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    due = ExportRun.objects.filter(free, state=RunState.WAITING, due_at__lte=now)
    due = due.filter(installation__state=InstallationState.ACTIVE)
    return due if run_id is None else due.filter(pk=run_id)


def _claim(run_id: UUID, owner: str) -> bool:
    # No joins here: PostgreSQL checks a plain WHERE again after waiting for the row.
    now = timezone.now()
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    row = ExportRun.objects.filter(free, pk=run_id, state=RunState.WAITING, due_at__lte=now)
    return bool(row.update(lease_until=now + LEASE, lease_owner=owner, attempts=F("attempts") + 1))


def _perform(run_id: UUID, owner: str) -> None:
    run = ExportRun.objects.select_related("installation__organization").get(pk=run_id)
    with structlog.contextvars.bound_contextvars(request_id=run.request_id, export=str(run.pk)):
        if run.attempts > MAX_ATTEMPTS:
            _fail(run, owner, run.error or _("The worker died each time."))
            return
        began = time.monotonic()
        try:
            delivered = delivery.deliver(run)
        except DeliveryError as error:
            _not_delivered(run, owner, str(error), permanent=error.permanent)
        except OSError as error:
            _not_delivered(run, owner, _("The disk says: %s.") % (error.strerror or type(error).__name__))
        except Exception as error:
            log.exception("export crashed", attempts=run.attempts)
            _not_delivered(run, owner, _("Unexpected: %s.") % type(error).__name__)
        else:
            _succeed(run, owner, delivered, round((time.monotonic() - began) * 1000))


def _succeed(run: ExportRun, owner: str, delivered: Delivered, milliseconds: int) -> None:
    with transaction.atomic():
        recorded = _record(
            run,
            owner,
            state=RunState.DELIVERED,
            ended_at=timezone.now(),
            error="",
            milliseconds=milliseconds,
            **delivered.columns(),
        )
        if not recorded:
            return
        record(
            run.organization,
            "export.delivered",
            by=EXPORTER,
            object_type="export",
            object_id=run.pk,
            kind=run.kind,
            to=delivered.location,
            rows=delivered.rows,
            sha256=delivered.sha256,
        )
    if delivered.destination == Destination.FOLDER:
        _remove_old(run)


def _not_delivered(run: ExportRun, owner: str, error: str, *, permanent: bool = False) -> None:
    if permanent or run.attempts >= MAX_ATTEMPTS:
        _fail(run, owner, error)
        return
    ceiling = min(BACKOFF_LIMIT, BACKOFF_START * 2 ** (run.attempts - 1))
    # Jitter: a receiver that comes back is not met by everybody at once.
    wait = random.uniform(ceiling / 2, ceiling)  # noqa: S311 -- spreading load, not a secret
    _record(run, owner, error=error, due_at=timezone.now() + timedelta(seconds=wait))


def _fail(run: ExportRun, owner: str, error: str) -> None:
    with transaction.atomic():
        if _record(run, owner, state=RunState.FAILED, error=error, ended_at=timezone.now()):
            record(
                run.organization,
                "export.failed",
                by=EXPORTER,
                object_type="export",
                object_id=run.pk,
                kind=run.kind,
                error=error,
            )


def _record(run: ExportRun, owner: str, **outcome: Any) -> bool:
    """Whether the run was still ours: not cancelled meanwhile, and the lease not taken over."""
    held = ExportRun.objects.filter(pk=run.pk, lease_owner=owner, state=RunState.WAITING)
    return bool(held.update(lease_until=None, lease_owner="", **outcome))


def _remove_old(run: ExportRun) -> None:
    """Keep the newest files. Only what we wrote ourselves and have a row of is ever removed."""
    keep = preferences_of(run.installation).keep
    ours = ExportRun.objects.filter(
        installation=run.installation,
        kind=run.kind,
        state=RunState.DELIVERED,
        destination=Destination.FOLDER,
        removed_at__isnull=True,
    )
    for old in ours.order_by("-created_at", "-id")[keep:]:
        try:
            folder.remove_file(run.organization, old.location)
        except OSError as error:
            log.warning("an old export stays for now", file=old.location, error=error.strerror)
        else:
            ExportRun.objects.filter(pk=old.pk).update(removed_at=timezone.now())
