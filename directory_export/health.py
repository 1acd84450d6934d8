"""The health of the export, read from its own rows, without calls to other services."""

from datetime import timedelta
from enum import StrEnum

from django.utils import timezone
from django.utils.translation import gettext as _

from addons.base import Health
from addons.models import Installation
from directory_export.exceptions import NothingToExportTo
from directory_export.models import ExportPlan, ExportRun, Kind, RunState
from directory_export.preferences import Destination, preferences_of
from directory_export.services import refuse_unless_ready
from printmgmt.organizations.moments import write_moment

OVERDUE = timedelta(minutes=30)


class Condition(StrEnum):
    """What is wrong with an export. The values are stored by the watch: never rename them."""

    FAILED = "failed"
    OVERDUE = "overdue"


def check(installation: Installation) -> Health:
    """Off, failing, late or fine; and when it last succeeded. Until a new one ends, the one before counts."""
    try:
        refuse_unless_ready(installation)
    except NothingToExportTo as refusal:
        off = preferences_of(installation).destination == Destination.OFF
        return Health.waiting(str(refusal)) if off else Health.warning(str(refusal))
    last = [run for kind in Kind if (run := _last(installation, kind))]
    for run in last:
        if run.state == RunState.FAILED:
            return Health.error(
                _filled(run, _("The last export of %(kind)s failed: %(error)s")),
                condition=Condition.FAILED,
                headline=_("directory export failed"),
            )
        if run.state == RunState.WAITING and run.error:
            return Health.warning(
                _filled(run, _("%(kind)s not delivered yet. It will be retried: %(error)s"))
            )
    # An export that was due while paused counts as late only from the resume on.
    was_late = timezone.now() - OVERDUE
    plan = ExportPlan.objects.filter(installation=installation).first()
    late = ExportRun.objects.filter(installation=installation, state=RunState.WAITING, due_at__lt=was_late)
    in_time = installation.resumed_at is not None and installation.resumed_at >= was_late
    is_late = late.exists() or (plan and plan.next_due_at and plan.next_due_at < was_late)
    if is_late and not in_time:
        return Health.error(
            _("An export is overdue: the console's worker or scheduler is not running."),
            condition=Condition.OVERDUE,
            headline=_("directory export is overdue"),
        )
    delivered = [run.ended_at for run in last if run.state == RunState.DELIVERED and run.ended_at]
    if delivered:
        return Health.ok(_("Last delivered %(when)s.") % {"when": write_moment(min(delivered))})
    return Health.waiting(_("Nothing has been exported yet."))


def _last(installation: Installation, kind: Kind) -> ExportRun | None:
    """The newest of which something is known: not one that was only just requested."""
    runs = ExportRun.objects.filter(installation=installation, kind=kind).exclude(state=RunState.CANCELLED)
    return runs.exclude(state=RunState.WAITING, error="").order_by("-created_at", "-id").first()


def _filled(run: ExportRun, sentence: str) -> str:
    return sentence % {"kind": run.get_kind_display(), "error": _(run.error)}
