"""What the add-on keeps: secret tokens, links to core people and groups, provisioning events, contact."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from addons.models import Installation
from printmgmt.organizations.models import Account
from printmgmt.people.models import PrintGroup, PrintUser

ENDS_SOON = timedelta(days=30)
"""How long before its end a token is worried about."""


class ScimToken(models.Model):
    """A secret token: its prefix to look it up, its digest to compare, never itself.

    ``slot`` 1 or 2 while the token lives (two at most); a revoked or expired one gives it up.
    """

    installation = models.ForeignKey(Installation, models.CASCADE, related_name="tokens")
    prefix = models.CharField(max_length=24, unique=True)
    digest = models.CharField(max_length=64)
    label = models.CharField(_("label"), max_length=100, blank=True)
    slot = models.PositiveSmallIntegerField(null=True, blank=True)
    created_by = models.ForeignKey(Account, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    last_used_address = models.GenericIPAddressField(_("last address"), null=True, blank=True)

    class Meta:
        verbose_name = _("secret token")
        constraints = [
            models.UniqueConstraint(
                fields=["installation", "slot"], condition=Q(slot__isnull=False), name="token_slot_once"
            ),
            models.CheckConstraint(
                condition=Q(slot__isnull=True) | Q(slot__in=[1, 2]), name="token_two_slots"
            ),
            models.CheckConstraint(
                condition=Q(slot__isnull=True) | Q(revoked_at__isnull=True), name="token_revoked_has_no_slot"
            ),
        ]

    def __str__(self) -> str:
        return self.label or self.prefix

    @property
    def is_live(self) -> bool:
        """Whether the token opens anything now."""
        return self.revoked_at is None and self.expires_at > timezone.now()

    @property
    def left(self) -> timedelta:
        """How long it still lives, unless it is revoked."""
        return self.expires_at - timezone.now()

    @property
    def ends_soon(self) -> bool:
        """Whether it lives and it is time for a new one."""
        return self.is_live and self.left <= ENDS_SOON


class ScimUserQuerySet(models.QuerySet["ScimUser"]):
    def linking(self) -> "ScimUserQuerySet":
        """Rows that link a person; those the directory has dropped only remember."""
        return self.filter(dropped_at__isnull=True)


class ScimUser(models.Model):
    """An installation's link to a person, with what the core has no column for.

    ``attributes`` holds the directory's values verbatim, ``folded`` the same with every string through
    the key function, for filters and sorting on both databases. ``manager`` is text: Azure may name
    someone it has not pushed yet. ``dropped_at`` is set when the directory deleted the person: the row links
    nobody any more and keeps only the ``external_id``, which tells whether a POST of the name means the same
    person.
    """

    installation = models.ForeignKey(Installation, models.CASCADE, related_name="users")
    person = models.ForeignKey(PrintUser, models.CASCADE, related_name="scim_links")
    external_id = models.TextField(blank=True)
    manager = models.TextField(blank=True)
    attributes = models.JSONField(default=dict)
    folded = models.JSONField(default=dict)
    linked_at = models.DateTimeField(default=timezone.now, editable=False)
    dropped_at = models.DateTimeField(null=True, blank=True)

    objects = ScimUserQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["installation", "person"], name="scim_user_once"),
        ]
        indexes = [
            models.Index(fields=["installation", "external_id"], name="scim_user_external_id"),
            models.Index(fields=["installation", "manager"], name="scim_user_manager"),
        ]

    def __str__(self) -> str:
        return str(self.person_id)


class ScimGroup(models.Model):
    """An installation's link to a group; it ends when the directory deletes the group."""

    installation = models.ForeignKey(Installation, models.CASCADE, related_name="groups")
    group = models.ForeignKey(PrintGroup, models.CASCADE, related_name="scim_links")
    external_id = models.TextField(blank=True)
    linked_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["installation", "group"], name="scim_group_once"),
        ]
        indexes = [models.Index(fields=["installation", "external_id"], name="scim_group_external_id")]

    def __str__(self) -> str:
        return str(self.group_id)


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
    cause = models.TextField(_("cause"), blank=True)
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


class Contact(models.Model):
    """When an installation was last called, and in which visit; written about once a minute."""

    installation = models.OneToOneField(Installation, models.CASCADE, related_name="contact")
    visit = models.ForeignKey("Visit", models.SET_NULL, null=True, blank=True, related_name="+")
    first_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)
    last_write_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("contact")

    def __str__(self) -> str:
        return f"{self.installation_id} {self.last_at}"


FULL = 0.8
"""A cycle is full when it asked for, or wrote, at least this share of as many as are linked."""


class VisitQuerySet(models.QuerySet["Visit"]):
    def full(self) -> "VisitQuerySet":
        """Counted visits in which nearly everybody was called for, as far as their number can tell."""
        enough = F("people") * FULL
        written = F("created") + F("updated") + F("unchanged") + F("left")
        called_for = Q(reads__gte=enough) | Q(written__gte=enough)
        return self.alias(written=written).filter(called_for, people__gt=0)


class Visit(models.Model):
    """The directory's calls from the end of a silence to the next: a cycle, as far as a server can tell.

    ``silence`` is the one before it, None for the first. ``reads`` grows while it lasts, and may lack the
    last few; the other counts are made from the events when it is over, and ``people``, how many were linked
    then, is None until that was done.
    """

    installation = models.ForeignKey(Installation, models.CASCADE, related_name="visits")
    began_at = models.DateTimeField(default=timezone.now)
    silence = models.DurationField(null=True, blank=True)
    reads = models.PositiveBigIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    people = models.PositiveIntegerField(null=True, blank=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit")
        indexes = [models.Index(fields=["installation", "-began_at"], name="visit_newest")]

    def __str__(self) -> str:
        return f"{self.installation_id} {self.began_at}"
