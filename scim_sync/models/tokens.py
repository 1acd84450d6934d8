"""Secret tokens of an installation."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from addons.models import Installation
from printmgmt.organizations.models import Account

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
