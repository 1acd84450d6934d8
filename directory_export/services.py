"""Orders exports and saves the secret, each with its audit event in one transaction."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from addons.models import Installation, InstallationState
from addons.services import lock_installed
from directory_export.exceptions import NothingToExportTo
from directory_export.models import BOX, EXPORT_WORK, Cause, ExportPlan, ExportRun, Kind, RunState
from directory_export.preferences import Destination, next_export, preferences_of
from printmgmt.audit.actors import Actor, system
from printmgmt.audit.services import record
from printmgmt.organizations.models import Organization
from printmgmt.rounds import isolate_errors
from printmgmt.work.nudges import nudge_after_commit

CLOCK = system("Directory export")


@transaction.atomic
def plan(installation: Installation) -> ExportPlan:
    """Update the time of the next nightly export; delete a secret that was entered for another host."""
    row, _made = ExportPlan.objects.select_for_update(no_key=True).get_or_create(installation=installation)
    row.next_due_at = next_export(installation, timezone.now())
    if row.secret_origin != preferences_of(installation).origin:
        row.sealed_secret = row.secret_origin = ""
    row.save()
    return row


def plan_again(organization: Organization) -> None:
    """Update the time of an organization's next export after a change of its time zone."""
    present = organization.installations.present().filter(export_plan__isnull=False)
    for installation in present.select_related("organization"):
        plan(installation)


@transaction.atomic
def set_secret(installation: Installation, secret: str, *, by: Actor) -> None:
    """Save the secret, encrypted, for the host of the present address. Raises Uninstalled."""
    installation = lock_installed(installation)
    row, _made = ExportPlan.objects.select_for_update(no_key=True).get_or_create(installation=installation)
    row.sealed_secret = BOX.seal(secret)
    row.secret_origin = preferences_of(installation).origin
    row.save(update_fields=["sealed_secret", "secret_origin"])
    _record(installation, "export.secret_set", by, origin=row.secret_origin)


@transaction.atomic
def export_now(installation: Installation, *, by: Actor) -> list[ExportRun]:
    """Order both files now and return their runs. A run that waits for a retry becomes due at once.

    Raises NothingToExportTo, and Uninstalled.
    """
    installation = lock_installed(installation)
    refuse_unless_ready(installation)
    runs = _order(installation, Cause.BY_HAND, by, timezone.now())
    _record(installation, "export.requested", by)
    return runs


def refuse_unless_ready(installation: Installation) -> None:
    """Raise NothingToExportTo if the installation cannot deliver anything now."""
    preferences = preferences_of(installation)
    if installation.state != InstallationState.ACTIVE:
        raise NothingToExportTo(_("Paused. Nothing is exported until you resume it."))
    if preferences.destination == Destination.OFF:
        raise NothingToExportTo(_("Not set up. Choose a destination in Settings."))
    if preferences.destination == Destination.HTTPS and not has_secret(installation):
        raise NothingToExportTo(_("No secret yet. Nothing is sent without one."))


def has_secret(installation: Installation) -> bool:
    """Whether a secret is saved for the host of the address."""
    kept = ExportPlan.objects.filter(installation=installation).exclude(sealed_secret="")
    return kept.filter(secret_origin=preferences_of(installation).origin).exists()


def order_nightly() -> int:
    """Order the nightly exports that are due in all organizations; return how many installations.

    Missed nights (no worker, or paused) are exported once.
    """
    due = ExportPlan.objects.filter(
        next_due_at__lte=timezone.now(), installation__state=InstallationState.ACTIVE
    )
    ordered = 0
    for pk in due.order_by("next_due_at").values_list("pk", flat=True)[:500]:
        with isolate_errors("ordering the nightly export", installation=str(pk)):
            ordered += _order_night(pk)
    return ordered


@transaction.atomic
def _order_night(installation_id: UUID) -> bool:
    now = timezone.now()
    rows = ExportPlan.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
    row = rows.filter(pk=installation_id, next_due_at__lte=now).first()
    if row is None:  # another sweep has ordered it already
        return False
    installation = Installation.objects.select_related("organization").get(pk=installation_id)
    row.next_due_at = next_export(installation, now)
    row.save(update_fields=["next_due_at"])
    try:
        refuse_unless_ready(installation)
    except NothingToExportTo:
        return False
    _order(installation, Cause.NIGHTLY, CLOCK, now)
    return True


@transaction.atomic
def close(installation: Installation) -> None:
    """End open runs and delete the secret. History and files stay."""
    installation = lock_installed(installation)
    open_runs = ExportRun.objects.filter(installation=installation, state=RunState.WAITING)
    open_runs.update(state=RunState.CANCELLED, ended_at=timezone.now(), lease_owner="", lease_until=None)
    ExportPlan.objects.filter(installation=installation).delete()


def note_download(run: ExportRun, *, by: Actor) -> None:
    """Record who downloaded a file, since it has everyone's data."""
    _record(run.installation, "export.downloaded", by, file=run.location, sha256=run.sha256)


def _order(installation: Installation, cause: Cause, by: Actor, now: datetime) -> list[ExportRun]:
    runs = []
    for kind in Kind:
        run, made = ExportRun.objects.get_or_create(
            installation=installation,
            kind=kind,
            state=RunState.WAITING,
            defaults={
                "organization": installation.organization,
                "cause": cause,
                "requested_by": "" if cause == Cause.NIGHTLY else by.label,
                "request_id": by.request_id,
                "due_at": now,
            },
        )
        if not made and run.due_at > now:
            ExportRun.objects.filter(pk=run.pk).update(due_at=now)
        runs.append(run)
        nudge_after_commit(EXPORT_WORK, run.pk)
    return runs


def _record(installation: Installation, verb: str, by: Actor, **details: Any) -> None:
    record(
        installation.organization,
        verb,
        by=by,
        object_type="installation",
        object_id=installation.pk,
        **details,
    )
