"""A bulk operation: the order, who gave it and how far it is; and the items it is about."""

import uuid
from typing import Final

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from printmgmt.audit.actors import Actor
from printmgmt.audit.models import ActorKind
from printmgmt.organizations.models import Organization
from printmgmt.work.models import WorkRow

BULK_WORK: Final = "bulk"
"""What operations are called in nudges; the key is the row's id."""


class OperationState(models.TextChoices):
    PREVIEW = "preview", _("Not started")
    WORKING = "working", _("In progress")
    FINISHED = "finished", _("Complete")
    STOPPED = "stopped", _("Stopped")


class BulkOperation(WorkRow):
    """One change to many rows. While it is a ``PREVIEW``, nothing is changed.

    ``kind`` names a registered `kinds.Kind`; ``options`` are what else it needs, JSON. The ``actor_…``
    columns and ``ends_console_access`` are who ordered it. ``done``, ``failed`` and ``skipped`` are as of the
    end of the last turn; `progress.counts` counts the items.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="bulk_operations")
    kind = models.CharField(max_length=60)
    options = models.JSONField(default=dict)
    reason = models.TextField(_("reason"), blank=True)
    state = models.CharField(max_length=10, choices=OperationState.choices, default=OperationState.PREVIEW)
    actor_kind = models.CharField(max_length=10, choices=ActorKind.choices)
    actor_id = models.CharField(max_length=64, blank=True)
    actor_label = models.CharField(max_length=254)
    source = models.CharField(max_length=120)
    request_id = models.CharField(max_length=64, blank=True)
    ends_console_access = models.BooleanField(null=True)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("bulk operation")
        indexes = [
            models.Index(fields=["organization", "-created_at", "-id"], name="bulk_newest"),
            models.Index(fields=["organization", "due_at"], condition=Q(state="working"), name="bulk_due"),
            models.Index(fields=["created_at"], condition=~Q(state="working"), name="bulk_old"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def actor(self) -> Actor:
        """Who ordered it, for what is done in their name."""
        return Actor(
            kind=ActorKind(self.actor_kind),
            label=self.actor_label,
            id=self.actor_id,
            source=self.source,
            request_id=self.request_id,
            ends_console_access=self.ends_console_access,
        )


class ItemState(models.TextChoices):
    PENDING = "pending", _("Pending")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    SKIPPED = "skipped", _("No change needed")
    STOPPED = "stopped", _("Not done")


class BulkItem(models.Model):
    """One of the rows that an operation changes.

    ``seen`` is what the row was at when it was chosen, such as a person's epoch; its kind knows. ``reason``
    is why it failed or was skipped, in words that name nobody. ``attempts`` counts only after a worker died.
    """

    operation = models.ForeignKey(BulkOperation, models.CASCADE, related_name="items")
    object_id = models.CharField(max_length=64)
    seen = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=ItemState.choices, default=ItemState.PENDING)
    reason = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("item of a bulk operation")
        constraints = [
            models.UniqueConstraint(fields=["operation", "object_id"], name="bulk_item_once"),
        ]
        indexes = [models.Index(fields=["operation", "state", "id"], name="bulk_item_next")]

    def __str__(self) -> str:
        return f"{self.object_id} {self.state}"
