"""The rounds as durable work: when a server is read, and what becomes of a round that fails."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Case, DateTimeField, F, Q, QuerySet, Value, When
from django.utils import timezone

from printmgmt.printing.ipp.errors import IppError
from printmgmt.printing.models import ServerProblem, ServerRound
from printmgmt.printing.rounds.leases import LEASE
from printmgmt.printing.rounds.observers import observe_end
from printmgmt.printing.rounds.outages import note_problem, note_success
from printmgmt.printing.rounds.problems import STOPPING, problem_of
from printmgmt.printing.rounds.snapshot import Snapshot
from printmgmt.printing.servers.adding import ROUNDS
from printmgmt.printing.servers.connecting import client_for
from printmgmt.work.claims import Claim
from printmgmt.work.kinds import Work, WorkError
from printmgmt.work.patience import Patience

log = structlog.get_logger(__name__)


class Rounds(Work[ServerRound]):
    """Reads each server every `PRINT_JOBS_SECONDS`; one that fails sooner again at first, and never given up.

    A server that refuses the login is left alone until someone changes the login or orders a round.
    """

    name = ROUNDS
    model = ServerRound
    open: ClassVar[Q] = Q(stopped_at__isnull=True)
    lease = LEASE
    patience = Patience(longest_wait=float(settings.PRINT_JOBS_SECONDS), time=None)

    def candidates(self, key: str | None) -> QuerySet[ServerRound]:
        rows = super().candidates(key)
        return rows.filter(server__paused_at__isnull=True, server__removed_at__isnull=True)

    def load(self, pk: Any) -> ServerRound:
        return ServerRound.objects.select_related("server__organization").get(pk=pk)

    def context(self, row: ServerRound) -> dict[str, str]:
        return {"server": str(row.server_id)}

    def perform(self, claim: Claim[ServerRound]) -> None:
        server, sent_at = claim.row.server, timezone.now()
        try:
            with client_for(server) as client:
                snapshot = Snapshot(claim, client, sent_at=sent_at)
                columns = snapshot.read()
        except IppError as error:
            problem = problem_of(error)
            log.warning("a print server was not read", problem=str(problem), error=error.technical)
            raise WorkError(problem, permanent=problem in STOPPING) from error
        log.info("print server read", **snapshot.counts)
        queues = {}
        if "queues_read_at" in columns:
            queues = {"queues_due_at": sent_at + timedelta(seconds=settings.PRINT_QUEUES_SECONDS)}
        wait = timedelta(seconds=settings.PRINT_JOBS_SECONDS if snapshot.is_complete else 0)
        self.finish(
            claim,
            due_at=sent_at + wait,
            attempts=0,
            first_tried_at=None,
            stopped_at=None,
            **columns,
            **queues,
        )

    def give_up(self, claim: Claim[ServerRound], error: str) -> None:
        """Wait for someone where the login was refused; after crashes go on as slowly as it gets."""
        now = timezone.now()
        if error in STOPPING:
            self.finish(claim, error=error, stopped_at=now)
        else:
            self.finish(claim, error=error, due_at=now + timedelta(seconds=self.patience.longest_wait))

    @transaction.atomic
    def record(self, claim: Claim[ServerRound], columns: dict[str, Any]) -> None:
        error = columns["error"]
        if not error:
            note_success(claim.row.server, columns["jobs_read_at"])
        else:
            note_problem(claim.row.server, error if error in ServerProblem.values else ServerProblem.CRASHED)
        observe_end(claim.row.server)
        claim.release(**columns | _unless_ordered(claim.row, columns))


def _unless_ordered(row: ServerRound, columns: Mapping[str, Any]) -> dict[str, Any]:
    """When the server is read next: as ``columns`` say, or as someone ordered while this round was under way.

    That order is for what this round did not see: another login, or jobs that came after they were read.
    """
    otherwise = {"due_at": F("due_at"), "queues_due_at": F("queues_due_at"), "stopped_at": Value(None)}
    is_same = Q(due_at=row.due_at)
    return {
        name: Case(When(is_same, then=Value(columns[name])), default=ordered, output_field=DateTimeField())
        for name, ordered in otherwise.items()
        if columns.get(name) is not None
    }
