"""Performs due rows of one kind: claim one, perform it, record what became of it."""

import time
from typing import Any

import structlog
from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from printmgmt.rounds import isolate_errors
from printmgmt.work.claims import Claim, LeaseLost, Row, claim, due, new_owner
from printmgmt.work.kinds import Work, WorkError

log = structlog.get_logger(__name__)

BATCH = 500
"""Rows that are looked for at once: with tens of thousands due, looking costs more than performing one."""
LEAST = 50
FRESH = 1.0
"""After so many rows and seconds a worker looks again: what fell due in the meantime has its turn soon."""
LONGEST_SKIP = 15
"""Rows that a worker passes over at most when another one was faster."""


def perform_due(work: Work[Row], key: str | None = None) -> int:
    """Perform due rows, those that ``key`` means or all, until none is left or the budget is spent.

    Returns how many attempts were made. Safe to call anywhere, any number of times, also at once.
    """
    performed = 0
    owner = new_owner()
    deadline = time.monotonic() + work.budget
    while candidates := next_due(work, key):
        before, lost, place, looked_at = performed, 0, 0, None
        while place < len(candidates):
            now = time.monotonic()
            if now > deadline:
                return performed
            looked_at = looked_at or now
            if place >= LEAST and now > looked_at + FRESH:
                break
            pk = candidates[place]
            # One at a time: what is claimed but not begun would count a crash that another row made.
            with isolate_errors("a piece of work", work=work.name, row=str(pk)):
                if claim(work.rows(), pk, owner, work.lease):
                    performed, lost = performed + 1, 0
                    _perform(work, Claim(work.load(pk), owner, work.lease))
                elif len(candidates) == BATCH:
                    # Another worker goes the same way, and there is more than enough: step aside, further
                    # each time. The next look finds what was passed over.
                    lost = min(2 * lost + 1, LONGEST_SKIP)
            place += 1 + lost
        if performed == before:
            # Others hold what is due; their leases bring us back if they die.
            break
    return performed


def next_due(work: Work[Row], key: str | None = None) -> list[Any]:
    """Ids of the next due rows: those tried least come first, and organizations take turns.

    So what fails slowly delays nobody's first try, and 50,000 rows of one organization not another's one.
    """
    turn = Window(RowNumber(), partition_by=F(work.turns_by), order_by=list(work.order))
    rows = due(work.candidates(key)).annotate(turn=turn).order_by("attempts", "turn", *work.order)
    return list(rows.values_list("id", flat=True)[:BATCH])


def _perform(work: Work[Row], claimed: Claim[Row]) -> None:
    with structlog.contextvars.bound_contextvars(work=work.name, **work.context(claimed.row)):
        try:
            _attempt(work, claimed)
        except LeaseLost:
            log.warning("lease lost, another worker has taken over")


def _attempt(work: Work[Row], claimed: Claim[Row]) -> None:
    """One attempt and its record. Raises LeaseLost."""
    row, patience = claimed.row, work.patience
    try:
        if row.crashes > patience.crashes:
            message = _("Failed after %(times)d attempts. %(error)s") % {
                "times": patience.crashes,
                "error": row.error,
            }
            raise WorkError(message.strip(), permanent=True)
        if patience.attempts is not None and row.attempts > patience.attempts:
            raise WorkError(row.error or _("The worker stopped each time."), permanent=True)
        work.perform(claimed)
    except LeaseLost:
        raise
    except WorkError as error:
        if error.permanent or patience.is_over(row):
            work.give_up(claimed, str(error))
        else:
            work.retry_later(claimed, str(error), goes_on=error.goes_on)
    except Exception as error:
        log.exception("work crashed", crashes=row.crashes)
        message = _("Unexpected error: %s.") % type(error).__name__
        if patience.is_over(row):
            work.give_up(claimed, message)
        else:
            work.retry_later(claimed, message, crashed=True)
