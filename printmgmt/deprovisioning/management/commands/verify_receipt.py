"""`manage.py verify_receipt FILE`: says whether a receipt is the one that this console signed."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from printmgmt.deprovisioning.receipts.verifying import verify_text


class Command(BaseCommand):
    help = (
        "Verify a receipt, or all versions of one as they were downloaded together. Prints one line of JSON, "
        "then plain words. Exit code 0: valid, 1: not valid."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="the JSON file")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            verdict = verify_text(file.read_bytes())
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}") from error
        self.stdout.write(json.dumps(verdict.as_dict()))
        if not verdict.valid:
            self.stdout.write(f"Not valid. {' '.join(verdict.sentences)}")
            sys.exit(1)
        names = "Names are those that were signed." if verdict.has_names else "Personal data was erased."
        versions = ", ".join(map(str, verdict.versions))
        self.stdout.write(
            f"Valid: version {versions} of run {verdict.run}, signed by {verdict.key_id}. {names}"
        )
