"""`manage.py add_print_server`: what the page *Add a print server* does, answered in one line of JSON."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from printmgmt.audit.actors import Actor, system
from printmgmt.people.management.jsonlines import organization_of
from printmgmt.printing.ipp.errors import IppError, UntrustedCertificate
from printmgmt.printing.models import PrintServer
from printmgmt.printing.servers.adding import add_server
from printmgmt.printing.servers.exceptions import ServerError
from printmgmt.printing.servers.findings.finding import DANGER, WARNING
from printmgmt.printing.servers.findings.report import findings_of
from printmgmt.printing.servers.probe.probing import probe_server


class Command(BaseCommand):
    help = (
        "Add a print server to an organization and test it; prints its id, name, address and version, what "
        "the test found (probe), and the codes of what is unsafe."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organization", required=True, help="short name (slug) of the organization")
        parser.add_argument("--uri", required=True, help="such as ipps://cups.example.com:631/")
        parser.add_argument(
            "--operator", default="", help="an operator's user name; none where it is not CUPS"
        )
        parser.add_argument("--password-file", type=Path, help="a file with the operator's password")
        parser.add_argument("--name", default="", help="what to call it; without, as its host")
        parser.add_argument(
            "--fingerprint", default="", help="SHA-256 of a certificate that no authority signed"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        organization = organization_of(options["organization"])
        by = system("manage.py add_print_server")
        try:
            server = add_server(
                organization,
                name=options["name"],
                address=options["uri"],
                user_name=options["operator"],
                password=_password(options["password_file"]),
                fingerprint=options["fingerprint"],
                by=by,
            )
        except UntrustedCertificate as error:
            raise CommandError(
                f"{error} If this is its SHA-256: --fingerprint {error.fingerprint}"
            ) from error
        except (ServerError, IppError) as error:
            raise CommandError(str(error)) from error
        answer = {"print_server": str(server.pk), "name": server.name, "uri": server.uri}
        self.stdout.write(json.dumps(answer | _found(server, by)))


def _found(server: PrintServer, by: Actor) -> dict[str, Any]:
    """Return what a test of the server found. It is added, whatever becomes of the test."""
    try:
        found = probe_server(server, by=by)
    except (ServerError, IppError) as error:
        return {"version": server.version, "probe": None, "error": str(error)}
    unsafe = [finding.code for finding in findings_of(found) if finding.tone in (DANGER, WARNING)]
    return {"version": found.cups_version, "probe": found.as_json(), "unsafe": unsafe}


def _password(file: Path | None) -> str:
    if file is None:
        return ""
    try:
        return file.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"The password cannot be read: {error}") from error
