"""Cards and PINs."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from printmgmt.organizations.models import Organization
from printmgmt.people.models.person import CONSOLE, PrintUser


class CredentialKind(models.TextChoices):
    CARD = "card", _("Card")
    PIN = "pin", _("PIN")


LIVE_CREDENTIAL = Q(disabled_at__isnull=True, revoked_at__isnull=True)


class Credential(models.Model):
    """A card or a PIN. Only a keyed digest of the number is stored.

    ``disabled_at`` is reversible: undoing the run ``disabled_by_run`` enables the card or PIN again.
    ``revoked_at`` is final. ``last4`` is kept for cards only.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    person = models.ForeignKey(PrintUser, models.CASCADE, related_name="credentials")
    kind = models.CharField(max_length=4, choices=CredentialKind.choices)
    key_id = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    last4 = models.CharField(_("last four"), max_length=4, blank=True)
    source = models.CharField(_("source"), max_length=120, default=CONSOLE)
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    disabled_at = models.DateTimeField(_("disabled"), null=True, blank=True)
    disabled_by_run = models.UUIDField(null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        verbose_name = _("credential")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "key_id", "digest"],
                condition=Q(kind="card") & LIVE_CREDENTIAL,
                name="card_held_once",
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(kind="pin") & LIVE_CREDENTIAL, name="pin_once_a_person"
            ),
            models.CheckConstraint(condition=Q(kind="card") | Q(last4=""), name="pin_keeps_no_digits"),
        ]
        indexes = [models.Index(fields=["organization", "kind", "digest"], name="credential_lookup")]

    def __str__(self) -> str:
        return f"{self.kind} {self.last4}"
