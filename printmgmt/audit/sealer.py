"""Chains audit events after they were written, so that writing one never waits for another."""

from datetime import timedelta
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone

from printmgmt.audit.chain import seal_of
from printmgmt.audit.models import AuditChain, AuditEvent
from printmgmt.rounds import on_its_own

log = structlog.get_logger(__name__)

CHUNK = 1_000
"""Events sealed in one transaction, and per organization and sweep: one's flood delays nobody else's."""

LAG = timedelta(seconds=5)
"""How old an event is before it is sealed.

Ids are given out when a row is inserted, but seen in the order of commits: sealing at once would often put
event 6 before event 5, whose transaction was still open. A few seconds let nearly all of them arrive. For
the proof it does not matter: the chain's order is ``sequence``, what is looked for is "not sealed yet" and
not "newer than the last one", so an event that commits later still is sealed later, and never missed.
"""


def seal_due() -> int:
    """Seal what is due, a chunk in each organization, and return how many events were sealed.

    Safe to run anywhere, any number of times, also at once.
    """
    waiting = AuditEvent.objects.filter(sequence__isnull=True, at__lt=timezone.now() - LAG)
    organizations = waiting.order_by("organization_id").values_list("organization_id", flat=True).distinct()
    sealed = 0
    for organization in list(organizations):
        with on_its_own("sealing the audit", organization=str(organization)):
            sealed += seal_chunk(organization)
    return sealed


def seal_chunk(organization_id: UUID) -> int:
    """Seal the oldest events of an organization, at most CHUNK; return how many.

    None when another sealer is at work there. The new end of the chain is logged: whoever keeps the logs
    elsewhere can tell a chain that was made anew from the one that was written.
    """
    AuditChain.objects.get_or_create(organization_id=organization_id)
    with transaction.atomic():
        # One writer a chain. On SQLite the transaction itself (IMMEDIATE) keeps the others out.
        locked = AuditChain.objects.select_for_update(skip_locked=True, no_key=True)
        chain = locked.filter(organization_id=organization_id).first()
        if chain is None:
            return 0
        now = timezone.now()
        # Read after the lock, or an event that another sealer took meanwhile would be sealed twice.
        due = AuditEvent.objects.filter(
            organization_id=organization_id, sequence__isnull=True, at__lt=now - LAG
        )
        events = list(due.defer("details", "salt", "reason", "ticket").order_by("id")[:CHUNK])
        if not events:
            return 0
        for event in events:
            chain.sequence += 1
            chain.seal = seal_of(chain.seal, event, sequence=chain.sequence, sealed_at=now)
            event.sequence, event.seal, event.sealed_at = chain.sequence, chain.seal, now
        AuditEvent.objects.bulk_update(events, ["sequence", "seal", "sealed_at"], batch_size=200)
        chain.save(update_fields=["sequence", "seal"])
    log.info("audit sealed", organization=str(organization_id), sequence=chain.sequence, seal=chain.seal)
    return len(events)
