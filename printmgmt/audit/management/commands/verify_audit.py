"""`manage.py verify_audit`: checks whether the audit trail was changed."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from printmgmt.audit.models import AuditChain, AuditEvent
from printmgmt.audit.verify import problems
from printmgmt.organizations.models import Organization


class Command(BaseCommand):
    help = "Check the audit trail's chain: exit code 1 and a line for each event that was changed or removed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", metavar="SLUG", help="check this one only")

    def handle(self, *args: Any, organization: str | None, **options: Any) -> None:
        found = 0
        for checked in self._organizations(organization):
            events = AuditEvent.objects.filter(organization=checked)
            for problem in problems(checked):
                found += 1
                self.stderr.write(self.style.ERROR(f"{checked.slug}: {problem}"))
            chain = AuditChain.objects.filter(organization=checked).first()
            end = f"ends with number {chain.sequence}, seal {chain.seal}" if chain else "nothing sealed yet"
            unsealed = events.filter(sequence__isnull=True).count()
            self.stdout.write(f"{checked.slug}: {events.count()} events, {unsealed} to be sealed; {end}")
        if found:
            raise CommandError(f"The audit trail was touched: {found} finding(s).")

    def _organizations(self, slug: str | None) -> list[Organization]:
        if slug is None:
            return list(Organization.objects.order_by("slug"))
        chosen = Organization.objects.filter(slug=slug).first()
        if chosen is None:
            raise CommandError(f"There is no organization “{slug}”.")
        return [chosen]
