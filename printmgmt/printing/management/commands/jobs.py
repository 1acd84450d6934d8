"""`manage.py jobs --organization contoso`: the jobs that wait or print, in one line of JSON."""

import json
from argparse import ArgumentTypeError
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandParser

from printmgmt.people.management.jsonlines import organization_of
from printmgmt.printing.models import OPEN, JobState, PrintJob

MOST: Final = 1_000_000
"""Jobs in one answer."""


class Command(BaseCommand):
    help = (
        "Print the jobs of an organization that wait or print, the newest first: number, server, printer, "
        "state, owner as the server says it, person or why it is nobody's. No titles."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organization", required=True, help="short name (slug) of the organization")
        parser.add_argument("--past", action="store_true", help="past jobs, too")
        parser.add_argument("--limit", type=_limit, default=10_000, help="at most so many (10,000)")

    def handle(self, *args: Any, past: bool, limit: int, **options: Any) -> None:
        organization = organization_of(options["organization"])
        jobs = PrintJob.objects.filter(organization=organization).order_by("-submitted_at", "-pk")
        if not past:
            jobs = jobs.filter(state__in=OPEN, gone_at__isnull=True)
        rows = jobs.select_related("server", "printer", "person")[:limit]
        facts = {"organization": organization.slug, "jobs": [_facts(job) for job in rows]}
        self.stdout.write(json.dumps(facts))


def _limit(text: str) -> int:
    number = int(text)
    if not 0 <= number <= MOST:
        raise ArgumentTypeError(f"{text} is not from 0 to {MOST:,}")
    return number


def _facts(job: PrintJob) -> dict[str, Any]:
    return {
        "job": str(job.pk),
        "number": job.remote_id,
        "print_server": str(job.server_id),
        "printer": job.printer.name if job.printer else None,
        "state": JobState(job.state).name.lower(),
        "hold_until": job.hold_until,
        "owner": job.owner_text,
        "person": str(job.person_id) if job.person_id else None,
        "user_name": job.person.user_name if job.person else None,
        "doubt": job.doubt,
        "pages": job.impressions,
        "submitted_at": job.submitted_at.isoformat(),
        "finished_at": job.finished_at and job.finished_at.isoformat(),
        "gone": job.gone_at is not None,
        "held_by_us": job.held_at is not None,
    }
