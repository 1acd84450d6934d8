"""Pauses, resumes and removes print servers."""

from django.db import transaction
from django.utils import timezone

from printmgmt.audit.actors import Actor
from printmgmt.printing.models import OPEN, PrintServer, ServerRound
from printmgmt.printing.servers.adding import lock_server, order_round, record_server
from printmgmt.printing.servers.observers import announce_pause


@transaction.atomic
def pause_server(server: PrintServer, *, by: Actor) -> bool:
    """Leave the server alone until it is resumed; return whether it was not paused before.

    Raises ServerRemoved.
    """
    server = lock_server(server)
    if server.paused_at is not None:
        return False
    server.paused_at = timezone.now()
    server.save(update_fields=["paused_at"])
    record_server(server, "print-server.paused", by=by)
    announce_pause(server)
    return True


@transaction.atomic
def resume_server(server: PrintServer, *, by: Actor) -> bool:
    """Read the server again, at once; return whether it was paused. Raises ServerRemoved.

    An outage of before the pause is forgotten: nobody looked in the meantime.
    """
    server = lock_server(server)
    if server.paused_at is None:
        return False
    server.paused_at = server.offline_since = server.outage_notified_at = None
    server.problem = ""
    server.save(update_fields=["paused_at", "offline_since", "outage_notified_at", "problem"])
    order_round(server)
    record_server(server, "print-server.resumed", by=by)
    announce_pause(server)
    return True


@transaction.atomic
def remove_server(server: PrintServer, *, by: Actor) -> None:
    """Forget the server's login and read it no more. Its printers and jobs stay as history.

    Who is reading it now writes nothing any more: its lease is gone. Adding the same address brings it back.
    Raises ServerRemoved.
    """
    server = lock_server(server)
    server.removed_at = timezone.now()
    server.sealed_secret = ""
    server.save(update_fields=["removed_at", "sealed_secret"])
    ServerRound.objects.filter(server=server).delete()
    server.printers.filter(missing_since__isnull=True).update(missing_since=server.removed_at)
    server.jobs.filter(state__in=OPEN, gone_at__isnull=True).update(gone_at=server.removed_at)
    record_server(server, "print-server.removed", by=by, uri=server.uri)
