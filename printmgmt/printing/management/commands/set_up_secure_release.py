"""`manage.py set_up_secure_release`: what the page *Secure release* does, answered in one line of JSON."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from printmgmt.audit.actors import system
from printmgmt.people.management.jsonlines import organization_of
from printmgmt.printing.ipp.errors import IppError
from printmgmt.printing.management.printers import printer_called
from printmgmt.printing.models import Printer
from printmgmt.printing.secure_release.errors import SecureReleaseError
from printmgmt.printing.secure_release.setting_up import set_up
from printmgmt.printing.servers.exceptions import ServerError


class Command(BaseCommand):
    help = (
        "Stop a queue, so that its jobs wait until they are released at one of the given printers of its "
        "print server; prints the queue and those printers."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organization", required=True, help="short name (slug) of the organization")
        parser.add_argument("--queue", required=True, help="name of a queue, or its id in the console")
        parser.add_argument(
            "--device", action="append", required=True, help="name or id of a printer; give it several times"
        )
        parser.add_argument(
            "--stop-again", action="store_true", help="stop the queue again if somebody resumes it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        organization = organization_of(options["organization"])
        printers = Printer.objects.filter(organization=organization, server__removed_at__isnull=True)
        printers = printers.filter(missing_since__isnull=True).select_related("server")
        queue = printer_called(options["queue"], printers)
        beside = printers.filter(server=queue.server_id)
        devices = [printer_called(text, beside) for text in options["device"]]
        by = system("manage.py set_up_secure_release")
        try:
            set_up(queue, devices=devices, stops_again=options["stop_again"], by=by)
        except (SecureReleaseError, ServerError, IppError) as error:
            raise CommandError(str(error)) from error
        answer = {"queue": queue.name, "devices": [device.name for device in devices]}
        self.stdout.write(json.dumps(answer))
