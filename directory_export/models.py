"""The next export of an installation with its secret, and all exports with their results."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from addons.models import Installation
from directory_export.preferences import Destination, Format
from printmgmt.organizations.models import Organization
from printmgmt.secret_box import SecretBox
from printmgmt.work.models import WorkRow

BOX = SecretBox("directory_export")
"""Encrypts the secrets of exports."""

EXPORT_WORK = "directory_export.runs"
"""The kind of work that nudges name; their key is the row's id."""


class ExportPlan(models.Model):
    """The next nightly export of an installation (None: off), and its encrypted secret.

    ``secret_origin`` is the origin for which the secret was entered. It is never sent to another one.
    """

    installation = models.OneToOneField(
        Installation, models.CASCADE, primary_key=True, related_name="export_plan"
    )
    next_due_at = models.DateTimeField(null=True, blank=True)
    sealed_secret = models.TextField(blank=True, editable=False)
    secret_origin = models.CharField(max_length=500, blank=True, editable=False)

    class Meta:
        verbose_name = _("export plan")
        indexes = [models.Index(fields=["next_due_at"], name="export_plan_due")]

    def __str__(self) -> str:
        return str(self.installation_id)


class Kind(models.TextChoices):
    PEOPLE = "people", _("People")
    GROUPS = "groups", _("Groups")


class RunState(models.TextChoices):
    WAITING = "waiting", _("Pending")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Canceled")


class Cause(models.TextChoices):
    NIGHTLY = "nightly", _("Every night")
    BY_HAND = "by-hand", _("Manually")


class ExportRunQuerySet(models.QuerySet["ExportRun"]):
    def in_folder(self) -> "ExportRunQuerySet":
        """Return the runs whose file should still be in the folder."""
        delivered = self.filter(state=RunState.DELIVERED, destination=Destination.FOLDER)
        return delivered.filter(removed_at__isnull=True)


class ExportRun(WorkRow):
    """One file to deliver: first the order, later the result.

    At most one run of each kind is open per installation. ``removed_at`` is when the file was removed from
    the folder: newer files replaced it, or it was kept for long enough.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="export_runs")
    installation = models.ForeignKey(Installation, models.PROTECT, related_name="export_runs")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    cause = models.CharField(_("cause"), max_length=10, choices=Cause.choices)
    requested_by = models.CharField(_("requested by"), max_length=254, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=RunState.choices, default=RunState.WAITING)
    created_at = models.DateTimeField(_("requested"), default=timezone.now, editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    destination = models.CharField(_("to"), max_length=10, choices=Destination.choices, blank=True)
    location = models.CharField(_("where"), max_length=700, blank=True)
    format = models.CharField(_("format"), max_length=4, choices=Format.choices, blank=True)
    rows = models.PositiveIntegerField(_("rows"), null=True, blank=True)
    size = models.PositiveBigIntegerField(_("bytes"), null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    milliseconds = models.PositiveIntegerField(_("duration"), null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = ExportRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        constraints = [
            models.UniqueConstraint(
                fields=["installation", "kind"], condition=Q(state="waiting"), name="export_open_once"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", ended_at__isnull=True)
                | (~Q(state="waiting") & Q(ended_at__isnull=False)),
                name="export_state_follows",
            ),
        ]
        indexes = [
            models.Index(fields=["installation", "-created_at", "-id"], name="export_history"),
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="export_due"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def is_downloadable(self) -> bool:
        """Whether its file should still be in the folder."""
        return (
            self.state == RunState.DELIVERED
            and self.destination == Destination.FOLDER
            and self.removed_at is None
        )
