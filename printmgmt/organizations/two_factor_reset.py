"""Reset two-factor authentication for someone who has lost the phone, security key and recovery codes."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy

from printmgmt.organizations.administrators import AdministrationError, NotOfOneself, locked_by_owner
from printmgmt.organizations.models import Account, Administrator

REASON_LENGTH = 500


class ReasonNeeded(AdministrationError):
    """A reset needs a reason of at most REASON_LENGTH characters."""

    def __str__(self) -> str:
        return str(gettext_lazy("Enter a reason of at most %(limit)d characters.") % {"limit": REASON_LENGTH})


class NothingToReset(AdministrationError):
    """The account has no two-factor authentication."""

    def __str__(self) -> str:
        return str(gettext_lazy("There is no two-factor authentication to reset."))


class GuardsMore(AdministrationError):
    """The account has access beyond the owner's organization."""

    def __str__(self) -> str:
        return str(
            gettext_lazy(
                "This account has access beyond this organization. Ask the host to reset its two-factor "
                "authentication."
            )
        )


def checked_reason(text: str) -> str:
    """Return the reason on one line, as it is stored. Raises ReasonNeeded if it is empty or too long."""
    try:
        cleaned = forms.CharField(max_length=REASON_LENGTH).clean(" ".join(text.split()))
    except forms.ValidationError as error:
        raise ReasonNeeded from error
    return str(cleaned)


@transaction.atomic
def reset_of_colleague(administrator: Administrator, *, by: Administrator) -> list[str]:
    """Reset the two-factor authentication of another administrator of ``by``'s organization.

    Returns the kinds of factors that were removed, as `reset_two_factor` does. Raises NotAnOwner,
    NotOfOneself, NothingToReset, and GuardsMore if the account also administers another organization or
    belongs to host staff: an owner can weaken the protection of their own organization only.
    """
    if administrator.account_id == by.account_id:
        raise NotOfOneself
    locked = locked_by_owner(administrator, by)
    elsewhere = Administrator.objects.active().filter(account=locked.account_id).exclude(pk=locked.pk)
    if locked.account.is_staff or elsewhere.exists():
        raise GuardsMore
    return reset_two_factor(locked.account)


@transaction.atomic
def reset_two_factor(account: Account) -> list[str]:
    """Remove an account's authenticator app, recovery codes, passkeys and keys, and sign it out everywhere.

    The password stays. Returns the kinds that were removed, sorted, such as ``["totp", "webauthn"]``. Raises
    NothingToReset if there are none.
    """
    held = Authenticator.objects.select_for_update().filter(user=account)
    kinds = sorted(set(held.values_list("type", flat=True)))
    if not kinds:
        raise NothingToReset
    held.delete()
    for session in UserSession.objects.filter(user=account):
        session.end()
    return kinds
