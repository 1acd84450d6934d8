"""The provisioning log: events, their bodies, and counters of repeated ones."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from addons.models import Installation
from printmgmt.people.models import PrintGroup, PrintUser
from scim_sync.models.text_list import TextListField
from scim_sync.models.tokens import ScimToken


class Action(models.TextChoices):
    CREATE = "create", _("Create")
    UPDATE = "update", _("Update")
    LINK = "link", _("Link")
    SUSPEND = "suspend", _("Suspend")
    REACTIVATE = "reactivate", _("Reactivate")
    REMOVE = "remove", _("Remove")
    REATTACH = "reattach", _("Re-attach")
    SIGN_IN = "sign-in", _("Sign in")


class Result(models.TextChoices):
    OK = "ok", _("Done")
    UNCHANGED = "unchanged", _("No change")
    WARNING = "warning", _("Success with warning")
    REFUSED = "refused", _("Rejected")
    FAILED = "failed", _("Failed")


OF_GROUPS = "/Groups"
"""In the path of every request about groups, and of none about people, since ids have no slash."""

NOT_LISTED = ("changes", "ignored")
"""Columns that lists of events do not show, so they are not loaded."""


class ProvisioningEventQuerySet(models.QuerySet["ProvisioningEvent"]):
    def once(self) -> Self:
        """Events that are not counted: writes that were done. Their order is that of ``at``."""
        return self.select_related("counter").filter(counter__isnull=True)

    def counted(self) -> Self:
        """Refused and failed requests, each with its ``counter``. Their order is that of ``counter__at``."""
        # The counter's own installation, so that its index gives the order.
        return self.select_related("counter").filter(counter__installation=F("installation"))


class ProvisioningEvent(models.Model):
    """One write or refused request of the directory, as it happened: written once and never changed.

    Bodies are in ``ProvisioningEventBody``. A refused or failed request that comes again on the same day
    makes no further event; the ``counter`` of the first counts it.
    """

    installation = models.ForeignKey(Installation, models.CASCADE, related_name="events")
    action = models.CharField(max_length=12, choices=Action.choices)
    result = models.CharField(max_length=10, choices=Result.choices)
    status = models.PositiveSmallIntegerField()
    scim_type = models.CharField(max_length=20, blank=True)
    person = models.ForeignKey(PrintUser, models.SET_NULL, null=True, blank=True, related_name="+")
    group = models.ForeignKey(PrintGroup, models.SET_NULL, null=True, blank=True, related_name="+")
    subject = models.TextField(_("person or group"), blank=True)
    subject_key = models.TextField(editable=False, blank=True)
    changes = models.JSONField(default=list)
    ignored = models.JSONField(default=list)
    detail = models.TextField(blank=True)
    reasons = TextListField(_("reasons"), default=list)
    token = models.ForeignKey(ScimToken, models.SET_NULL, null=True, blank=True, related_name="+")
    address = models.GenericIPAddressField(_("address"), null=True, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    method = models.CharField(max_length=7)
    path = models.TextField()
    milliseconds = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(default=timezone.now)

    objects = ProvisioningEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("provisioning event")
        indexes = [
            models.Index(fields=["installation", "-at", "-id"], name="event_newest"),
            models.Index(fields=["person", "-at"], name="event_of_person"),
            models.Index(fields=["installation", "result", "-at"], name="event_by_result"),
            models.Index(fields=["installation", "action", "-at", "-id"], name="event_by_action"),
            models.Index(fields=["installation", "status", "-at", "-id"], name="event_by_status"),
            models.Index(fields=["installation", "request_id"], name="event_of_request"),
            models.Index(
                fields=["installation", "-at", "-id"],
                condition=Q(person__isnull=True),
                name="event_of_nobody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.result} {self.subject}"

    @property
    def is_of_group(self) -> bool:
        """Whether the request was about a group, which may not exist if it was refused."""
        return OF_GROUPS in self.path

    @property
    def newest(self) -> "ProvisioningEvent | ProvisioningEventCounter":
        """The newest repetition, else this event: ``at``, ``request_id``, ``address``, ``milliseconds``."""
        return getattr(self, "counter", self)

    @property
    def last_at(self) -> datetime:
        """When it happened, the last time."""
        return self.newest.at

    @property
    def count(self) -> int:
        """How often it happened."""
        counter: ProvisioningEventCounter | None = getattr(self, "counter", None)
        return counter.count if counter else 1


class ProvisioningEventBody(models.Model):
    """Request and response of an event, without secrets; no row where neither had a body worth keeping.

    A table of its own, since bodies are most of the log's size and no list reads them.
    """

    event = models.OneToOneField(
        ProvisioningEvent, models.CASCADE, primary_key=True, related_name="body", verbose_name=_("event")
    )
    request = models.JSONField(null=True)
    response = models.JSONField(null=True)

    class Meta:
        verbose_name = _("bodies of a provisioning event")

    def __str__(self) -> str:
        return str(self.event_id)


class ProvisioningEventCounter(models.Model):
    """How often a refused or failed request came on one day, and when and from where it came last.

    ``key`` is a digest of the day and of what makes two of them the same.
    """

    event = models.OneToOneField(
        ProvisioningEvent, models.CASCADE, primary_key=True, related_name="counter", verbose_name=_("event")
    )
    installation = models.ForeignKey(Installation, models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    count = models.PositiveIntegerField(default=1)
    at = models.DateTimeField(default=timezone.now)
    request_id = models.CharField(max_length=64, blank=True)
    address = models.GenericIPAddressField(null=True, blank=True)
    milliseconds = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("counter of a provisioning event")
        constraints = [
            models.UniqueConstraint(fields=["installation", "key"], name="event_counted_once"),
        ]
        indexes = [
            models.Index(fields=["installation", "-at", "-event"], name="counter_newest"),
            models.Index(fields=["installation", "request_id"], name="counter_of_request"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} × {self.count}"
