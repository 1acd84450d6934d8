"""How long work is tried, and how long it waits between two tries."""

import random
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from printmgmt.work.models import WorkRow


@dataclass(frozen=True)
class Patience:
    """Waits are in seconds. ``attempts`` and ``time`` (since the first try) are limits, None for none.

    ``crashes`` is how many attempts in a row may die or raise what they should not.
    """

    first_wait: float = 5.0
    longest_wait: float = 3600.0
    crashes: int = 5
    attempts: int | None = None
    time: timedelta | None = timedelta(hours=72)

    def wait(self, attempts: int) -> timedelta:
        """How long to wait after so many attempts (at least one): twice as long each time, with jitter."""
        ceiling = min(self.longest_wait, self.first_wait * 2 ** min(attempts - 1, 16))
        # Jitter: a server that comes back is not met by everyone at once.
        return timedelta(seconds=random.uniform(ceiling / 2, ceiling))  # noqa: S311 -- no secret

    def is_over(self, row: WorkRow) -> bool:
        """Whether a row that could not be done now has been tried long enough."""
        if self.attempts is not None and row.attempts >= self.attempts:
            return True
        first = row.first_tried_at
        return self.time is not None and first is not None and timezone.now() - first >= self.time
