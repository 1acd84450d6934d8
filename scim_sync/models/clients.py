"""OAuth clients: how the directory gets an access token with a client secret (RFC 6749 §4.4)."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from addons.models import Installation
from printmgmt.tokens.models import ExpiringToken
from scim_sync.models.slots import two_slots
from scim_sync.models.tokens import EXPIRES_SOON


class ScimClient(models.Model):
    """The OAuth client of an installation. Its id is the Client identifier that Azure sends.

    While ``off_at`` is set, its secrets get no access token.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    installation = models.OneToOneField(Installation, models.CASCADE, related_name="client")
    off_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("client")

    def __str__(self) -> str:
        return str(self.pk)


class ScimClientSecret(ExpiringToken):
    """A secret of a client, known by its digest. ``slot`` is 1 or 2 while it lives (two at most)."""

    client = models.ForeignKey(ScimClient, models.CASCADE, related_name="secrets")
    slot = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("client secret")
        constraints = two_slots("client", named="client_secret")

    @property
    def installation(self) -> Installation:
        return self.client.installation

    @property
    def is_live(self) -> bool:
        """Whether the secret gets an access token now: not while the client is switched off."""
        return super().is_live and self.client.off_at is None

    @property
    def expires_soon(self) -> bool:
        """Whether the secret is live and should be replaced now."""
        return self.is_live and self.time_left <= EXPIRES_SOON
