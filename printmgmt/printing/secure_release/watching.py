"""Stops a secure release queue again in the round that found it resumed."""

import structlog
from django.db import transaction

from printmgmt.audit.actors import system
from printmgmt.printing.ipp.client import Client
from printmgmt.printing.ipp.errors import IppError
from printmgmt.printing.models import Printer, PrinterState, PrintServer
from printmgmt.printing.secure_release.errors import NotStopped
from printmgmt.printing.secure_release.mails import mail_stopped_again
from printmgmt.printing.secure_release.stopping import stop
from printmgmt.printing.secure_release.trail import record_release

log = structlog.get_logger(__name__)

ROUND = system("print server round")


def stop_resumed(server: PrintServer, client: Client) -> None:
    """Stop the server's queues that somebody resumed, where that was chosen, and tell administrators.

    Called by a round, under its lease, after it read the queues. What the server refuses the next round tries
    again; until then it is a problem of the queue.
    """
    resumed = Printer.objects.filter(
        server=server, secure_since__isnull=False, stops_again=True, missing_since__isnull=True
    )
    for queue in resumed.exclude(state=PrinterState.STOPPED).exclude(is_class=True):
        try:
            stop(client, queue)
        except (IppError, NotStopped) as error:
            log.warning(
                "a secure release queue was not stopped again", printer=str(queue.pk), error=str(error)
            )
            continue
        with transaction.atomic():
            record_release(queue, "stopped-again", by=ROUND)
            mail_stopped_again(queue)
