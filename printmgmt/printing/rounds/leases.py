"""One writer a server: for anyone who reads something there, changes it and writes it back."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from printmgmt.printing.ipp.errors import NotNow
from printmgmt.printing.models import PrintServer, ServerRound
from printmgmt.work.claims import Claim, LeaseLost, new_owner

LEASE: Final = timedelta(seconds=90)
"""Longer than any request; anyone who needs more time renews it."""

_LOOK_AGAIN: Final = 0.2


@contextmanager
def server_lease(server: PrintServer, *, wait: float = 10.0) -> Iterator[Claim[ServerRound]]:
    """Be the only one who changes queues of a server; wait at most so many seconds for others.

    Organizations that share a server share its lease, so that neither overwrites what the other one wrote.
    Work that takes longer than `LEASE` calls ``renew()`` of what is yielded. Raises NotNow while someone
    else has it. Call outside a transaction.
    """
    owner = new_owner()
    give_up = time.monotonic() + wait
    while not (claimed := _claim(server, owner)):
        if time.monotonic() > give_up:
            raise NotNow(_("The print server is being read or changed now. Try again in a minute."))
        time.sleep(_LOOK_AGAIN)
    try:
        yield claimed
    finally:
        _release(claimed)


def has_the_lease(server: PrintServer) -> bool:
    """Whether a round of this server is the one whose lease counts, not one of another organization."""
    return _shared_row(server).server_id == server.pk


def _claim(server: PrintServer, owner: str) -> Claim[ServerRound] | None:
    now = timezone.now()
    row = _shared_row(server)
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    taken = ServerRound.objects.filter(free, pk=row.pk)
    if not taken.update(lease_until=now + LEASE, lease_owner=owner):
        return None
    return Claim(row, owner, LEASE)


def _release(claimed: Claim[ServerRound]) -> None:
    try:
        claimed.release()
    except LeaseLost:
        # Nobody was waiting for it if it ran out unseen, and the one who took it over has it now.
        return


def _shared_row(server: PrintServer) -> ServerRound:
    """Return the row whose lease counts: the first one of all organizations that have this server."""
    rows = ServerRound.objects.filter(server__removed_at__isnull=True)
    if server.address_key:
        rows = rows.filter(server__address_key=server.address_key)
    else:
        rows = rows.filter(server=server)
    found = rows.order_by("pk").first()
    if found is None:
        raise NotNow(_("The print server was removed from the console."))
    return found
