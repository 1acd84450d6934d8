"""Maintenance that looks for hints, some time after the requests of a test."""

from datetime import timedelta

import time_machine
from django.utils import timezone

from addons.models import Installation
from scim_sync.models import MappingHints
from scim_sync.monitoring.cycles import count_cycles
from scim_sync.monitoring.hints.looking import look_for_hints


def look(installation: Installation, **later: float) -> set[str]:
    """Look once the sync is over, by default half an hour from now; return the hints that hold.

    A later request of the test comes before that look, so whether one is due is not asked.
    """
    MappingHints.objects.filter(installation=installation).update(looked_at=None)
    with time_machine.travel(timezone.now() + timedelta(**(later or {"minutes": 30}))):
        count_cycles(installation)
        look_for_hints(installation)
    row = MappingHints.objects.filter(installation=installation).first()
    return set(row.found) if row else set()
