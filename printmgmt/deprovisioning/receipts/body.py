"""The signed part of a receipt: what happened, by numbers and ids. No name, mail, title or host of anyone."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from django.forms.models import model_to_dict

from printmgmt.deprovisioning.models import (
    DeprovisionRun,
    DeprovisionStep,
    LeavingPolicy,
    RunState,
    StepState,
)
from printmgmt.deprovisioning.receipts.late import ARE_COUNTED, late_facts
from printmgmt.deprovisioning.receipts.personal import PUBLIC_TARGETS, is_personal, plain
from printmgmt.deprovisioning.steps.hold_jobs import HoldJobs
from printmgmt.organizations.moments import zone_of
from printmgmt.printing.leavers.open_holds import Names

KIND: Final = "print-management-receipt"

NAMES_ARE_CLAIMED: Final = "Print servers believe the name a client states, unless a step says otherwise."

OPEN: Final = frozenset(StepState.values) - {
    StepState.DONE,
    StepState.SUPERSEDED,
    StepState.UNDONE,
    "skipped",
}
"""States of a step that is not over."""


def facts_of(run: DeprovisionRun, steps: Sequence[DeprovisionStep]) -> dict[str, Any]:
    """Return what a receipt states about a run as it is now. One statement.

    All numbers are whole; moments are UTC in ISO 8601. ``run`` has its organization, policy and person.
    """
    late_jobs = late_facts(run, steps)
    return {
        "kind": KIND,
        "format": 1,
        "organization": {
            "id": str(run.organization_id),
            "name": run.organization.name,
            "time_zone": zone_of(run.organization).key,
        },
        "run": str(run.pk),
        "person": str(run.person_id),
        "epoch": run.epoch,
        "trigger": run.trigger,
        "state": run.state,
        "source": run.source,
        "request_id": run.request_id,
        "previous_run": str(run.previous_id) if run.previous_id else None,
        "policy": _policy(run.policy),
        "requested_at": _moment(run.requested_at),
        "cut_at": _moment(run.cut_at),
        "cut_after_ms": _after(run, run.cut_at),
        "settled_at": _moment(run.settled_at),
        "ended_at": _moment(run.ended_at),
        "next_due_at": _moment(run.next_due_at),
        "steps": [_step(run, step) for step in steps],
        "needs_attention": [step.pk for step in steps if step.state == StepState.ATTENTION],
        "late_jobs": late_jobs,
        "statements": [*_statements(run, steps), *([ARE_COUNTED] if late_jobs["number"] else [])],
    }


def _policy(policy: LeavingPolicy) -> dict[str, Any]:
    rules: dict[str, Any] = model_to_dict(policy, exclude=["id", "organization", "created_by"])
    return {name: plain(value) for name, value in rules.items()}


def _step(run: DeprovisionRun, step: DeprovisionStep) -> dict[str, Any]:
    shown = step.target_kind in PUBLIC_TARGETS
    evidence = {key: plain(value) for key, value in step.evidence.items() if not is_personal(step.name, key)}
    over = step.ended_at if step.state not in OPEN else None
    return {
        "id": step.pk,
        "step": step.name,
        "target_kind": step.target_kind,
        "target_id": step.target_id,
        "target": step.target_label if shown else "",
        "state": step.state,
        "due_at": _moment(step.due_at),
        "ended_at": _moment(step.ended_at),
        "done_after_ms": _after(run, over) if over else None,
        "attempts": step.attempts,
        "problem": step.error,
        "evidence": evidence,
    }


def _statements(run: DeprovisionRun, steps: Sequence[DeprovisionStep]) -> list[str]:
    """Sentences that keep a reader from taking the receipt for more than it is; in English, and signed."""
    said = [
        "Times are those of the console. A step that is done was read again and held at that time.",
    ]
    on_servers = [step for step in steps if (step.name, step.target_kind) == (HoldJobs.name, "print-server")]
    if any(step.evidence.get("names") != Names.CHECKED for step in on_servers):
        said.append(NAMES_ARE_CLAIMED)
    if run.state == RunState.ATTENTION:
        said.append("Not everything was done: the steps listed under needs_attention failed.")
    if any(step.state == StepState.PENDING for step in steps):
        said.append("Some steps have a later date. A later version of this receipt reports them.")
    return said


def _after(run: DeprovisionRun, at: datetime) -> int:
    """Milliseconds from the request that ordered the leaving."""
    return round((at - run.requested_at).total_seconds() * 1000)


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z") if at else None
