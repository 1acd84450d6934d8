"""One add-on in one organization: its settings, state, who and when."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from printmgmt.organizations.models import Account, Organization


class InstallationState(models.TextChoices):
    ACTIVE = "active", _("Active")
    PAUSED = "paused", _("Paused")
    UNINSTALLED = "uninstalled", _("Uninstalled")


class InstallationQuerySet(models.QuerySet["Installation"]):
    def present(self) -> "InstallationQuerySet":
        """Installations that are not uninstalled."""
        return self.exclude(state=InstallationState.UNINSTALLED)


class Installation(models.Model):
    """An add-on installed in an organization. A reinstall is a new row, and so a new address."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="installations")
    slug = models.CharField(max_length=60)
    state = models.CharField(
        max_length=12, choices=InstallationState.choices, default=InstallationState.ACTIVE
    )
    settings = models.JSONField(default=dict)
    installed_by = models.ForeignKey(Account, models.SET_NULL, null=True, blank=True, related_name="+")
    installed_at = models.DateTimeField(default=timezone.now, editable=False)
    uninstalled_at = models.DateTimeField(null=True, blank=True)

    objects = InstallationQuerySet.as_manager()

    class Meta:
        verbose_name = _("installation")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "slug"],
                condition=~Q(state="uninstalled"),
                name="installation_once",
            ),
            models.CheckConstraint(
                condition=Q(state="uninstalled", uninstalled_at__isnull=False)
                | (~Q(state="uninstalled") & Q(uninstalled_at__isnull=True)),
                name="installation_state_follows",
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def source(self) -> str:
        """The text core rows carry for what this installation owns: ``<slug>:<id>``."""
        return f"{self.slug}:{self.id}"
