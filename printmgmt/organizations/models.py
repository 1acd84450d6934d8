"""Organization (SCIM's tenant), the accounts that sign in, and who administers what."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from printmgmt.organizations.email_addresses import InvalidAddress, normal_address
from printmgmt.organizations.roles import Role


class Organization(models.Model):
    """A customer of the console. Its slug is in every console URL. Every query starts with it as a filter."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("short name"), max_length=63, unique=True)
    seats = models.PositiveIntegerField(_("seats"), null=True, blank=True)
    match_local_part = models.BooleanField(_("also match job owners without the domain"), default=True)
    uncollected_hours = models.PositiveIntegerField(_("delete uncollected jobs after (hours)"), default=24)
    require_two_factor = models.BooleanField(
        _("administrators need two-factor authentication"), default=False
    )
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("organization")

    def __str__(self) -> str:
        return self.name


class AccountManager(BaseUserManager["Account"]):
    """Looks up accounts by ``normal_address``, so that one address is one account."""

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "Account":
        """Create an account. Without ``password`` it needs a link to set one.

        Raises InvalidAddress.
        """
        account = self.model(email=normal_address(email), **extra)
        account.set_password(password)
        account.save()
        return account

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> "Account":
        """Create an account of the host's staff."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)

    def get_by_natural_key(self, username: str | None) -> "Account":
        """Return the account of this address, in any spelling. Raises DoesNotExist."""
        account = self.of_address(username or "")
        if account is None:
            raise self.model.DoesNotExist
        return account

    def of_address(self, email: str) -> "Account | None":
        """Return the account of this address, in any spelling, or None."""
        try:
            return self.filter(email=normal_address(email)).first()
        except InvalidAddress:
            return None


class Account(AbstractBaseUser, PermissionsMixin):
    """An account that signs in to the console. SCIM neither creates nor changes accounts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("email address"), unique=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    is_staff = models.BooleanField(_("host staff"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("account")

    def __str__(self) -> str:
        return self.email


class AdministratorQuerySet(models.QuerySet["Administrator"]):
    def active(self) -> "AdministratorQuerySet":
        """Return administrators whose access has not ended."""
        return self.filter(disabled_at__isnull=True, account__is_active=True)


class AccessEnd(models.TextChoices):
    """How an administrator's access ended."""

    OWNER = "owner", _("ended by an owner")
    SUSPENDED = "suspended", _("person suspended")
    BLOCKED = "blocked", _("person blocked")
    REMOVED = "removed", _("person removed")


class Administrator(models.Model):
    """An account in an organization with a role.

    While access is ended (``disabled_at``), ``ended_how``, ``ended_by`` (a name to read) and ``ended_source``
    (as `audit.actors.Actor` has it) say how and by whom. ``disabled_by_run`` is the leaver's run that took
    it: from when that person is back (``return_pending_since``) until an owner decides, the owners are asked
    whether to restore it. ``kept_by_run`` is a run that left this access alone, until an owner decides. Runs
    are ids and no foreign keys because `deprovisioning` is a package above this one.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="administrators")
    account = models.ForeignKey(Account, models.CASCADE, related_name="administrations")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    disabled_at = models.DateTimeField(_("access ended"), null=True, blank=True)
    disabled_by_run = models.UUIDField(null=True, blank=True)
    ended_how = models.CharField(max_length=10, choices=AccessEnd.choices, blank=True)
    ended_by = models.CharField(max_length=254, blank=True)
    ended_source = models.CharField(max_length=120, blank=True)
    return_pending_since = models.DateTimeField(null=True, blank=True)
    kept_by_run = models.UUIDField(null=True, blank=True)

    objects = AdministratorQuerySet.as_manager()

    class Meta:
        verbose_name = _("administrator")
        constraints = [
            models.UniqueConstraint(fields=["organization", "account"], name="administrator_once"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="administrator_role"),
            models.CheckConstraint(
                condition=Q(return_pending_since__isnull=True) | Q(disabled_at__isnull=False),
                name="administrator_return_of_ended",
            ),
            models.CheckConstraint(
                condition=Q(kept_by_run__isnull=True) | Q(disabled_at__isnull=True),
                name="administrator_kept_is_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} ({self.role})"

    def end(self, how: AccessEnd, *, by: str, source: str, run: uuid.UUID | None = None) -> None:
        """End access and save. Call with the row locked. ``by`` is the name of the actor."""
        self.disabled_at, self.disabled_by_run = timezone.now(), run
        self.ended_how, self.ended_by, self.ended_source = how, by[:254], source
        self.kept_by_run = None
        self.save(update_fields=ACCESS_FIELDS)

    def open(self) -> None:
        """Restore access and save. Call with the row locked. Also clears open decisions."""
        self.disabled_at = self.disabled_by_run = self.return_pending_since = self.kept_by_run = None
        self.ended_how = self.ended_by = self.ended_source = ""
        self.save(update_fields=ACCESS_FIELDS)


ACCESS_FIELDS = (
    "disabled_at",
    "disabled_by_run",
    "ended_how",
    "ended_by",
    "ended_source",
    "return_pending_since",
    "kept_by_run",
)
"""The columns about access of an administrator and open decisions about it."""


class Invitation(models.Model):
    """An administrator invited by mail. The link has a token, of which only the digest is stored."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="invitations")
    email = models.EmailField(_("email address"))
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "email"],
                condition=Q(accepted_at__isnull=True),
                name="invitation_open_once",
            ),
        ]

    def __str__(self) -> str:
        return self.email


class FailedAttempt(models.Model):
    """A wrong password or PIN, kept for an hour. ``key`` is a digest of the limit and what it counts."""

    key = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("failed attempt")
        indexes = [
            models.Index(fields=["key", "at"], name="failed_attempt_key"),
            models.Index(fields=["at"], name="failed_attempt_at"),
        ]

    def __str__(self) -> str:
        return self.key
