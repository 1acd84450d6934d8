"""The row that orders one piece of work and says how far it is."""

from datetime import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class WorkRow(models.Model):
    """One piece of work. A subclass adds what is to be done, and its states.

    ``due_at``: not before then. ``attempts`` counts how often it was begun, ``crashes`` how many of the last
    attempts never came back or raised what they should not; both are raised before the attempt is made.
    ``lease_until`` and ``lease_owner`` say who is at it. ``error`` is what went wrong last.
    """

    due_at = models.DateTimeField(_("due"), default=timezone.now)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    crashes = models.PositiveIntegerField(default=0)
    first_tried_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_owner = models.CharField(max_length=100, blank=True)
    error = models.TextField(_("error"), blank=True)

    class Meta:
        abstract = True

    def start_over(self, *, due_at: datetime) -> tuple[str, ...]:
        """Reset the row as if it had never been tried, and return the names of the fields to save.

        A worker that is performing it right now keeps the lease; the row starts over after that attempt.
        """
        self.due_at, self.error = due_at, ""
        self.attempts, self.crashes, self.first_tried_at = 0, 0, None
        return ("due_at", "error", "attempts", "crashes", "first_tried_at")
