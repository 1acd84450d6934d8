"""What is done to one run of a batch when it is approved or everyone is restored, as bulk operations."""

from collections.abc import Mapping, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from printmgmt.bulk.kinds import Failed, Kind, Skipped
from printmgmt.bulk.models import BulkItem, BulkOperation
from printmgmt.deprovisioning.breaker.batches import update_runs
from printmgmt.deprovisioning.exceptions import GraceOver, MergedAway
from printmgmt.deprovisioning.models import STEP_WORK, DeprovisionRun, StepState
from printmgmt.deprovisioning.services import reattach, restore
from printmgmt.people.exceptions import UserNameTaken
from printmgmt.people.models import PrintUser
from printmgmt.people.services import lock_person
from printmgmt.work.nudges import nudge_after_commit


class BatchKind(Kind):
    """An operation about runs of a batch; its items are the ids of runs."""

    def load(self, operation: BulkOperation, ids: Sequence[str]) -> Mapping[str, DeprovisionRun]:
        runs = DeprovisionRun.objects.filter(organization=operation.organization_id, pk__in=ids)
        return {str(run.pk): run for run in runs.select_related("person__organization", "batch")}


class Approval(BatchKind):
    """Lets the steps of a run that wait go on, on their dates."""

    name = "breaker-approval"

    def act(self, operation: BulkOperation, item: BulkItem, row: DeprovisionRun) -> None:
        runs = DeprovisionRun.objects.filter(pk=row.pk)
        runs.select_for_update(no_key=True).get()  # the run before its steps (ADR 21)
        waiting = row.steps.filter(state=StepState.WAITING)
        released = waiting.update(state=StepState.PENDING, attempts=0, crashes=0, first_tried_at=None)
        if not released:
            raise Skipped(_("Nothing waits any more."))
        update_runs(runs)
        run = runs.get()
        if run.next_due_at is not None and run.next_due_at <= timezone.now():
            nudge_after_commit(STEP_WORK, row.pk)


class RestoreAll(BatchKind):
    """Gives a person of a batch back what this leaving took."""

    name = "breaker-restoring"

    def act(self, operation: BulkOperation, item: BulkItem, row: DeprovisionRun) -> None:
        person = row.person
        lock_person(person)
        _check(person, row)
        try:
            if _could_print(row):
                restore(person, by=operation.actor)
            else:  # suspended before: the removal is taken back, and nothing else
                reattach(person, by=operation.actor, active=False)
        except UserNameTaken as error:
            raise Failed(_("Someone else has the user name now.")) from error
        except GraceOver as error:
            raise Failed(_("The restore period is over.")) from error
        except MergedAway as error:
            raise Failed(_("Merged with another entry.")) from error


def _check(person: PrintUser, run: DeprovisionRun) -> None:
    """Raise unless the person is gone by this run and nobody meant it since."""
    if not person.is_gone:
        raise Skipped(_("Back already."))
    if person.epoch != run.epoch:
        raise Failed(_("Left again since."))
    if person.blocked_at and person.blocked_at > run.cut_at:
        raise Failed(_("Blocked since. Unblock this person if they may print again."))


def _could_print(run: DeprovisionRun) -> bool:
    """Whether the person could print before the batch: its run, or one that it superseded, ended access."""
    if run.batch is None:
        raise AssertionError("a run of a batch has one")
    earlier: DeprovisionRun | None = run
    while earlier is not None and earlier.cut_at >= run.batch.since:
        if earlier.had_access:
            return True
        earlier = earlier.previous
    return False
