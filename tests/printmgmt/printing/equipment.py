"""Print servers, printers, jobs and stations as rows: of servers nobody calls, and of a private cupsd."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any

from django.utils import timezone

from demo.cupsd import OPERATOR, PrivateCups
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser
from printmgmt.printing.models import (
    JobState,
    Printer,
    PrinterState,
    PrintJob,
    PrintServer,
    ServerRound,
    Station,
)
from printmgmt.printing.servers.connecting import BOX
from printmgmt.printing.stations.managing import add_station
from tests import factories

_number = count(1)


def print_server(of: Organization, **columns: Any) -> PrintServer:
    number = next(_number)
    values = {"name": f"Server {number}", "uri": f"ipp://print{number}.contoso.example/"} | columns
    return PrintServer.objects.create(organization=of, **values)


def printer(server: PrintServer, name: str = "", **columns: Any) -> Printer:
    name = name or f"printer{next(_number)}"
    uri = f"{server.uri}printers/{name}"
    return Printer.objects.create(
        organization=server.organization, server=server, name=name, uri=uri, **columns
    )


def secure_queue(
    server: PrintServer, name: str = "", devices: Sequence[Printer] = (), **columns: Any
) -> Printer:
    """A secure release queue, as rows: no server is asked."""
    columns = {"state": PrinterState.STOPPED, "secure_since": timezone.now()} | columns
    queue = printer(server, name, **columns)
    queue.devices.set(devices)
    return queue


def print_job(at: Printer, person: PrintUser | None = None, **columns: Any) -> PrintJob:
    values = {
        "remote_id": next(_number),
        "state": JobState.HELD,
        "hold_until": "indefinite",
        "submitted_at": timezone.now(),
        "generation": at.server.generation,
        "owner_text": person.user_name if person else "",
        "owner_key": person.user_name_key if person else "",
    } | columns
    return PrintJob.objects.create(
        organization=at.organization, server=at.server, printer=at, person=person, **values
    )


def station(at: Printer, name: str = "") -> tuple[Station, str]:
    """A station beside a printer, and its token."""
    return add_station(
        at.organization, name or f"Station {next(_number)}", at, by=factories.TESTER, account=None
    )


def operated(of: Organization, cups: PrivateCups, **columns: Any) -> PrintServer:
    """A row for a private cupsd with its operator's login and its round, without asking it anything."""
    columns = {"name": "Front office", "generation": 1} | columns
    sealed = BOX.seal(cups.passwords[OPERATOR])
    server = PrintServer.objects.create(
        organization=of, uri=cups.uri, user_name=OPERATOR, sealed_secret=sealed, **columns
    )
    ServerRound.objects.create(organization=of, server=server)
    return server


def seen_job(cups: PrivateCups, at: Printer, number: int, person: PrintUser | None = None) -> PrintJob:
    """The row of a job as a round would have written it."""
    group = cups.job(number)
    return print_job(
        at,
        person,
        remote_id=number,
        state=group["job-state"],
        hold_until=group["job-hold-until"],
        job_uuid=group["job-uuid"],
        submitted_at=datetime.fromtimestamp(group["time-at-creation"], UTC),
    )
