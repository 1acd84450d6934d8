"""Stops a secure release queue again in the round that found it resumed."""

from collections.abc import Collection

import structlog
from django.db import transaction

from printmgmt.audit.actors import system
from printmgmt.printing.ipp.client import Client
from printmgmt.printing.ipp.errors import IppError
from printmgmt.printing.models import Printer, PrintServer
from printmgmt.printing.secure_release.errors import NotStopped
from printmgmt.printing.secure_release.mails import mail_stopped_again
from printmgmt.printing.secure_release.problems import is_resumed
from printmgmt.printing.secure_release.stopping import stop
from printmgmt.printing.secure_release.trail import record_release

log = structlog.get_logger(__name__)

ROUND = system("print server round")


def stop_resumed(server: PrintServer, client: Client, queues: Collection[Printer]) -> None:
    """Stop those of a server's ``queues`` that someone resumed, where that was chosen; tell administrators.

    Called by a round, under its lease, after it read the queues. What the server refuses the next round tries
    again; until then it is a problem of the queue.
    """
    for queue in queues:
        if not _to_be_stopped(queue):
            continue
        try:
            stop(client, queue)
        except (IppError, NotStopped) as error:
            log.warning(
                "a secure release queue was not stopped again", printer=str(queue.pk), error=str(error)
            )
            continue
        with transaction.atomic():
            record_release(queue, "secure-release.stopped-again", by=ROUND)
            mail_stopped_again(queue)


def _to_be_stopped(queue: Printer) -> bool:
    if not queue.stops_again or not is_resumed(queue) or queue.missing_since is not None or queue.is_class:
        return False
    # The round began a while ago: someone may have ended secure release since.
    return Printer.objects.filter(pk=queue.pk, secure_since__isnull=False, stops_again=True).exists()
