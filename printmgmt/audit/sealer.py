"""Chains audit events after they are written, so that writers do not wait for each other."""

from datetime import timedelta
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone

from printmgmt.audit.chain import seal_of
from printmgmt.audit.models import AuditChain, AuditEvent
from printmgmt.rounds import isolate_errors

log = structlog.get_logger(__name__)

CHUNK = 1_000
"""Events sealed per organization and sweep, in one transaction, so that a busy one does not delay others."""

SEAL_DELAY = timedelta(seconds=5)
"""How old an event must be to be sealed.

An event gets its id when it is inserted, but others see it only after its commit. Without the delay, event 6
would often be sealed before event 5, whose transaction was still open. Correctness does not depend on it: the
chain is ordered by ``sequence``, and the sealer looks for events that are not sealed, not for ids after the
last one. So an event that commits even later is sealed later and never missed.
"""


def seal_due() -> int:
    """Seal events that are old enough, one chunk per organization; return how many.

    May run in several processes at once.
    """
    waiting = AuditEvent.objects.filter(sequence__isnull=True, at__lt=timezone.now() - SEAL_DELAY)
    organizations = waiting.order_by("organization_id").values_list("organization_id", flat=True).distinct()
    sealed = 0
    for organization in list(organizations):
        with isolate_errors("sealing the audit", organization=str(organization)):
            sealed += seal_chunk(organization)
    return sealed


def seal_chunk(organization_id: UUID) -> int:
    """Seal the oldest events of an organization, at most CHUNK; return how many.

    Seals nothing while another sealer works on the organization. Logs the new end of the chain: if logs are
    kept elsewhere, they reveal a chain that was computed again.
    """
    AuditChain.objects.get_or_create(organization_id=organization_id)
    with transaction.atomic():
        # One writer per chain. On SQLite an IMMEDIATE transaction already ensures that.
        locked = AuditChain.objects.select_for_update(skip_locked=True, no_key=True)
        chain = locked.filter(organization_id=organization_id).first()
        if chain is None:
            return 0
        now = timezone.now()
        # Read after locking: another sealer may have sealed some in the meantime.
        due = AuditEvent.objects.filter(
            organization_id=organization_id, sequence__isnull=True, at__lt=now - SEAL_DELAY
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
