"""What the author of a kind of work writes, and what becomes of an attempt."""

from datetime import timedelta
from typing import Any, ClassVar, Generic

from django.db.models import Q, QuerySet
from django.utils import timezone

from printmgmt.work.claims import Claim, Row
from printmgmt.work.patience import Patience


class WorkError(Exception):
    """It could not be done. ``permanent`` needs a person; otherwise it is "not now" and tried again.

    ``goes_on``: a part was done, and the next attempt goes on there, soon, however many there were.
    """

    def __init__(self, message: str, *, permanent: bool, goes_on: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.goes_on = goes_on


class Work(Generic[Row]):
    """One kind of work: which rows are open, how one is performed, how long it is tried."""

    name: ClassVar[str]
    """In nudges and logs, such as ``deprovisioning.steps``."""
    model: type[Row]
    open: ClassVar[Q]
    """Which rows are still to be performed, by columns of the row itself."""
    turns_by: ClassVar[str] = "organization"
    """Whose rows take turns, so that many of one delay no other's."""
    order: ClassVar[tuple[str, ...]] = ("due_at", "id")
    """Which of an organization's rows comes first, of those that were tried as often."""
    lease: ClassVar[timedelta] = timedelta(seconds=60)
    budget: ClassVar[float] = 60.0
    """Seconds after which a worker begins no further row: well before Celery's time limit."""
    patience: ClassVar[Patience] = Patience()

    def candidates(self, key: str | None) -> QuerySet[Row]:
        """Open rows, those a nudge with ``key`` means or all; also by other tables' columns."""
        rows = self.rows()
        return rows if key is None else rows.filter(pk=key)

    def rows(self) -> QuerySet[Row]:
        """All open rows, due or not."""
        return self.model._default_manager.filter(self.open)

    def load(self, pk: Any) -> Row:
        """The row with what `perform` needs."""
        return self.model._default_manager.get(pk=pk)

    def context(self, row: Row) -> dict[str, str]:
        """What names the row in the log."""
        return {"row": str(row.pk)}

    def perform(self, claim: Claim[Row]) -> None:
        """Do it and record it with `finish`. Raises WorkError, and LeaseLost of a late outcome."""
        raise NotImplementedError("Subclasses must implement perform()")

    def give_up(self, claim: Claim[Row], error: str) -> None:
        """Record with `finish` that it is not tried any more and why."""
        raise NotImplementedError("Subclasses must implement give_up()")

    def record(self, claim: Claim[Row], columns: dict[str, Any]) -> None:
        """Write the outcome of an attempt. Raises LeaseLost. A subclass may add what else follows from it."""
        claim.release(**columns)

    def finish(self, claim: Claim[Row], **columns: Any) -> None:
        """The work is over, as ``columns`` say. Raises LeaseLost."""
        self.record(claim, {"error": "", "crashes": 0, **columns})

    def retry_later(
        self, claim: Claim[Row], error: str, *, crashed: bool = False, goes_on: bool = False
    ) -> None:
        """Have it tried again, later each time unless it goes on. Raises LeaseLost."""
        due_at = timezone.now() + self.patience.wait(1 if goes_on else claim.row.attempts)
        # A crash was counted when the row was claimed.
        self.record(claim, {"error": error, "due_at": due_at} | ({} if crashed else {"crashes": 0}))
