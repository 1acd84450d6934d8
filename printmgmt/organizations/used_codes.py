"""Ensures that each code of an authenticator app works only once (RFC 6238 §5.2)."""

from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.core.cache import cache
from django.utils.crypto import salted_hmac

from printmgmt.organizations.models import Account


def use_code(account: Account, code: str) -> bool:
    """Mark a valid code as used; return False if it was used before.

    allauth remembers a code for one period only, but accepts it for longer because clocks may differ.
    """
    digits = "".join(character for character in code if character.isalnum())
    key = salted_hmac("used code", f"{account.pk}\n{digits}", algorithm="sha256").hexdigest()
    # The period before its own, its own, the one after, and one for rounding.
    periods = 2 * app_settings.TOTP_TOLERANCE + 2
    return bool(cache.add(f"used-code:{key}", True, timeout=periods * app_settings.TOTP_PERIOD))


class _OnceMixin:
    """For the two forms with a code. allauth itself removes used recovery codes."""

    user: Account
    authenticator: Authenticator

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]  # allauth's form
        if self.authenticator.type == Authenticator.Type.TOTP and not use_code(self.user, code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class OnceAuthenticateForm(_OnceMixin, AuthenticateForm):  # type: ignore[misc]  # allauth ships no types
    pass


class OnceReauthenticateForm(_OnceMixin, ReauthenticateForm):  # type: ignore[misc]  # allauth ships no types
    pass


class OnceActivateForm(ActivateTOTPForm):  # type: ignore[misc]  # allauth ships no types
    """The code that confirms the setup of an app cannot be used to sign in afterwards."""

    def clean_code(self) -> Any:
        code = super().clean_code()
        if not use_code(self.user, code):
            raise get_adapter().validation_error("incorrect_code")
        return code
