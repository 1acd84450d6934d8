"""Keeps the lists of queues as they have to be, also while nobody leaves."""

import time
from collections.abc import Collection
from contextlib import closing
from datetime import timedelta
from typing import Final

import structlog
from django.utils import timezone

from printmgmt.deprovisioning.steps.on_print_servers.refusing import refused_at
from printmgmt.printing.ipp.client import Client
from printmgmt.printing.ipp.errors import IppError, NotNow
from printmgmt.printing.models import Printer, PrintServer, RefusedNames
from printmgmt.printing.queue_access.checking import LONGEST, check_lists
from printmgmt.printing.queue_access.removed import forget_nobodys_names
from printmgmt.printing.queue_access.rows import names_refused, place_of
from printmgmt.printing.queue_access.sweeping import sweep_lists
from printmgmt.printing.rounds.leases import has_the_lease, server_lease
from printmgmt.rounds import isolate_errors

log = structlog.get_logger(__name__)

NAME: Final = "deprovisioning.queue-lists"

_EVERY: Final = timedelta(minutes=1)


def bring_up_to_date() -> None:
    """Write the lists of servers whose names to refuse are no longer those that they refuse.

    That is so when a leaver is anonymized or merged, when someone else gets a name, or when a person comes
    back after the restore period. Each server is looked at once a minute, by one worker. One statement if
    nothing is to be looked at.
    """
    due = RefusedNames.objects.filter(checked_at__lt=timezone.now() - _EVERY)
    places = [place for place in due.values_list("place", flat=True) if _claim(place)]
    if not places:
        return
    servers: dict[str, PrintServer] = {}
    managed = PrintServer.objects.filter(removed_at=None).exclude(user_name="").order_by("pk")
    for row in managed.select_related("organization"):
        servers.setdefault(place_of(row), row)
    for place in {*places} - servers.keys():
        forget_nobodys_names(place)
    for place in {*places} & servers.keys():
        server = servers[place]
        if server.paused_at is None and server.offline_since is None:
            with isolate_errors("lists of queues", server=str(server.pk)):
                _bring(server)


def look_after(server: PrintServer, client: Client, queues: Collection[Printer]) -> None:
    """Read the lists of a server's queues, so that names that were lost there are put back.

    Called by a round, after it read the queues. One statement where no queue is closed to anyone.
    """
    refused, swept_at = names_refused(server)
    if swept_at is None:
        return
    names = refused_at(server).names
    if names.keys() != refused:
        return  # a sweep is about to write all of them
    try:
        if has_the_lease(server):
            check_lists(server, client, queues, names)
        else:
            with server_lease(server, wait=0):
                check_lists(server, client, queues, names)
    except NotNow as error:
        log.info("lists of queues are read later", server=str(server.pk), error=error.technical)


def _claim(place: str) -> bool:
    """Whether this worker looks at a place now, and no other."""
    now = timezone.now()
    rows = RefusedNames.objects.filter(place=place, checked_at__lt=now - _EVERY)
    return bool(rows.update(checked_at=now))


def _bring(server: PrintServer) -> None:
    refused, swept_at = names_refused(server)
    if swept_at is not None and refused_at(server).names.keys() == refused:
        return
    try:
        with closing(sweep_lists(server, lambda: refused_at(server).names, wait=0)) as sweep:
            ends_at = time.monotonic() + LONGEST
            for _swept in sweep:
                if time.monotonic() > ends_at:
                    break  # other work waits as well; a minute later this goes on there
    except IppError as error:
        log.warning("lists of queues were not written", server=str(server.pk), error=error.technical)
