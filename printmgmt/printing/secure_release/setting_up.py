"""Sets up secure release at a queue, changes it, and stops a queue again that someone resumed."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django.db import transaction
from django.utils import timezone

from printmgmt.audit.actors import Actor
from printmgmt.printing.ipp.attributes import QueueState
from printmgmt.printing.ipp.errors import IppError
from printmgmt.printing.models import Printer
from printmgmt.printing.rounds.leases import server_lease
from printmgmt.printing.secure_release.checking import check_release_queues
from printmgmt.printing.secure_release.errors import NotResumed, NotSecure
from printmgmt.printing.secure_release.fitness import (
    lock_secure,
    read_devices,
    read_queue,
    refuse_devices,
    refuse_queue,
    refuse_server,
)
from printmgmt.printing.secure_release.stopping import resume, stop
from printmgmt.printing.secure_release.trail import record_release
from printmgmt.printing.servers.adding import lock_server
from printmgmt.printing.servers.connecting import WHILE_SOMEBODY_WAITS, client_for


def set_up(queue: Printer, *, devices: Sequence[Printer], stops_again: bool, by: Actor) -> None:
    """Stop a queue and have its jobs released at ``devices``; the console checks that it stays stopped.

    ``stops_again``: whether the console stops it again if someone resumes it.

    Raises SecureReleaseError, ServerError and IppError; then nothing has changed here, and the queue runs if
    it did (unless the server cannot be reached any more).
    """
    refuse_queue(queue)
    refuse_devices(queue, devices)
    server = queue.server
    with server_lease(server), client_for(server, limits=WHILE_SOMEBODY_WAITS) as client:
        before = read_queue(client, queue)
        read_devices(client, devices)
        queue.refresh_from_db()
        refuse_queue(queue)
        try:
            stop(client, queue)
            with transaction.atomic():
                lock_server(server)
                queue.uuid = before.uuid
                queue.secure_since, queue.stops_again = timezone.now(), stops_again
                queue.save(update_fields=["uuid", "secure_since", "stops_again"])
                queue.devices.set(devices)
                record_release(
                    queue, "secure-release.set-up", by=by, **_told(devices, stops_again=stops_again)
                )
        except Exception:
            if before.state != QueueState.STOPPED:
                with suppress(IppError, NotResumed):
                    resume(client, queue).note()
            raise
    check_release_queues(server)


@transaction.atomic
def change(queue: Printer, *, devices: Sequence[Printer], stops_again: bool, by: Actor) -> bool:
    """Release jobs at other printers, or let the queue be resumed; return whether anything is different.

    A device that is stopped or gone may stay, and none such may be added. The server is not asked. Raises
    SecureReleaseError; then nothing has changed.
    """
    queue = lock_secure(queue)
    former = list(queue.devices.order_by("name"))
    added = [device for device in devices if device not in former]
    if added or not devices:
        refuse_devices(queue, added)
    if set(former) == set(devices) and queue.stops_again == stops_again:
        return False
    before = _told(former, stops_again=queue.stops_again)
    queue.stops_again = stops_again
    queue.save(update_fields=["stops_again"])
    queue.devices.set(devices)
    record_release(
        queue, "secure-release.changed", by=by, before=before, **_told(devices, stops_again=stops_again)
    )
    check_release_queues(queue.server)
    return True


def stop_again(queue: Printer, *, by: Actor) -> None:
    """Stop a secure release queue that someone resumed. Raises SecureReleaseError and IppError."""
    if queue.secure_since is None:
        raise NotSecure
    refuse_server(queue)
    with server_lease(queue.server), client_for(queue.server, limits=WHILE_SOMEBODY_WAITS) as client:
        read_queue(client, queue)
        stop(client, queue)
    record_release(queue, "secure-release.stopped-again", by=by)
    check_release_queues(queue.server)


def _told(devices: Sequence[Printer], *, stops_again: bool) -> dict[str, Any]:
    return {"devices": sorted(device.name for device in devices), "stops_again": stops_again}
