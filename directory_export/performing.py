"""Performs exports: writes the file, delivers it, records the result."""

import time
from datetime import timedelta
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from addons.models import InstallationState
from directory_export import delivery
from directory_export.delivery import Delivered
from directory_export.models import EXPORT_WORK, ExportRun, RunState
from directory_export.preferences import Destination, preferences_of
from directory_export.pruning import remove_file
from printmgmt.audit.actors import system
from printmgmt.audit.services import record
from printmgmt.work.claims import Claim
from printmgmt.work.kinds import Work, WorkError
from printmgmt.work.patience import Patience

EXPORTER = system("Directory export")


class Exports(Work[ExportRun]):
    """The ordered files of all organizations, of which each has two at most (people, groups)."""

    name = EXPORT_WORK
    model = ExportRun
    open: ClassVar[Q] = Q(state=RunState.WAITING)
    order = ("due_at", "created_at")
    # Longer than Celery's time limit, so a worker whose lease has expired is dead.
    lease = timedelta(minutes=5)
    # The last attempt is about three hours after the first.
    patience = Patience(first_wait=30.0, attempts=9, crashes=9, time=None)

    def candidates(self, key: str | None) -> QuerySet[ExportRun]:
        return super().candidates(key).filter(installation__state=InstallationState.ACTIVE)

    def load(self, pk: Any) -> ExportRun:
        return ExportRun.objects.select_related("installation__organization").get(pk=pk)

    def context(self, row: ExportRun) -> dict[str, str]:
        return {"request_id": row.request_id, "export": str(row.pk)}

    def perform(self, claim: Claim[ExportRun]) -> None:
        began = time.monotonic()
        try:
            delivered = delivery.deliver(claim)
        except OSError as error:
            message = _("Disk error: %s.") % (error.strerror or type(error).__name__)
            raise WorkError(message, permanent=False) from error
        self._succeed(claim, delivered, round((time.monotonic() - began) * 1000))

    @transaction.atomic
    def give_up(self, claim: Claim[ExportRun], error: str) -> None:
        run = claim.row
        self.finish(claim, state=RunState.FAILED, error=error, ended_at=timezone.now())
        record(
            run.organization,
            "export.failed",
            by=EXPORTER,
            object_type="export",
            object_id=run.pk,
            kind=run.kind,
            error=error,
        )

    def _succeed(self, claim: Claim[ExportRun], delivered: Delivered, milliseconds: int) -> None:
        run = claim.row
        with transaction.atomic():
            self.finish(
                claim,
                state=RunState.DELIVERED,
                ended_at=timezone.now(),
                milliseconds=milliseconds,
                **delivered.columns(),
            )
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


def _remove_old(run: ExportRun) -> None:
    """Keep the newest files. Removes only files that we wrote and have a row for."""
    keep = preferences_of(run.installation).keep
    ours = ExportRun.objects.in_folder().filter(installation=run.installation, kind=run.kind)
    for old in ours.select_related("organization").order_by("-created_at", "-id")[keep:]:
        remove_file(old)
