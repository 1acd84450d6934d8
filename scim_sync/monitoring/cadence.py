"""How often a directory calls, learned from its visits, and when its silence becomes unusual.

Entra calls about every 40 minutes and only when something changed, so an organization has its own rhythm:
office hours, weekends. Nothing is assumed of it.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from addons.models import Installation
from scim_sync.models import Visit

LEARNED_FROM = timedelta(days=15)
"""Long enough to include two weekends."""

FEWEST_VISITS, MOST_VISITS = 5, 1000
"""A cadence is learned from at least and at most so many visits."""

SHORTEST_PATIENCE = timedelta(hours=2)
PATIENCE_UNTIL_LEARNED = timedelta(days=3)
"""A silence of this length is unusual while no cadence is learned."""


@dataclass(frozen=True)
class Cadence:
    """``usual`` is the median silence between two visits, None until learned.

    ``patience`` is how long a silence may last before it is unusual.
    """

    usual: timedelta | None
    patience: timedelta


def cadence_of(installation: Installation) -> Cadence:
    """The cadence of the last fifteen days, read in one query."""
    since = timezone.now() - LEARNED_FROM
    visits = Visit.objects.filter(installation=installation, silence__isnull=False, began_at__gte=since)
    newest = visits.order_by("-began_at").values_list("silence", flat=True)[:MOST_VISITS]
    silences = sorted(silence for silence in newest if silence is not None)
    if len(silences) < FEWEST_VISITS:
        return Cadence(None, PATIENCE_UNTIL_LEARNED)
    usual = silences[len(silences) // 2]
    # The very longest may have been an outage; that nights and weekends are silent, the second longest knows.
    return Cadence(usual, max(3 * usual, 1.25 * silences[-2], SHORTEST_PATIENCE))
