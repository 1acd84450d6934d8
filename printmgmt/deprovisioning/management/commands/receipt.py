"""`manage.py receipt RUN`: prints the receipt of a leaving, as the console's page offers it to download."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from printmgmt.deprovisioning.management.runs import run_of
from printmgmt.deprovisioning.receipts.files import text_of


class Command(BaseCommand):
    help = (
        "Print all versions of a receipt as JSON, which manage.py verify_receipt and /receipts/verify/ take."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", type=UUID, help="the id of the run (manage.py leavers)")

    def handle(self, *args: Any, run: UUID, **options: Any) -> None:
        receipts = list(run_of(run).receipts.order_by("version"))
        if not receipts:
            raise CommandError("This run has no receipt yet. It is made once the immediate steps are done.")
        self.stdout.write(text_of(receipts))
