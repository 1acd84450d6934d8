"""`manage.py enrol_person`: gives people a card, a PIN and a device; prints JSON lines."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from printmgmt.audit.actors import system
from printmgmt.organizations.models import Organization
from printmgmt.people.credentials import set_card, set_pin
from printmgmt.people.devices import enrol_device
from printmgmt.people.exceptions import PeopleError
from printmgmt.people.management.jsonlines import add_batch_arguments, organization_of, read_batch
from printmgmt.people.models import PrintUser
from printmgmt.people.names import name_key


class Command(BaseCommand):
    help = (
        "Give people cards, PINs and devices: one by options, or many from JSON lines "
        "(user_name, card, pin, device)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_batch_arguments(parser)
        for option in ("--user-name", "--card", "--pin", "--device"):
            parser.add_argument(option)

    def handle(self, *args: Any, **options: Any) -> None:
        organization = organization_of(options["organization"])
        one = {name: options[name] for name in ("user_name", "card", "pin", "device") if options[name]}
        for row in read_batch(options["batch"]) if options["batch"] else [one]:
            try:
                self.stdout.write(json.dumps(_enrol(organization, row)))
            except PeopleError as error:
                raise CommandError(f"{row.get('user_name')}: {error}") from error


@transaction.atomic
def _enrol(organization: Organization, row: dict[str, Any]) -> dict[str, Any]:
    by = system("manage.py enrol_person")
    name = str(row.get("user_name", ""))
    person = PrintUser.objects.of(organization).live().filter(user_name_key=name_key(name)).first()
    if person is None:
        raise CommandError(f"There is no person {name!r}")
    answer: dict[str, Any] = {"person": str(person.pk)}
    if row.get("card"):
        answer["card_last4"] = set_card(person, str(row["card"]), by=by).last4
    if row.get("pin"):
        set_pin(person, str(row["pin"]), by=by)
    if row.get("device"):
        _device, answer["device_token"] = enrol_device(person, str(row["device"]), by=by)
    return answer
