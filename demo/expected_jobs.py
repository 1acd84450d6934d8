"""What must come of the jobs, only from people.csv and the scripts."""

from collections.abc import Mapping, Sequence

from demo.badges import is_active
from demo.expected import State
from demo.print_jobs import CANCELED, COLLECTED, JOBS, QUEUES, Job


def expected_counts(states: Sequence[State], ids: Mapping[str, str]) -> dict[str, int]:
    """Return what the table must show. ``states``: one per act; ``ids``: objectIds by userPrincipalName."""
    return {
        "queues": len(QUEUES),
        "jobs": len(JOBS),
        "with an owner": sum(1 for job in JOBS if job.who and is_active(states[0][ids[job.who]])),
        "collected": len(COLLECTED),
        "refused": len(leavers_who_print(states[1], ids)),
        "held": len(leavers_who_print(states[-1], ids)),
        "canceled": sum(1 for job in leavers_who_print(states[-1], ids) if job.who == CANCELED),
        "receipts": 1,
    }


def leavers_who_print(state: State, ids: Mapping[str, str]) -> list[Job]:
    """Return the jobs that wait for people who are not there any more."""
    return [
        job for job in JOBS if job.who and job.who not in COLLECTED and not is_active(state[ids[job.who]])
    ]
