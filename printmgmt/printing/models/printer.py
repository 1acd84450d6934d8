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


class HoldProblem(models.TextChoices):
    """Why a secure release queue does not hold securely, or nobody can release from it."""

    NONE = "", _("No problem")
    MISSING = "queue-missing", _("The queue is no longer on the print server")
    CLASS = "became-class", _("The queue has become a class")
    RESUMED = "resumed", _("Someone resumed the queue: its jobs print by themselves")
    UNREAD = "server-unread", _("Unknown: the print server cannot be read now")
    DEVICE_MISSING = "device-missing", _("A printer where jobs are released is no longer on the print server")
    DEVICE_STOPPED = "device-stopped", _("A printer where jobs are released is stopped")
    BYPASS = "bypass", _("Jobs can be moved out of the queue without releasing them")
    UNTESTED = "untested", _("The print server was not tested for who can move jobs out of the queue")


class Printer(models.Model):
    """A queue of a server, as the last round that read queues saw it.

    ``missing_since``: the first round that no longer saw it; its jobs stay as history.

    A queue with ``secure_since`` is a secure release queue: it is stopped, and the console moves a released
    job to one of its ``devices``, of which it has at least one. If someone resumes it and ``stops_again`` is
    set, the next round stops it. ``hold_problem`` is the most urgent reason why it does not hold securely, or
    cannot be released from, since ``hold_problem_since``.
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
    secure_since = models.DateTimeField(_("secure release since"), null=True, blank=True)
    stops_again = models.BooleanField(default=False)
    devices = models.ManyToManyField("self", symmetrical=False, related_name="release_queues", blank=True)
    hold_problem = models.CharField(_("problem"), max_length=40, choices=HoldProblem.choices, blank=True)
    hold_problem_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("printer")
        constraints = [
            models.UniqueConstraint(fields=["server", "name"], name="printer_once"),
            models.CheckConstraint(
                condition=Q(hold_problem="", hold_problem_since__isnull=True)
                | ~Q(hold_problem="") & Q(hold_problem_since__isnull=False, secure_since__isnull=False),
                name="printer_problem_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(stops_again=False) | Q(secure_since__isnull=False),
                name="printer_stopped_again_is_secure",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "name", "id"], name="printer_name"),
            models.Index(
                fields=["server"], condition=Q(secure_since__isnull=False), name="printer_secure_release"
            ),
        ]

    def __str__(self) -> str:
        return self.name
