"""Deletes old operations; what they changed is in the audit trail."""

from datetime import timedelta
from typing import Final

from django.db.models import Q
from django.utils import timezone

from printmgmt.bulk.models import BulkOperation, OperationState

KEPT: Final = timedelta(days=90)
"""How long an operation stays; its reason may name people."""

PREVIEWED: Final = timedelta(days=1)
"""How long one stays that was never started."""

CHUNK: Final = 20
"""Operations that a round deletes, with all their items."""


def forget_old() -> int:
    """Delete some of the operations that are over for long; return how many."""
    now = timezone.now()
    never = Q(state=OperationState.PREVIEW, created_at__lt=now - PREVIEWED)
    over = Q(state__in=[OperationState.FINISHED, OperationState.STOPPED], created_at__lt=now - KEPT)
    old = list(BulkOperation.objects.filter(never | over).values_list("pk", flat=True)[:CHUNK])
    if old:
        BulkOperation.objects.filter(pk__in=old).delete()
    return len(old)
