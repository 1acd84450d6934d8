"""The columns that every table of bearer tokens has. A table adds what its tokens open."""

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from printmgmt.organizations.models import Account


class BearerToken(models.Model):
    """A token that gives access to anyone who has it: a prefix to look it up and a digest, never itself.

    A table of them adds what its tokens open (an installation, an organization) and the rules for that.
    """

    prefix = models.CharField(max_length=24, unique=True)
    digest = models.CharField(max_length=64)
    issued_by = models.ForeignKey(Account, models.SET_NULL, null=True, blank=True, related_name="+")
    issued_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    last_used_address = models.GenericIPAddressField(_("last address"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_live(self) -> bool:
        """Whether the token opens anything now."""
        return self.revoked_at is None


class ExpiringToken(BearerToken):
    """A token with a label and an end."""

    label = models.CharField(_("label"), max_length=100, blank=True)
    expires_at = models.DateTimeField(_("expires"))

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label or self.prefix

    @property
    def is_live(self) -> bool:
        """Whether the token opens anything now."""
        return super().is_live and self.expires_at > timezone.now()

    @property
    def time_left(self) -> timedelta:
        """How long until it expires, unless it is revoked; negative once it has."""
        return self.expires_at - timezone.now()
