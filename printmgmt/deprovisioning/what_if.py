"""What another leaving policy would have done to those who left last. Nothing is written, no server asked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Q

from printmgmt.deprovisioning.breaker.counting import limit_of
from printmgmt.deprovisioning.models import DeprovisionRun, LeavingPolicy, WaitingJobs
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser

LAST: Final = 10
"""Leavers that are compared."""


@dataclass(frozen=True)
class Outcome:
    """What a policy makes of one leaving.

    ``jobs`` waited when the person left. ``cancel_at`` is when they are gone, ``restorable_until`` when the
    restore period ends. ``paused``: whether more people had left than the policy's breaker lets through.
    """

    jobs: int
    waiting_jobs: WaitingJobs
    cancel_at: datetime
    restorable_until: datetime
    closes_queues: bool
    paused: bool


@dataclass(frozen=True)
class Compared:
    """A leaving under the policy that it had, and under another one."""

    run: DeprovisionRun
    was: Outcome
    would: Outcome


def compare_with_last_leavers(organization: Organization, draft: LeavingPolicy) -> list[Compared]:
    """Return the last leavings, newest first, under their own policy and under ``draft``, saved or not.

    Four statements.
    """
    runs = list(
        DeprovisionRun.objects.filter(organization=organization)
        .select_related("person", "policy")
        .prefetch_related("steps")
        .order_by("-cut_at", "-pk")[:LAST]
    )
    counts = _left_within(organization, runs, draft)
    active = PrintUser.objects.of(organization).live().count()
    return [
        Compared(
            run,
            *(
                _outcome(run, policy, left=counts[f"{name}_{place}"], people=active)
                for name, policy in (("was", run.policy), ("would", draft))
            ),
        )
        for place, run in enumerate(runs)
    ]


def _outcome(run: DeprovisionRun, policy: LeavingPolicy, *, left: int, people: int) -> Outcome:
    waiting_jobs = WaitingJobs(policy.waiting_jobs)
    until = run.cut_at + timedelta(days=policy.grace_days(run.trigger))
    return Outcome(
        jobs=_jobs_found(run),
        waiting_jobs=waiting_jobs,
        cancel_at=run.cut_at if waiting_jobs == WaitingJobs.PURGE else until,
        restorable_until=until,
        closes_queues=policy.close_queues,
        paused=left > limit_of(policy, people),
    )


def _jobs_found(run: DeprovisionRun) -> int:
    """How many jobs the steps found waiting, each counted once."""
    found: set[tuple[str, int]] = set()
    for step in run.steps.all():
        for key in ("held", "already_held", "canceled"):
            entries: Iterable[dict[str, int]] = step.evidence.get(key, ())
            found |= {(step.target_id, entry["job"]) for entry in entries}
    return len(found)


def _left_within(
    organization: Organization, runs: Sequence[DeprovisionRun], draft: LeavingPolicy
) -> dict[str, int]:
    """Return how many people had left within the window of each policy when each run began."""
    counts = {}
    for place, run in enumerate(runs):
        for name, policy in (("was", run.policy), ("would", draft)):
            since = run.cut_at - timedelta(minutes=policy.breaker_minutes)
            within = Q(cut_at__gt=since, cut_at__lte=run.cut_at)
            counts[f"{name}_{place}"] = Count("person", distinct=True, filter=within)
    if not counts:
        return {}
    longest = max([draft.breaker_minutes, *(run.policy.breaker_minutes for run in runs)])
    since = min(run.cut_at for run in runs) - timedelta(minutes=longest)
    near = DeprovisionRun.objects.filter(organization=organization, cut_at__gt=since)
    return dict(near.aggregate(**counts))
