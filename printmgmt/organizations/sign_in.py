"""Signing in, as an adapter of allauth: throttled by our own count, with the address in any spelling."""

from contextlib import suppress
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from printmgmt.organizations.email_addresses import InvalidAddress, normal_address
from printmgmt.organizations.known_browsers import known_browser, remember_browser
from printmgmt.organizations.models import Account
from printmgmt.organizations.sign_in_limits import count_sign_in
from printmgmt.organizations.throttling import TooManyFailures
from printmgmt.requests import client_address


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Sign-in for accounts that host staff or an invitation created; visitors cannot sign up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: nobody creates an account without an invitation."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt; raise a ValidationError after too many.

        Replaces allauth's count, whose key contains the ``Host`` header, which the visitor chooses.
        """
        email = credentials.get("email", "")
        browser = known_browser(request, email)
        try:
            self._attempt = count_sign_in(email, self.get_client_ip(request), browser=browser)
        except TooManyFailures as error:
            raise self.validation_error("too_many_login_attempts") from error

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Account | None:
        """Return the account with this email and password, or None.

        The email may have any letter case and an international domain. A success clears the count.
        """
        with suppress(
            InvalidAddress
        ):  # then no account has it, and the answer takes as long as for a wrong password
            credentials["email"] = normal_address(credentials.get("email", ""))
        account: Account | None = super().authenticate(request, **credentials)
        if account is not None:
            self._attempt.forgive()
        return account

    def post_login(self, request: HttpRequest, user: Account, **how: Any) -> HttpResponse:
        """Remember the browser as known for this account, whichever way the user signed in."""
        response: HttpResponse = super().post_login(request, user, **how)
        remember_browser(request, response, user.email)
        return response

    def clean_email(self, email: str) -> str:
        """Return an address in its normal form, as accounts are looked up. Raises ValidationError."""
        try:
            return normal_address(email)
        except InvalidAddress as error:
            raise ValidationError(str(error)) from error

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that throttling counts and the list of sessions shows; 0.0.0.0 if unknown."""
        return client_address(request) or "0.0.0.0"  # noqa: S104 -- nothing is bound to it
