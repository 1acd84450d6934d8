"""What a receipt says about jobs that came after access had ended, and when that alone is worth a version."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from printmgmt.deprovisioning.models import DeprovisionRun, DeprovisionStep
from printmgmt.deprovisioning.steps.cancel_jobs import CancelJobs
from printmgmt.deprovisioning.steps.hold_jobs import HoldJobs
from printmgmt.printing.models import JobState, PrintJob

ARE_COUNTED: Final = (
    "Print jobs came under names of this person after access had ended, and are counted. Those that were let "
    "go had begun to print before the console saw them. Further ones are reported once an hour, after the "
    "first day once a day."
)

_NAMED: Final = 100
"""Jobs that were let go and are named; the others are counted."""

_FIRST_DAY: Final = timedelta(days=1)
_ON_FIRST_DAY: Final = timedelta(hours=1)
_LATER: Final = timedelta(days=1)

_BEGUN: Final = frozenset({JobState.PROCESSING, JobState.STOPPED, JobState.COMPLETED})

Facts = dict[str, Any]


def late_facts(run: DeprovisionRun, steps: Sequence[DeprovisionStep]) -> Facts:
    """Return how many jobs came late and what became of them. One statement.

    ``held`` and ``canceled`` by these steps, ``let_go`` since they had begun to print; ``printed`` as far as
    is known now, whatever came before. Each number can only grow.
    """
    held = set(_jobs(steps, HoldJobs.name, "held", "already_held"))
    canceled = set(_jobs(steps, CancelJobs.name, "canceled"))
    rows = PrintJob.objects.filter(late_for_run=run.pk).order_by("server", "generation", "remote_id")
    late = [
        ((str(server), number), state)
        for server, number, state in rows.values_list("server", "remote_id", "state")
    ]
    let_go = [job for job, state in late if state in _BEGUN and job not in held | canceled]
    return {
        "number": len(late),
        "held": sum(job in held for job, _state in late),
        "canceled": sum(job in canceled for job, _state in late),
        "let_go": len(let_go),
        "printed": sum(state == JobState.COMPLETED for _job, state in late),
        "jobs_let_go": [{"server": server, "job": number} for server, number in let_go[:_NAMED]],
    }


def without_late(facts: Facts) -> Any:
    """Return the outcome of a run apart from further jobs that came late: a change of it is told at once.

    The first job that is held, canceled or let go is such a change.
    """
    counted = facts["late_jobs"]
    steps = [
        (step["id"], step["state"], None if counted["number"] and _acts_again(step) else step["ended_at"])
        for step in facts["steps"]
    ]
    return facts["state"], steps, [name for name in ("held", "canceled", "let_go") if counted[name]]


def next_version_at(last: Facts, facts: Facts) -> datetime | None:
    """Return when further jobs that came late are worth another version than ``last``; None if none came."""
    if last["late_jobs"] == facts["late_jobs"] and _ends(last) == _ends(facts):
        return None
    made_at, cut_at = (datetime.fromisoformat(each) for each in (last["made_at"], last["cut_at"]))
    return made_at + (_ON_FIRST_DAY if made_at - cut_at < _FIRST_DAY else _LATER)


def _ends(facts: Facts) -> list[str | None]:
    return [step["ended_at"] for step in facts["steps"] if _acts_again(step)]


def _acts_again(step: Facts) -> bool:
    return step["step"] in (HoldJobs.name, CancelJobs.name)


def _jobs(steps: Sequence[DeprovisionStep], name: str, *keys: str) -> Iterator[tuple[str, int]]:
    for step in steps:
        if step.name == name:
            for key in keys:
                for entry in step.evidence.get(key, ()):
                    yield step.target_id, entry["job"]
