"""The provisioning log."""

from django.db import models
from django.db.models import Q
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
    UNCHANGED = "unchanged", _("Nothing to change")
    WARNING = "warning", _("Done, with a warning")
    REFUSED = "refused", _("Refused")
    FAILED = "failed", _("Failed")


OF_GROUPS = "/Groups"
"""What the path of a call about groups holds, and of one about people not: ids have no slash."""


LARGE = ("changes", "ignored", "request_body", "response_body")
"""What a list of events does not show and need not load."""


class ProvisioningEvent(models.Model):
    """One write or refused write of the directory. Refused repetitions share a row and raise ``count``."""

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
    request_body = models.JSONField(null=True)
    response_body = models.JSONField(null=True)
    milliseconds = models.PositiveIntegerField(default=0)
    count = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)
    coalesce_key = models.CharField(max_length=64, null=True)  # noqa: DJ001 -- null never coalesces

    class Meta:
        verbose_name = _("provisioning event")
        constraints = [
            models.UniqueConstraint(
                fields=["installation", "coalesce_key"],
                condition=Q(coalesce_key__isnull=False),
                name="event_coalesced_once",
            )
        ]
        indexes = [
            models.Index(fields=["installation", "-last_at", "-id"], name="event_newest"),
            models.Index(fields=["person", "-last_at"], name="event_of_person"),
            models.Index(fields=["installation", "result", "-last_at"], name="event_by_result"),
            models.Index(fields=["installation", "action", "-last_at", "-id"], name="event_by_action"),
            models.Index(fields=["installation", "status", "-last_at", "-id"], name="event_by_status"),
            models.Index(fields=["installation", "request_id"], name="event_of_request"),
            models.Index(
                fields=["installation", "-last_at", "-id"],
                condition=Q(person__isnull=True),
                name="event_of_nobody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.result} {self.subject}"

    @property
    def is_of_group(self) -> bool:
        """Whether the call was about a group; of a refused one there may be no row to point at."""
        return OF_GROUPS in self.path
