"""Performs steps: claim one, look at the person again, act, verify, record."""

import os
import secrets
import socket
import time
from copy import deepcopy
from uuid import UUID

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from printmgmt.deprovisioning.claims import claim, due_steps, is_target_busy
from printmgmt.deprovisioning.models import DUE_STATES, DeprovisionStep, StepState
from printmgmt.deprovisioning.outcomes import LeaseLost, after_crash, defer, end, give_up
from printmgmt.deprovisioning.steps import STEP_BY_NAME
from printmgmt.deprovisioning.steps.base import Step, StepError, Target
from printmgmt.people.services import lock_person
from printmgmt.rounds import on_its_own

log = structlog.get_logger(__name__)

MAX_CRASHES = 5
ENOUGH = 60.0
"""Seconds after which a call goes home: well before Celery's time limit would kill it within a step."""


def perform_due(*, run_id: UUID | None = None) -> int:
    """Perform due steps, of one run or of all, until none is left or a minute is over; return how many."""
    performed = 0
    # Made anew each time: a lease must never look like that of an earlier process with the same id.
    owner = f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(8)}"
    home_time = time.monotonic() + ENOUGH
    while candidates := due_steps(run_id):
        before = performed
        for step_id in candidates:
            if time.monotonic() > home_time:
                return performed
            # One at a time: what is claimed but not begun would count a crash that another step made.
            with on_its_own("a step", step_row=str(step_id)):
                if claim(step_id, owner):
                    performed += 1
                    _perform(step_id, owner)
        if performed == before:
            # Others hold what is due; their leases bring us back if they die.
            break
    return performed


def _perform(step_id: int, owner: str) -> None:
    rows = DeprovisionStep.objects.select_related("run__person", "run__policy", "run__organization")
    row = rows.get(pk=step_id)
    run = row.run
    with structlog.contextvars.bound_contextvars(request_id=run.request_id, run=str(run.pk), step=row.name):
        try:
            _attempt(row, owner)
        except LeaseLost:
            log.warning("lease lost, another worker has taken over")


def _attempt(row: DeprovisionStep, owner: str) -> None:
    """One attempt and its record. Raises LeaseLost."""
    try:
        step = _checked(row)
        if step.own_rows_only:
            _act_in_one_transaction(row, step, owner)
        else:
            _act(row, step, owner)
    except LeaseLost:
        raise
    except StepError as error:
        if error.permanent:
            give_up(row, owner, str(error))
        else:
            defer(row, owner, str(error))
    except Exception as error:
        log.exception("step crashed", crashes=row.crashes)
        after_crash(row, owner, type(error).__name__)


def _checked(row: DeprovisionStep) -> Step:
    """The step behind the row. Raises StepError when it may not act, or not now."""
    step = STEP_BY_NAME.get(row.name)
    if step is None:
        raise StepError(_("This version of the console does not know the step."), permanent=True)
    if row.crashes > MAX_CRASHES:
        message = _("Crashed %(times)d times. %(error)s") % {"times": MAX_CRASHES, "error": row.error}
        raise StepError(message.strip(), permanent=True)
    if row.run.previous_id and is_target_busy(row):
        raise StepError(_("An earlier change is still being made there."), permanent=False)
    return step


def _act_in_one_transaction(row: DeprovisionStep, step: Step, owner: str) -> None:
    """Effect and evidence commit together, and nobody comes back or leaves in between."""
    noted = deepcopy(row.evidence)
    try:
        with transaction.atomic():
            lock_person(row.run.person)
            _act(row, step, owner)
    except Exception:
        row.evidence = noted
        raise


def _act(row: DeprovisionStep, step: Step, owner: str) -> None:
    run, target = row.run, Target(row.target_kind, row.target_id, row.target_label)
    if row.state == StepState.UNDOING:
        step.undo(run, target, row.evidence)
        end(row, owner, StepState.UNDONE)
    elif row.state not in DUE_STATES or run.person.epoch != run.epoch:
        # Between the claim and now the person came back, or left once more.
        end(row, owner, StepState.SUPERSEDED)
    else:
        step.act(run, target, row.evidence)
        if not step.verify(run, target, row.evidence):
            raise StepError(_("Read again, the effect does not hold."), permanent=False)
        end(row, owner, StepState.DONE)
