"""`manage.py leavers`: prints the runs of an organization as JSON lines, newest first."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from printmgmt.deprovisioning.models import DeprovisionRun
from printmgmt.organizations.models import Organization


class Command(BaseCommand):
    help = "List leavers' runs as JSON lines: person, user_name, trigger, state, next_due_at."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organization", required=True, help="short name (slug) of the organization")

    def handle(self, *args: Any, organization: str, **options: Any) -> None:
        if not Organization.objects.filter(slug=organization).exists():
            raise CommandError(f"There is no organization {organization!r}")
        runs = DeprovisionRun.objects.filter(organization__slug=organization).select_related("person")
        for run in runs.order_by("-cut_at").iterator():
            line = {
                "run": str(run.pk),
                "person": str(run.person_id),
                "user_name": run.person.user_name,
                "trigger": run.trigger,
                "state": run.state,
                "cut_at": run.cut_at.isoformat(),
                "next_due_at": run.next_due_at.isoformat() if run.next_due_at else None,
            }
            self.stdout.write(json.dumps(line))
