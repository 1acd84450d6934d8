"""Matching all past jobs of an organization again."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from printmgmt.organizations.models import Organization
from printmgmt.work.models import WorkRow


class Rematch(WorkRow):
    """The order to match jobs again, and how far it is; ordered again, it begins at the first job.

    ``awaited`` are the leases of rounds that may still match by the former setting; None before anyone has
    looked for them. ``last_job`` is the id of the last job that was looked at.
    """

    organization = models.OneToOneField(Organization, models.CASCADE, related_name="+")
    ordered_at = models.DateTimeField(default=timezone.now)
    awaited = models.JSONField(null=True, blank=True)
    last_job = models.PositiveBigIntegerField(default=0)
    checked = models.PositiveIntegerField(default=0)
    assigned = models.PositiveIntegerField(default=0)
    unassigned = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("matching of jobs")

    def __str__(self) -> str:
        return str(self.organization_id)
