"""Matches all jobs of an organization again, after the setting *local part too, when unique* was changed.

In turns of a thousand jobs, each one transaction: it locks the order, reads the setting, locks its jobs,
writes them and how far it is. Who changes the setting again waits for a turn at most, and begins again.

What someone said with *This is …* wins, whenever it is said: the jobs of a turn are read under their lock,
and a job that was claimed alone, or whose name was, keeps its person. A round that began before the setting
was changed may still match by the former one; so the first turn waits until all of those are over.
"""

import time
from datetime import timedelta
from functools import partial
from typing import Any, ClassVar, Final

import structlog
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from printmgmt.audit.actors import system
from printmgmt.audit.services import record
from printmgmt.deadlocks import retry_on_deadlock
from printmgmt.organizations.models import Organization
from printmgmt.printing.jobs.matching import CHUNK, match_next
from printmgmt.printing.models import PrintJob, Rematch, ServerRound
from printmgmt.work.claims import Claim
from printmgmt.work.kinds import Work
from printmgmt.work.nudges import nudge_after_commit
from printmgmt.work.patience import Patience

log = structlog.get_logger(__name__)

REMATCHING: Final = "printing.rematching"

SECONDS: Final = 5.0
"""After which a worker begins no further turn, so that other work has its turn."""

LOOK_AGAIN: Final = timedelta(seconds=3)
"""How long to wait for rounds that are still under way."""

MATCHING: Final = system("Matching of print jobs")


def order_rematch(organization: Organization) -> None:
    """Have all jobs of an organization matched again, from the first one. Who is at it now loses the lease.

    Call in the transaction that changes the setting.
    """
    rows = Rematch.objects.select_for_update(no_key=True)
    row = rows.filter(organization=organization).first() or Rematch(organization=organization)
    now = timezone.now()
    row.start_over(due_at=now)
    row.lease_until, row.lease_owner = None, ""
    row.ordered_at, row.finished_at = now, None
    row.awaited, row.last_job = None, 0
    row.checked = row.assigned = row.unassigned = 0
    row.save()
    nudge_after_commit(REMATCHING, row.pk)


class Rematches(Work[Rematch]):
    """The matchings that were ordered. The key of a nudge is the id of an order."""

    name = REMATCHING
    model = Rematch
    open: ClassVar[Q] = Q(finished_at__isnull=True)
    budget = SECONDS
    # An order has no end of its own: however long the database is away, what was ordered is done.
    patience = Patience(longest_wait=60.0, time=None)

    def load(self, pk: Any) -> Rematch:
        return Rematch.objects.select_related("organization").get(pk=pk)

    def context(self, row: Rematch) -> dict[str, str]:
        return {"organization": str(row.organization_id)}

    def perform(self, claim: Claim[Rematch]) -> None:
        """Take turns for some seconds, then let the order go, so that other work has its turn."""
        due_at = timezone.now()
        if _is_awaiting(claim):
            due_at += LOOK_AGAIN
        else:
            ends = time.monotonic() + SECONDS
            while more := retry_on_deadlock(partial(take_turn, claim)):
                if time.monotonic() > ends:
                    break
            if not more:
                self._end(claim)
                return
        self.finish(claim, due_at=due_at, attempts=0, first_tried_at=None)

    def give_up(self, claim: Claim[Rematch], error: str) -> None:
        """After crashes go on as slowly as it gets."""
        self.finish(claim, error=error, due_at=timezone.now() + timedelta(seconds=self.patience.longest_wait))

    @transaction.atomic
    def _end(self, claim: Claim[Rematch]) -> None:
        self.finish(claim, finished_at=timezone.now())
        row = Rematch.objects.select_related("organization").get(pk=claim.row.pk)
        log.info("jobs matched again", jobs=row.checked, assigned=row.assigned, unassigned=row.unassigned)
        record(
            row.organization,
            "organization.jobs-matched",
            by=MATCHING,
            object_type="organization",
            object_id=row.organization_id,
            label=row.organization.name,
            jobs=row.checked,
            assigned=row.assigned,
            unassigned=row.unassigned,
        )


@transaction.atomic
def take_turn(claim: Claim[Rematch]) -> bool:
    """Match the next jobs; return whether there may be more. Raises LeaseLost, also for a new order."""
    claim.renew()  # the row is locked from here on, and the setting is what it is until commit
    row = Rematch.objects.select_related("organization").get(pk=claim.row.pk)
    organization = row.organization
    turn = match_next(organization, _affected(organization), after=row.last_job, keep_names=True)
    if turn.last is None:
        return False
    claim.note(
        last_job=turn.last,
        checked=F("checked") + turn.jobs,
        assigned=F("assigned") + turn.assigned,
        unassigned=F("unassigned") + turn.unassigned,
    )
    return turn.jobs == CHUNK


def _affected(organization: Organization) -> QuerySet[PrintJob]:
    """The jobs about which the setting decides: turned on it gives owners, turned off it takes them."""
    jobs = PrintJob.objects.filter(organization=organization, claimed=False)
    jobs = jobs.exclude(owner_key="").exclude(owner_key__contains="@")
    return jobs.filter(person__isnull=True) if organization.match_local_part else jobs


def _is_awaiting(claim: Claim[Rematch]) -> bool:
    """Whether a round is under way that was so when this was first asked, after the setting was changed."""
    row = claim.row
    under_way = ServerRound.objects.filter(
        organization=row.organization_id, lease_until__gte=timezone.now()
    ).exclude(lease_owner="")
    if row.awaited is None:
        row.awaited = list(under_way.values_list("lease_owner", flat=True))
        claim.note(awaited=row.awaited)
        return bool(row.awaited)
    return bool(row.awaited) and under_way.filter(lease_owner__in=row.awaited).exists()
