"""What can be done to the runs selected on the list of leavers."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from printmgmt.bulk.models import BulkOperation
from printmgmt.console.bulk.actions import BulkAction, Explained, Named, register_action
from printmgmt.deprovisioning.breaker.operations import Approval, RestoreAll
from printmgmt.deprovisioning.in_bulk import APPROVE_RUNS, RESTORE_RUNS, RETRY_RUNS, SKIP_RUNS
from printmgmt.deprovisioning.models import DeprovisionRun, DeprovisionStep, StepState
from printmgmt.deprovisioning.steps import STEPS
from printmgmt.organizations.models import Administrator, Organization
from printmgmt.organizations.permissions import REMOVE_PEOPLE, SUSPEND_PEOPLE

IRREVERSIBLE: Final = [step.name for step in STEPS if step.irreversible]


def _steps(operation: BulkOperation, **conditions: object) -> int:
    ids = [UUID(pk) for pk in operation.items.values_list("object_id", flat=True)]
    steps = DeprovisionStep.objects.filter(organization=operation.organization, run__in=ids)
    return steps.filter(**conditions).count()


def _retrying(operation: BulkOperation, by: Administrator) -> Explained:
    number = _steps(operation, state=StepState.ATTENTION)
    return Explained(
        [
            ngettext("%(count)d step is retried.", "%(count)d steps are retried.", number)
            % {"count": number},
            _("Completed steps are not repeated."),
        ]
    )


def _skipping(operation: BulkOperation, by: Administrator) -> Explained:
    number = _steps(operation, state=StepState.ATTENTION)
    return Explained(
        [
            ngettext(
                "%(count)d step that needs attention is skipped.",
                "%(count)d steps that need attention are skipped.",
                number,
            )
            % {"count": number},
            _("Skipped steps are not performed. You can retry them while the leaving is open."),
        ]
    )


def _approving(operation: BulkOperation, by: Administrator) -> Explained:
    number = _steps(operation, state=StepState.PENDING, name__in=IRREVERSIBLE, due_at__gt=timezone.now())
    return Explained(
        [
            ngettext(
                "%(count)d step that cannot be undone is performed now.",
                "%(count)d steps that cannot be undone are performed now.",
                number,
            )
            % {"count": number},
            _("What is erased or canceled does not come back, also if the person is restored."),
        ]
    )


def _restoring(operation: BulkOperation, by: Administrator) -> Explained:
    return Explained(
        [
            _("People who left are restored, if nothing happened to them since."),
            _("Cards and PINs turned off when they left work again. Devices must be enrolled again."),
        ]
    )


def named_runs(organization: Organization, ids: Sequence[str]) -> Named:
    """Who left in these runs, and the runs' pages."""
    runs = DeprovisionRun.objects.filter(organization=organization, pk__in=ids).select_related("person")
    return {
        str(run.pk): (run.person, reverse("console:run", args=[organization.slug, run.pk])) for run in runs
    }


def _deciding(operation: BulkOperation, by: Administrator) -> Explained:
    """Operations of a batch start at once: nobody sees them before."""
    return Explained(())


for _kind, _label, _icon in (
    (Approval.name, gettext_lazy("Approve leavers"), "check"),
    (RestoreAll.name, gettext_lazy("Restore everyone"), "arrow-back-up"),
):
    register_action(
        BulkAction(_kind, _label, _icon, _label, REMOVE_PEOPLE, _deciding, named_runs, "console:leavers")
    )

RUN_ACTIONS: Final = (
    register_action(
        BulkAction(
            RETRY_RUNS,
            gettext_lazy("Retry"),
            "refresh",
            gettext_lazy("Retry steps"),
            SUSPEND_PEOPLE,
            _retrying,
            named_runs,
            "console:leavers",
        )
    ),
    register_action(
        BulkAction(
            SKIP_RUNS,
            gettext_lazy("Skip"),
            "player-pause",
            gettext_lazy("Skip steps"),
            SUSPEND_PEOPLE,
            _skipping,
            named_runs,
            "console:leavers",
            needs_reason=True,
        )
    ),
    register_action(
        BulkAction(
            APPROVE_RUNS,
            gettext_lazy("Approve"),
            "list-check",
            gettext_lazy("Approve irreversible steps"),
            REMOVE_PEOPLE,
            _approving,
            named_runs,
            "console:leavers",
            needs_reason=True,
            dangerous=True,
        )
    ),
    register_action(
        BulkAction(
            RESTORE_RUNS,
            gettext_lazy("Restore"),
            "arrow-back-up",
            gettext_lazy("Restore leavers"),
            SUSPEND_PEOPLE,
            _restoring,
            named_runs,
            "console:leavers",
        )
    ),
)
