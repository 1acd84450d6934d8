"""The outbox: one row for each mail that is to be sent, and what became of it."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from printmgmt.secret_box import SecretBox
from printmgmt.work.models import WorkRow

BOX = SecretBox("mail")
"""Holds what waits to be mailed and must not be read before."""


class MailState(models.TextChoices):
    WAITING = "waiting", _("Pending")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    NOT_NEEDED = "not-needed", _("Canceled")


class Mail(WorkRow):
    """A mail of a registered kind, about what the ids in ``about`` name.

    ``key`` says which mail it is, where it must be sent once only. ``language`` is for readers who chose
    none. ``recipients`` are who had it already: what failed in one of several languages goes to nobody twice.
    ``message_id`` is derived from the row, so that a mail that is repeated after a crash is recognized as the
    same one. ``organization`` is whose turn it is; an id and no foreign key, since organizations are a room
    above.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=60)
    organization = models.UUIDField(null=True, blank=True)
    key = models.CharField(max_length=200, blank=True)
    about = models.JSONField(default=dict)
    language = models.CharField(max_length=10, blank=True)
    sealed = models.TextField(blank=True, editable=False)
    state = models.CharField(max_length=10, choices=MailState.choices, default=MailState.WAITING)
    recipients = models.JSONField(default=list)
    message_id = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("email")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "key"], condition=~Q(key=""), name="mail_once_a_key"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "due_at"], condition=Q(state="waiting"), name="mail_due"),
            models.Index(fields=["created_at"], condition=Q(key=""), name="mail_old"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def secret(self) -> str:
        """What waited in the secret box. Raises Unreadable."""
        return BOX.open(self.sealed)
