"""`manage.py approve_run RUN --reason …`: what *Perform now* on a leaver's page does, answered in JSON."""

import json
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from printmgmt.audit.actors import system
from printmgmt.deprovisioning.deciding import approve_run
from printmgmt.deprovisioning.exceptions import LeavingError
from printmgmt.deprovisioning.management.runs import run_of


class Command(BaseCommand):
    help = (
        "Have the irreversible steps of a leaving performed now instead of after the restore period: waiting "
        "jobs are canceled, cards and PINs erased. Prints the run, and how many steps there are."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", type=UUID, help="the id of the run (manage.py leavers)")
        parser.add_argument("--reason", required=True, help="why; it is in the audit log and on the receipt")

    def handle(self, *args: Any, run: UUID, reason: str, **options: Any) -> None:
        found = run_of(run)
        try:
            steps = approve_run(found, by=system("manage.py approve_run"), reason=reason)
        except LeavingError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps({"run": str(found.pk), "steps": steps}))
