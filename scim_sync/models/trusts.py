"""Trust in a workload identity of a Microsoft Entra tenant, and the keys with which tenants sign."""

import uuid
from typing import Final, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from addons.models import Installation
from printmgmt.organizations.models import Account

LONGEST_ISSUER: Final = 120
LONGEST_TEXT: Final = 255
"""Characters of a subject and of an audience."""


class TrustRefusal(models.TextChoices):
    """Why an assertion was refused. For administrators; a caller is told none of it."""

    SWITCHED_OFF = "switched-off", _("Federation is switched off")
    MALFORMED = "malformed", _("Not a signed token")
    TOO_LARGE = "too-large", _("Token too large")
    ALGORITHM = "algorithm", _("Wrong signature algorithm")
    CLIENT = "client", _("Wrong client identifier")
    VERSION = "version", _("Token of version 1.0")
    ISSUER = "issuer", _("Wrong issuer")
    TENANT = "tenant", _("Wrong tenant")
    AUDIENCE = "audience", _("Wrong audience")
    SUBJECT = "subject", _("Wrong subject")
    EXPIRED = "expired", _("Token expired")
    TOO_EARLY = "too-early", _("Token not valid yet")
    TOO_LONG = "too-long", _("Token valid for too long")
    KEY = "key", _("Unknown signing key")
    NO_KEYS = "no-keys", _("Microsoft's keys cannot be read")
    SIGNATURE = "signature", _("Wrong signature")


class FederatedTrustQuerySet(models.QuerySet["FederatedTrust"]):
    def live(self) -> Self:
        """Trusts that are not switched off."""
        return self.filter(ended_at__isnull=True)


class FederatedTrust(models.Model):
    """A workload identity of Entra that gets access tokens of an installation without any secret.

    Issuer, subject and audience are as Azure shows them (``federation.pasted`` reads them). The id is the
    client identifier to paste into Azure. ``accepted_at`` is when an assertion was accepted last;
    ``last_used_at``, as of the other ways to connect, also when an access token was used.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    installation = models.ForeignKey(Installation, models.CASCADE, related_name="trusts")
    issuer = models.CharField(max_length=LONGEST_ISSUER)
    subject = models.CharField(max_length=LONGEST_TEXT)
    audience = models.CharField(max_length=LONGEST_TEXT)
    added_by = models.ForeignKey(Account, models.SET_NULL, null=True, blank=True, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    last_used_address = models.GenericIPAddressField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    refused_address = models.GenericIPAddressField(null=True, blank=True)
    refusal = models.CharField(max_length=12, choices=TrustRefusal.choices, blank=True)

    objects = FederatedTrustQuerySet.as_manager()

    class Meta:
        verbose_name = _("federated trust")
        constraints = [
            models.UniqueConstraint(
                fields=["installation", "issuer", "subject"],
                condition=Q(ended_at__isnull=True),
                name="trust_once",
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def is_live(self) -> bool:
        """Whether assertions are accepted."""
        return self.ended_at is None

    @property
    def is_refused(self) -> bool:
        """Whether the newest assertion was refused."""
        return self.refused_at is not None and (
            self.accepted_at is None or self.refused_at > self.accepted_at
        )


class KeysTrouble(models.TextChoices):
    """Why a tenant's keys could not be read."""

    NAME = "name", _("The host name was not found")
    BLOCKED = "blocked", _("The host name leads to an address that the console may not call")
    UNREACHABLE = "unreachable", _("The host cannot be reached")
    TIMEOUT = "timeout", _("The host did not answer in time")
    CERTIFICATE = "certificate", _("The host's certificate is not valid")
    STATUS = "status", _("The host answered with an error")
    SIZE = "size", _("The host answered with too much data")
    CONTENT = "content", _("The host answered with something other than keys")


class SigningKeys(models.Model):
    """The public keys of a tenant, as its host in Microsoft's cloud published them last.

    ``keys`` maps a key's id (``kid``) to modulus ``n`` and exponent ``e``, in base64url (RFC 7518 §6.3.1).
    ``asked_at`` is when any host asked for them last; ``trouble`` what was wrong with the answer, and
    ``detail`` what the system says of it, in English.
    """

    host = models.CharField(max_length=60)
    tenant = models.CharField(max_length=36)
    keys = models.JSONField(default=dict)
    fetched_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=12, choices=KeysTrouble.choices, blank=True)
    detail = models.CharField(max_length=LONGEST_TEXT, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["host", "tenant"], name="signing_keys_once")]

    def __str__(self) -> str:
        return f"{self.host}/{self.tenant}"
