"""`manage.py identify`: finds the owner of a card, a PIN or a device, as a printer would, in JSON lines."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from printmgmt.people.identification import identify
from printmgmt.people.management.jsonlines import add_batch_arguments, organization_of, read_batch

FIELDS = ("card", "user_name", "pin", "device_token")


class Command(BaseCommand):
    help = "Say whom a card, a user name with its PIN, or a device token stands for: a person's id, or null."

    def add_arguments(self, parser: CommandParser) -> None:
        add_batch_arguments(parser)
        for option in ("--card", "--user-name", "--pin", "--device-token"):
            parser.add_argument(option)

    def handle(self, *args: Any, **options: Any) -> None:
        organization = organization_of(options["organization"])
        rows = read_batch(options["batch"]) if options["batch"] else [options]
        for row in rows:
            given = {name: str(row[name]) for name in FIELDS if row.get(name)}
            if not given:
                raise CommandError(
                    "Nothing to identify: give a card, a user name with its PIN, or a device token"
                )
            person = identify(organization, **given)
            self.stdout.write(json.dumps({"person": str(person.pk) if person else None}))
            self.stdout.flush()
