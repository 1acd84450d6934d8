"""Enrolled clients."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from printmgmt.organizations.models import Organization
from printmgmt.people.models.person import PrintUser


class Device(models.Model):
    """A device that a person enrolled. Revoking is final: a person who comes back enrolls it again.

    ``connected_since`` is set while the client holds a connection open.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    person = models.ForeignKey(PrintUser, models.CASCADE, related_name="devices")
    name = models.CharField(_("name"), max_length=200)
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    enrolled_at = models.DateTimeField(_("enrolled"), default=timezone.now, editable=False)
    connected_since = models.DateTimeField(_("connected since"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoked_by_run = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = _("device")
        ordering = ["enrolled_at", "id"]

    def __str__(self) -> str:
        return self.name
