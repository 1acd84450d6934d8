"""Two-factor sign-in: who has it, who must, and how its secrets are kept."""

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from printmgmt.organizations.models import Account, Administrator, Organization
from printmgmt.secret_box import SecretBox

BOX = SecretBox("two-factor")

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What counts; recovery codes are only a way back to one of these."""

HAS_TWO_FACTOR = Exists(Authenticator.objects.filter(user=OuterRef("account"), type__in=FACTORS))
"""For ``Administrator.objects.annotate(two_factor=…)``."""


class NoTwoFactor(Exception):
    """An owner asks of others what the owner does not have."""

    def __str__(self) -> str:
        return str(_("Set up two-factor sign-in for yourself first."))


def has_two_factor(account: Account) -> bool:
    """Tell whether the account signs in with an authenticator app or a passkey besides its password."""
    return bool(Authenticator.objects.filter(user=account, type__in=FACTORS).exists())


def require_two_factor(organization: Organization, required: bool, *, by: Administrator) -> None:
    """Ask two-factor sign-in of every administrator, or no longer.

    Raises NoTwoFactor for an owner without it, who would lock the door from the outside.
    """
    if required and not has_two_factor(by.account):
        raise NoTwoFactor
    Organization.objects.filter(pk=organization.pk).update(require_two_factor=required)


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """Keeps secrets of authenticator apps encrypted under ``CREDENTIAL_KEYS``; the first key writes."""

    def encrypt(self, text: str) -> str:
        return BOX.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return BOX.open(encrypted_text)
