"""What becomes of an attempt: recorded in the step's row while the lease holds, and in the run's state."""

import random
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from printmgmt.deprovisioning.models import DeprovisionRun, DeprovisionStep, StepState
from printmgmt.deprovisioning.progress import settle_run

GIVE_UP_AFTER = timedelta(hours=72)
BACKOFF_START = 5.0
BACKOFF_LIMIT = 3600.0


class LeaseLost(Exception):
    """The attempt took longer than its lease and somebody else took over: its outcome is void."""


def end(step: DeprovisionStep, owner: str, state: StepState, *, error: str = "") -> None:
    """The step is over, as ``state`` says. Raises LeaseLost."""
    _record(step, owner, state=state, error=error, crashes=0, ended_at=timezone.now())


def give_up(step: DeprovisionStep, owner: str, error: str) -> None:
    """A person must look. Raises LeaseLost."""
    _record(step, owner, state=StepState.ATTENTION, error=error, ended_at=timezone.now())


def defer(step: DeprovisionStep, owner: str, error: str) -> None:
    """Not now: again later, for at most 72 hours, then a person must look. Raises LeaseLost."""
    now = timezone.now()
    first = step.first_deferred_at or now
    if now - first >= GIVE_UP_AFTER:
        give_up(step, owner, error)
        return
    _record(
        step,
        owner,
        state=step.state,
        error=error,
        due_at=now + _back_off(step.deferrals),
        crashes=0,
        deferrals=step.deferrals + 1,
        first_deferred_at=first,
    )


def after_crash(step: DeprovisionStep, owner: str, error: str) -> None:
    """It raised what it should not. Like a worker's death this was counted when claimed. Raises LeaseLost."""
    _record(step, owner, state=step.state, error=error, due_at=timezone.now() + _back_off(step.crashes))


def _back_off(times: int) -> timedelta:
    ceiling = min(BACKOFF_LIMIT, BACKOFF_START * 2 ** min(times, 16))
    # Jitter: a print server that comes back is not met by everybody at once.
    return timedelta(seconds=random.uniform(ceiling / 2, ceiling))  # noqa: S311 -- spreading load, not a secret


@transaction.atomic
def _record(step: DeprovisionStep, owner: str, **outcome: Any) -> None:
    # The run first, the steps after it: the same order as a leaving or a coming back locks them.
    run = DeprovisionRun.objects.select_for_update(no_key=True).get(pk=step.run_id)
    held = DeprovisionStep.objects.filter(pk=step.pk, lease_owner=owner)
    state = held.values_list("state", flat=True).first()
    if state is not None and state != step.state:
        outcome = _decided_meanwhile(StepState(state), outcome)
    if not held.update(lease_until=None, lease_owner="", evidence=step.evidence, **outcome):
        raise LeaseLost(_("The attempt took longer than its lease."))
    settle_run(run, list(run.steps.all()), timezone.now())
    run.save(update_fields=["state", "next_due_at", "settled_at", "ended_at"])


def _decided_meanwhile(decided: StepState, outcome: dict[str, Any]) -> dict[str, Any]:
    """While it acted, the person came back or left again: what was done is noted, the decision stands."""
    if decided == StepState.SUPERSEDED and outcome["state"] in (StepState.DONE, StepState.UNDONE):
        return outcome
    return {"state": decided, "crashes": 0}
