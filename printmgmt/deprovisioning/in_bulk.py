"""What is done to many people, or many runs, in one bulk operation: the kinds, each around one service."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from printmgmt.bulk.kinds import Failed, Kind, Skipped
from printmgmt.bulk.models import BulkItem, BulkOperation
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.deciding import approve_run, skip_steps
from printmgmt.deprovisioning.exceptions import (
    AlreadyRemoved,
    GraceOver,
    LeavingError,
    MergedAway,
    StepRefused,
)
from printmgmt.deprovisioning.models import DeprovisionRun
from printmgmt.deprovisioning.retrying import retry_steps
from printmgmt.people.exceptions import PeopleError
from printmgmt.people.models import CONSOLE, PrintUser
from printmgmt.people.services import lock_person

SUSPEND: Final = "people.suspend"
BLOCK: Final = "people.block"
UNBLOCK: Final = "people.unblock"
RESTORE: Final = "people.restore"
RETRY_RUNS: Final = "runs.retry"
SKIP_RUNS: Final = "runs.skip"
APPROVE_RUNS: Final = "runs.approve"
RESTORE_RUNS: Final = "runs.restore"


class PeopleKind(Kind):
    """A change to people. ``seen`` is a person's epoch: anyone who left or came back since is skipped."""

    def load(self, operation: BulkOperation, ids: Sequence[str]) -> Mapping[str, PrintUser]:
        people = PrintUser.objects.of(operation.organization).filter(pk__in=ids)
        return {str(person.pk): person for person in people.select_related("organization")}

    def act(self, operation: BulkOperation, item: BulkItem, row: PrintUser) -> None:
        lock_person(row)
        if item.seen and item.seen != str(row.epoch):
            raise Skipped(_("Access has changed since this person was selected."))
        try:
            self.change(row, operation)
        except (LeavingError, PeopleError) as error:
            raise Failed(_in_words(error)) from error

    def change(self, person: PrintUser, operation: BulkOperation) -> None:
        """Call the service; the person is locked. Raises its errors, and Skipped."""
        raise NotImplementedError("Subclasses must implement change()")


class SuspendPeople(PeopleKind):
    """A linked person is blocked instead: ``active`` is the directory's word, not ours (ADR 18)."""

    name = SUSPEND

    def change(self, person: PrintUser, operation: BulkOperation) -> None:
        if person.is_gone:
            raise Skipped(_("Has no access."))
        end = leaving.suspend if person.source == CONSOLE else leaving.block
        end(person, by=operation.actor)


class BlockPeople(PeopleKind):
    name = BLOCK

    def change(self, person: PrintUser, operation: BulkOperation) -> None:
        if person.blocked_at:
            raise Skipped(_("Already blocked."))
        leaving.block(person, by=operation.actor)


class UnblockPeople(PeopleKind):
    name = UNBLOCK

    def change(self, person: PrintUser, operation: BulkOperation) -> None:
        if not person.blocked_at:
            raise Skipped(_("Not blocked."))
        leaving.unblock(person, by=operation.actor)


class RestorePeople(PeopleKind):
    name = RESTORE

    def change(self, person: PrintUser, operation: BulkOperation) -> None:
        if not person.is_gone:
            raise Skipped(_("Has access already."))
        if person.blocked_at and not person.removed_at:
            raise Skipped(_("Blocked. Unblock them if they may print again."))
        leaving.restore(person, by=operation.actor)


class RunsKind(Kind):
    """A change to runs."""

    def load(self, operation: BulkOperation, ids: Sequence[str]) -> Mapping[str, DeprovisionRun]:
        runs = DeprovisionRun.objects.filter(organization=operation.organization, pk__in=ids)
        return {str(run.pk): run for run in runs.select_related("person", "organization", "batch")}

    def act(self, operation: BulkOperation, item: BulkItem, row: DeprovisionRun) -> None:
        try:
            changed = self.change(row, operation)
        except StepRefused as error:
            raise Failed(str(error)) from error
        if not changed:
            raise Skipped(_("Nothing to do."))

    def change(self, run: DeprovisionRun, operation: BulkOperation) -> Any:
        """Call the service; return whether anything was changed. Raises StepRefused."""
        raise NotImplementedError("Subclasses must implement change()")


class RetryRuns(RunsKind):
    name = RETRY_RUNS

    def change(self, run: DeprovisionRun, operation: BulkOperation) -> int:
        return retry_steps(run, by=operation.actor)


class SkipRuns(RunsKind):
    name = SKIP_RUNS

    def change(self, run: DeprovisionRun, operation: BulkOperation) -> int:
        return skip_steps(run, by=operation.actor, reason=operation.reason)


class ApproveRuns(RunsKind):
    name = APPROVE_RUNS

    def change(self, run: DeprovisionRun, operation: BulkOperation) -> int:
        return approve_run(run, by=operation.actor, reason=operation.reason)


class RestoreRuns(RunsKind):
    """Restores the people of runs whose leaving is still the last thing that happened to them."""

    name = RESTORE_RUNS

    def act(self, operation: BulkOperation, item: BulkItem, row: DeprovisionRun) -> None:
        item.seen = str(row.epoch)
        RestorePeople().act(operation, item, row.person)


KINDS: Final = (
    SuspendPeople(),
    BlockPeople(),
    UnblockPeople(),
    RestorePeople(),
    RetryRuns(),
    SkipRuns(),
    ApproveRuns(),
    RestoreRuns(),
)


def _in_words(error: LeavingError | PeopleError) -> str:
    """Why a person could not be changed. The error's own sentence would name them."""
    if isinstance(error, AlreadyRemoved):
        return _("Removed. Restore them first.")
    if isinstance(error, GraceOver):
        return _("The restore period is over.")
    if isinstance(error, MergedAway):
        return _("Merged with another person.")
    return _("Someone else has this user name, or no seat is free.")
