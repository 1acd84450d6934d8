"""When the directory called: its last contact, and its visits."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from addons.models import Installation


class Contact(models.Model):
    """When the directory last called an installation, and in which visit; written about once a minute."""

    installation = models.OneToOneField(Installation, models.CASCADE, related_name="contact")
    visit = models.ForeignKey("Visit", models.SET_NULL, null=True, blank=True, related_name="+")
    first_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)
    last_write_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("contact")

    def __str__(self) -> str:
        return f"{self.installation_id} {self.last_at}"


FULL_SHARE = 0.8
"""A visit is a full cycle if it read or wrote at least this share of the linked people."""


class VisitQuerySet(models.QuerySet["Visit"]):
    def full(self) -> "VisitQuerySet":
        """Counted visits that read or wrote nearly all linked people, judged by their number."""
        wanted = F("people") * FULL_SHARE
        written = F("created") + F("updated") + F("unchanged") + F("left")
        is_full = Q(reads__gte=wanted) | Q(written__gte=wanted)
        return self.alias(written=written).filter(is_full, people__gt=0)


class Visit(models.Model):
    """The directory's requests between two silences: one cycle, as far as a server can tell.

    ``silence`` is the one before it, None for the first. ``reads`` and ``throttled`` (requests that were told
    to come later) grow while it lasts, and may lack the last few; the other counts are made from the events
    when it is over, and ``people``, how many were linked then, is None until that was done.
    """

    installation = models.ForeignKey(Installation, models.CASCADE, related_name="visits")
    began_at = models.DateTimeField(default=timezone.now)
    silence = models.DurationField(null=True, blank=True)
    reads = models.PositiveBigIntegerField(default=0)
    throttled = models.PositiveBigIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    people = models.PositiveIntegerField(null=True, blank=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit")
        indexes = [models.Index(fields=["installation", "-began_at"], name="visit_newest")]

    def __str__(self) -> str:
        return f"{self.installation_id} {self.began_at}"
