"""Credentials of which two may live at a time, so that one replaces the other without a gap."""

from typing import Final

from django.db import models
from django.db.models import Q

SLOTS: Final = (1, 2)
"""The places of live credentials. A revoked or expired one gives its place up."""


def two_slots(owner: str, *, named: str) -> list[models.BaseConstraint]:
    """Constraints of a table with ``slot`` and ``revoked_at``: two live rows for each ``owner`` at most."""
    free = Q(slot__isnull=True)
    return [
        models.UniqueConstraint(
            fields=[owner, "slot"], condition=Q(slot__isnull=False), name=f"{named}_slot_once"
        ),
        models.CheckConstraint(condition=free | Q(slot__in=list(SLOTS)), name=f"{named}_two_slots"),
        models.CheckConstraint(
            condition=free | Q(revoked_at__isnull=True), name=f"{named}_revoked_has_no_slot"
        ),
    ]
