"""`manage.py add_station`: what the page *Add station* does, answered in one line of JSON."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from printmgmt.audit.actors import system
from printmgmt.people.management.jsonlines import organization_of
from printmgmt.printing.management.printers import printer_called
from printmgmt.printing.stations.errors import StationError
from printmgmt.printing.stations.managing import add_station, possible_printers


class Command(BaseCommand):
    help = (
        "Add a release station beside a printer; prints its id, name and printer, the address that a tablet "
        "opens, and the token, which cannot be read again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organization", required=True, help="short name (slug) of the organization")
        parser.add_argument("--name", required=True, help="what people call the station")
        parser.add_argument("--printer", required=True, help="name of a printer, or its id in the console")

    def handle(self, *args: Any, **options: Any) -> None:
        organization = organization_of(options["organization"])
        printer = printer_called(options["printer"], possible_printers(organization))
        by = system("manage.py add_station")
        try:
            station, token = add_station(organization, options["name"], printer, by=by)
        except StationError as error:
            raise CommandError(str(error)) from error
        answer = {
            "station": str(station.pk),
            "name": station.name,
            "printer": printer.name,
            "url": settings.PUBLIC_URL + reverse("station_page:start"),
            "token": token,
        }
        self.stdout.write(json.dumps(answer))
