"""Performs steps: read the person again, act, verify, record. `printmgmt.work` claims and retries them."""

from copy import deepcopy
from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from printmgmt.deprovisioning.breaker.judging import judge, judge_due, judge_one
from printmgmt.deprovisioning.models import (
    DUE_STATES,
    STEP_WORK,
    DeprovisionRun,
    DeprovisionStep,
    StepState,
)
from printmgmt.deprovisioning.progress import SAVED, update_run
from printmgmt.deprovisioning.steps import STEP_BY_NAME
from printmgmt.deprovisioning.steps.base import Evidence, Step, StepError, Target
from printmgmt.people.services import lock_person
from printmgmt.work.claims import Claim
from printmgmt.work.kinds import Work
from printmgmt.work.runner import perform_due


class Steps(Work[DeprovisionStep]):
    """The steps of all runs. The key of a nudge is the id of a run."""

    name = STEP_WORK
    model = DeprovisionStep
    open: ClassVar[Q] = Q(state__in=DUE_STATES)

    def candidates(self, key: str | None) -> QuerySet[DeprovisionStep]:
        return self.rows() if key is None else self.rows().filter(run=UUID(key))

    def load(self, pk: Any) -> DeprovisionStep:
        rows = DeprovisionStep.objects.select_related("run__person", "run__policy", "run__organization")
        return rows.get(pk=pk)

    def context(self, row: DeprovisionStep) -> dict[str, str]:
        return {"request_id": row.run.request_id, "run": str(row.run_id), "step": row.name}

    def perform(self, claim: Claim[DeprovisionStep]) -> None:
        step = _step_of(claim.row)
        if step.irreversible and claim.row.run.judged_at is None:
            judge(claim.row.run)
            claim.row.refresh_from_db(fields=["state"])
        if step.own_rows_only:
            self._act_in_one_transaction(claim, step)
        else:
            self._act(claim, step)

    def give_up(self, claim: Claim[DeprovisionStep], error: str) -> None:
        """Mark the step as needing attention."""
        self.record(claim, {"state": StepState.ATTENTION, "error": error, "ended_at": timezone.now()})

    def record(self, claim: Claim[DeprovisionStep], columns: dict[str, Any]) -> None:
        # No savepoint in the transaction of a step of own rows: a result that comes late undoes all of it.
        author = STEP_BY_NAME.get(claim.row.name)
        with transaction.atomic(savepoint=author is None or not author.own_rows_only):
            self._record(claim, columns)

    def _record(self, claim: Claim[DeprovisionStep], columns: dict[str, Any]) -> None:
        row = claim.row
        outcome = {"state": row.state, "evidence": row.evidence, **columns}
        # Lock the run before its steps, as leavings and returns do (ADR 21).
        run = DeprovisionRun.objects.select_for_update(no_key=True).get(pk=row.run_id)
        steps = list(run.steps.all())
        [recorded] = [step for step in steps if step.pk == row.pk]
        if recorded.state != row.state:
            outcome = _decided_meanwhile(StepState(recorded.state), outcome)
        claim.release(**outcome)
        for column, value in outcome.items():
            setattr(recorded, column, value)
        if outcome["state"] == StepState.DONE and _settle(run, row):
            steps = list(run.steps.all())
        update_run(run, steps, timezone.now())
        run.save(update_fields=SAVED)

    def _act_in_one_transaction(self, claim: Claim[DeprovisionStep], step: Step) -> None:
        """Act with the person locked, so that effect and evidence commit together."""
        row = claim.row
        noted = deepcopy(row.evidence)
        try:
            with transaction.atomic():
                lock_person(row.run.person)
                self._act(claim, step)
        except Exception:
            row.evidence = noted
            raise

    def _act(self, claim: Claim[DeprovisionStep], step: Step) -> None:
        row = claim.row
        run, target = row.run, Target(row.target_kind, row.target_id, row.target_label)
        row.evidence = evidence = Evidence(row.evidence, write=partial(_keep, claim))
        if row.state == StepState.UNDOING:
            step.undo(run, target, evidence)
            self._end(claim, StepState.UNDONE)
        elif row.state == StepState.WAITING:
            self.finish(claim, state=row.state)  # since the claim too many people left
        elif row.state not in DUE_STATES or run.person.epoch != run.epoch:
            # Since the claim the person came back, or left again.
            self._end(claim, StepState.SUPERSEDED)
        else:
            step.act(run, target, evidence)
            if not step.verify(run, target, evidence):
                raise StepError(_("The change was made but did not last."), permanent=False)
            self._end(claim, StepState.DONE)

    def _end(self, claim: Claim[DeprovisionStep], state: StepState) -> None:
        self.finish(claim, state=state, ended_at=timezone.now())


def perform_run(run_id: str) -> None:
    """Judge a run and perform its due steps: what a nudge asks for."""
    judge_one(UUID(run_id))
    perform_due(Steps(), run_id)


def perform_all() -> None:
    """Judge the runs that were not judged yet and perform all due steps."""
    judge_due()
    perform_due(Steps())


def _settle(run: DeprovisionRun, done: DeprovisionStep) -> bool:
    """Close what needed attention until ``done`` made it pointless, on the same target.

    Returns whether there was any.
    """
    author = STEP_BY_NAME.get(done.name)
    if author is None or not author.settles:
        return False
    pointless = run.steps.filter(name=author.settles, state=StepState.ATTENTION)
    pointless = pointless.filter(target_kind=done.target_kind, target_id=done.target_id)
    return bool(pointless.update(state=StepState.DONE, error="", ended_at=timezone.now()))


def _keep(claim: Claim[DeprovisionStep], evidence: Evidence) -> None:
    claim.note(evidence=evidence, lease_until=timezone.now() + claim.lease)


def _step_of(row: DeprovisionStep) -> Step:
    """Return the step of the row. Raises StepError when it may not act, or not yet."""
    step = STEP_BY_NAME.get(row.name)
    if step is None:
        raise StepError(_("This version of the console does not know the step."), permanent=True)
    if row.run.previous_id and _is_target_busy(row):
        raise StepError(_("An earlier change is still in progress."), permanent=False)
    return step


def _is_target_busy(step: DeprovisionStep) -> bool:
    """Whether a step of an earlier run of the person is acting on the same target now."""
    return (
        DeprovisionStep.objects.filter(
            run__person=step.run.person_id,
            name=step.name,
            target_kind=step.target_kind,
            target_id=step.target_id,
            lease_until__gte=timezone.now(),
        )
        .exclude(pk=step.pk)
        .exists()
    )


def _decided_meanwhile(decided: StepState, outcome: dict[str, Any]) -> dict[str, Any]:
    """Return the columns to save if the person came back or left again in the meantime."""
    if decided == StepState.SUPERSEDED and outcome["state"] in (StepState.DONE, StepState.UNDONE):
        return outcome
    if decided == StepState.WAITING and outcome["state"] == StepState.DONE:
        return outcome  # it had begun when the breaker opened
    return {"state": decided, "evidence": outcome["evidence"], "crashes": 0}
