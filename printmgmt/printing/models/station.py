"""Release stations."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from printmgmt.organizations.models import Organization
from printmgmt.printing.models.printer import Printer
from printmgmt.tokens.models import BearerToken


class Station(BearerToken):
    """A release terminal beside a printer. It is its token: a new token replaces the old one in this row.

    ``revoked_at`` is set when the station is removed. ``last_used_at`` is when it called last, to the minute.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="stations")
    name = models.CharField(_("name"), max_length=200)
    printer = models.ForeignKey(Printer, models.SET_NULL, null=True, blank=True, related_name="stations")

    class Meta:
        verbose_name = _("station")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"], condition=Q(revoked_at__isnull=True), name="station_once"
            )
        ]

    def __str__(self) -> str:
        return self.name
