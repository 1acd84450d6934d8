"""`manage.py print_round`: reads print servers now, as the *Refresh* button does, and says how they are."""

import json
import time
from typing import Any, Final
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from printmgmt.printing.models import OPEN, PrintServer
from printmgmt.printing.rounds.kind import Rounds
from printmgmt.printing.servers.adding import order_round
from printmgmt.work.runner import perform_due

_LOOK_AGAIN: Final = 0.2
"""Seconds after which a worker that is at a round may have ended it."""


class Command(BaseCommand):
    help = (
        "Read the jobs and queues of all print servers, or of one, and wait for it; prints what is there, "
        "and for a server that could not be read the problem. Paused servers are left alone."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--server", type=UUID, help="the id of one print server")

    def handle(self, *args: Any, server: UUID | None, **options: Any) -> None:
        servers = PrintServer.objects.filter(removed_at__isnull=True).order_by("created_at", "pk")
        if server is not None:
            servers = servers.filter(pk=server)
            if not servers:
                raise CommandError(f"There is no print server {server}")
        for each in servers.filter(paused_at__isnull=True):
            _read(each)
        facts = [_facts(each) for each in servers.select_related("organization")]
        self.stdout.write(json.dumps({"print_servers": facts}))


def _read(server: PrintServer) -> None:
    """Have a round of the server that begins now; where a worker is at one, after that."""
    with transaction.atomic():
        order_round(server)
    key = str(server.round.pk)
    while not perform_due(Rounds(), key) and _is_due(key):
        time.sleep(_LOOK_AGAIN)


def _is_due(key: str) -> bool:
    return Rounds().candidates(key).filter(due_at__lte=timezone.now()).exists()


def _facts(server: PrintServer) -> dict[str, Any]:
    open_jobs = server.jobs.filter(state__in=OPEN, gone_at__isnull=True)
    return {
        "print_server": str(server.pk),
        "organization": server.organization.slug,
        "name": server.name,
        "problem": server.problem,
        "paused": server.paused_at is not None,
        "read_at": server.last_seen_at and server.last_seen_at.isoformat(),
        "generation": server.generation,
        "printers": server.printers.filter(missing_since__isnull=True).count(),
        "open_jobs": open_jobs.count(),
        "nobodys_jobs": open_jobs.filter(person__isnull=True).count(),
    }
