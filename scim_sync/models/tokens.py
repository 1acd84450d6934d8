"""Bearer tokens that open an installation."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from addons.models import Installation
from printmgmt.tokens.models import ExpiringToken
from scim_sync.models.slots import two_slots
from scim_sync.models.trusts import FederatedTrust

EXPIRES_SOON = timedelta(days=30)
"""How long before a secret token expires administrators are warned."""


class TokenKind(models.TextChoices):
    SECRET = "secret", _("Secret token")
    ACCESS = "access", _("Access token")


class ScimTokenQuerySet(models.QuerySet["ScimToken"]):
    def secrets(self) -> Self:
        """Secret tokens, which an administrator creates and pastes into Azure."""
        return self.filter(kind=TokenKind.SECRET)


class ScimToken(ExpiringToken):
    """A token that opens an installation: a secret token, or an access token that a client was given.

    ``slot`` is 1 or 2 while a secret token lives (two at most); a revoked or expired one gives it up.
    An access token points at what it was given for, and is revoked together with it.
    """

    installation = models.ForeignKey(Installation, models.CASCADE, related_name="tokens")
    kind = models.CharField(max_length=8, choices=TokenKind.choices, default=TokenKind.SECRET)
    slot = models.PositiveSmallIntegerField(null=True, blank=True)
    client_secret = models.ForeignKey(
        "ScimClientSecret", models.CASCADE, null=True, blank=True, related_name="access_tokens"
    )
    trust = models.ForeignKey(
        FederatedTrust, models.CASCADE, null=True, blank=True, related_name="access_tokens"
    )

    objects = ScimTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("secret token")
        constraints = [
            *two_slots("installation", named="token"),
            models.CheckConstraint(
                condition=Q(slot__isnull=True) | Q(kind=TokenKind.SECRET), name="token_access_has_no_slot"
            ),
            models.CheckConstraint(
                condition=Q(kind=TokenKind.SECRET, client_secret__isnull=True, trust__isnull=True)
                | Q(kind=TokenKind.ACCESS, client_secret__isnull=False, trust__isnull=True)
                | Q(kind=TokenKind.ACCESS, client_secret__isnull=True, trust__isnull=False),
                name="token_kind_follows_origin",
            ),
        ]

    @property
    def expires_soon(self) -> bool:
        """Whether the token is live and should be replaced now."""
        return self.is_live and self.time_left <= EXPIRES_SOON
