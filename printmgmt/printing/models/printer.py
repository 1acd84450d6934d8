"""The queues of print servers."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from printmgmt.organizations.models import Organization
from printmgmt.printing.models.server import PrintServer


class PrinterState(models.IntegerChoices):
    """RFC 8011 §5.4.11 printer-state."""

    IDLE = 3, _("Idle")
    PROCESSING = 4, _("Printing")
    STOPPED = 5, _("Stopped")


class Printer(models.Model):
    """A queue of a server, as the last round that read queues saw it.

    ``missing_since``: the first round that no longer saw it; its jobs stay as history. A queue with
    ``devices`` is a secure release queue: it is stopped, and the console moves a released job to one of them.
    ``hold_problem`` says why it does not hold securely now, blank when it does.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="printers")
    server = models.ForeignKey(PrintServer, models.PROTECT, related_name="printers")
    name = models.CharField(_("name"), max_length=200)
    uri = models.CharField(_("address"), max_length=500)
    uuid = models.CharField(max_length=60, blank=True)
    is_class = models.BooleanField(_("class"), default=False)
    info = models.TextField(_("description"), blank=True)
    location = models.TextField(_("location"), blank=True)
    make_model = models.TextField(_("model"), blank=True)
    state = models.PositiveSmallIntegerField(_("state"), choices=PrinterState.choices, null=True, blank=True)
    state_reasons = models.JSONField(default=list, blank=True)
    state_message = models.TextField(blank=True)
    accepting = models.BooleanField(_("accepts jobs"), null=True, blank=True)
    op_policy = models.CharField(max_length=200, blank=True)
    hold_default = models.CharField(max_length=100, blank=True)
    last_seen_at = models.DateTimeField(_("last seen"), null=True, blank=True)
    missing_since = models.DateTimeField(_("missing since"), null=True, blank=True)
    devices = models.ManyToManyField("self", symmetrical=False, related_name="release_queues", blank=True)
    hold_problem = models.CharField(max_length=40, blank=True)
    hold_checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("printer")
        constraints = [models.UniqueConstraint(fields=["server", "name"], name="printer_once")]
        indexes = [
            models.Index(
                fields=["organization", "name", "id"],
                condition=Q(missing_since__isnull=True),
                name="printer_name",
            )
        ]

    def __str__(self) -> str:
        return self.name
