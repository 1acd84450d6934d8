"""Codes of authenticator apps: each opens once (RFC 6238 §5.2), for as long as it would be valid."""

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
    """Whether a valid code was not used before; from now on it was.

    allauth forgets a code after one period, but accepts it for as many more as clocks may differ.
    """
    digits = "".join(character for character in code if character.isalnum())
    key = salted_hmac("used code", f"{account.pk}\n{digits}", algorithm="sha256").hexdigest()
    # From the start of the period before its own to the end of the one after, and one for rounding.
    periods = 2 * app_settings.TOTP_TOLERANCE + 2
    return bool(cache.add(f"used-code:{key}", True, timeout=periods * app_settings.TOTP_PERIOD))


class _OnceMixin:
    """For the two forms that ask for a code; recovery codes are spent by allauth itself."""

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
    """The code that proves the app was set up signs nobody in afterwards."""

    def clean_code(self) -> Any:
        code = super().clean_code()
        if not use_code(self.user, code):
            raise get_adapter().validation_error("incorrect_code")
        return code
