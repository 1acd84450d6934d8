"""Two-factor authentication: who has it, who needs it, and how its secrets are stored."""

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from printmgmt.organizations.models import Account, Administrator, Organization
from printmgmt.secret_box import SecretBox

BOX = SecretBox("two-factor")

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""The types that count as a second factor. Recovery codes only replace one of them."""

HAS_TWO_FACTOR = Exists(Authenticator.objects.filter(user=OuterRef("account"), type__in=FACTORS))
"""For ``Administrator.objects.annotate(two_factor=…)``."""


class NoTwoFactor(Exception):
    """An owner without two-factor authentication cannot require it of others."""

    def __str__(self) -> str:
        return str(_("Set up two-factor authentication for yourself first."))


def has_two_factor(account: Account) -> bool:
    """Whether the account has an authenticator app or a passkey besides its password."""
    return bool(Authenticator.objects.filter(user=account, type__in=FACTORS).exists())


def require_two_factor(organization: Organization, required: bool, *, by: Administrator) -> None:
    """Set whether every administrator needs two-factor authentication.

    Raises NoTwoFactor if ``by`` does not have it, because they would lock themselves out.
    """
    if required and not has_two_factor(by.account):
        raise NoTwoFactor
    Organization.objects.filter(pk=organization.pk).update(require_two_factor=required)


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """Encrypts the secrets of authenticator apps with the first of ``CREDENTIAL_KEYS``; any key decrypts."""

    def encrypt(self, text: str) -> str:
        return BOX.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return BOX.open(encrypted_text)
