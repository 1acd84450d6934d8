"""Which queues can be secure release queues and which printers their devices, by rows and on the server."""

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _

from printmgmt.printing.ipp.attributes import Queue, QueueState
from printmgmt.printing.ipp.client import Client
from printmgmt.printing.ipp.errors import Gone
from printmgmt.printing.models import Printer, PrinterState, Station
from printmgmt.printing.secure_release.errors import DevicesUnfit, NotSecure, QueueUnfit

MOST_DEVICES: Final = 50
"""Devices of one queue: each is read while someone waits."""


def refuse_queue(queue: Printer) -> None:
    """Raise QueueUnfit unless a queue may become a secure release queue, as far as the console knows."""
    refuse_server(queue)
    if queue.secure_since is not None:
        raise QueueUnfit(_("This queue is already a secure release queue. Reload the page."))
    if queue.missing_since is not None:
        raise QueueUnfit(_("This queue is no longer on the print server."))
    if queue.is_class:
        raise QueueUnfit(_no_class())
    other = queue.release_queues.filter(secure_since__isnull=False).order_by("name").first()
    if other is not None:
        raise QueueUnfit(
            _("Jobs of the queue %(queue)s are released at this printer, so it cannot be stopped.")
            % {"queue": other.name}
        )
    station = Station.objects.filter(printer=queue, revoked_at__isnull=True).order_by("name").first()
    if station is not None:
        raise QueueUnfit(
            _("The station %(station)s prints on this queue. Choose another printer for the station first.")
            % {"station": station.name}
        )


def _no_class() -> str:
    # A stopped class holds as well as a stopped queue (CUPS 2.4.2). But the console sees only its state and
    # not what its members do with what it hands them.
    return _("A class cannot be a secure release queue. Choose a queue; it needs no printer of its own.")


def refuse_server(queue: Printer) -> None:
    """Raise QueueUnfit unless the queue's server is one whose queues the console can stop now."""
    server = queue.server
    if server.removed_at is not None:
        raise QueueUnfit(_("The print server was removed from the console."))
    if not server.user_name:
        raise QueueUnfit(_("This printer is not a CUPS queue: the console cannot stop it or move its jobs."))
    if server.paused_at is not None:
        raise QueueUnfit(_("This print server is paused in the console. Resume it first."))


def refuse_devices(queue: Printer, devices: Sequence[Printer]) -> None:
    """Raise DevicesUnfit unless a released job of ``queue`` can be moved to each of ``devices``."""
    if not devices:
        raise DevicesUnfit(_("Choose at least one printer at which jobs are released."))
    if len(devices) > MOST_DEVICES:
        raise DevicesUnfit(_("Choose at most %(count)d printers.") % {"count": MOST_DEVICES})
    for device in devices:
        name = {"printer": device.name}
        if device.pk == queue.pk:
            raise DevicesUnfit(_("The queue itself is stopped and prints nothing. Choose another printer."))
        if device.server_id != queue.server_id:
            raise DevicesUnfit(
                _("%(printer)s is on another print server. Jobs can only be moved within one server.") % name
            )
        if device.missing_since is not None:
            raise DevicesUnfit(_("%(printer)s is no longer on the print server.") % name)
        if device.is_class:
            raise DevicesUnfit(_("%(printer)s is a class. Choose its members.") % name)
        if device.secure_since is not None:
            raise DevicesUnfit(_("%(printer)s is itself a secure release queue.") % name)
        if device.state == PrinterState.STOPPED:
            raise DevicesUnfit(_("%(printer)s is stopped. Resume it on the print server first.") % name)


def lock_secure(queue: Printer) -> Printer:
    """Return the row of a secure release queue under lock. Raises NotSecure if it is none (any more)."""
    rows = Printer.objects.select_for_update(of=("self",), no_key=True)
    locked = rows.select_related("server", "organization").get(pk=queue.pk)
    if locked.secure_since is None:
        raise NotSecure
    return locked


def read_queue(client: Client, queue: Printer) -> Queue:
    """Return the queue as its server shows it now. Raises QueueUnfit: it is gone, a class or another one."""
    try:
        shown = client.queue(queue.name)
    except Gone as error:
        raise QueueUnfit(_("This queue is no longer on the print server.")) from error
    if shown.is_class:
        raise QueueUnfit(_no_class())
    if queue.uuid and shown.uuid and shown.uuid != queue.uuid:
        raise QueueUnfit(
            _("Someone deleted this queue and created it again. Reload the page in a few minutes.")
        )
    return shown


def read_devices(client: Client, devices: Sequence[Printer]) -> None:
    """Raise DevicesUnfit unless the server shows each of these as a queue that prints."""
    for device in devices:
        name = {"printer": device.name}
        try:
            shown = client.queue(device.name)
        except Gone as error:
            raise DevicesUnfit(_("%(printer)s is no longer on the print server.") % name) from error
        if shown.is_class:
            raise DevicesUnfit(_("%(printer)s is a class. Choose its members.") % name)
        if shown.state == QueueState.STOPPED:
            raise DevicesUnfit(_("%(printer)s is stopped. Resume it on the print server first.") % name)
