"""How people sign in: nobody signs up by themselves."""

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
    """Accounts are made by the host or by an invitation, never by a visitor."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt; allauth's own key holds the ``Host`` header, which the visitor chooses."""
        email = credentials.get("email", "")
        browser = known_browser(request, email)
        try:
            self._attempt = count_sign_in(email, self.get_client_ip(request), browser=browser)
        except TooManyFailures as error:
            raise self.validation_error("too_many_login_attempts") from error

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Account | None:
        """By the address in any spelling: letter case, and an international domain as typed."""
        with suppress(InvalidAddress):  # then nobody has it, which takes as long to say as a wrong password
            credentials["email"] = normal_address(credentials.get("email", ""))
        account: Account | None = super().authenticate(request, **credentials)
        if account is not None:
            self._attempt.forgive()
        return account

    def post_login(self, request: HttpRequest, user: Account, **how: Any) -> HttpResponse:
        """Whoever is in now, by whatever way, is known by this browser from here on."""
        response: HttpResponse = super().post_login(request, user, **how)
        remember_browser(request, response, user.email)
        return response

    def clean_email(self, email: str) -> str:
        """The address of whoever forgot a password, under which the account is looked for."""
        try:
            return normal_address(email)
        except InvalidAddress as error:
            raise ValidationError(str(error)) from error

    def get_client_ip(self, request: HttpRequest) -> str:
        """What throttling counts and a session's list shows. Nobody's address is one address, too."""
        return client_address(request) or "0.0.0.0"  # noqa: S104 -- nothing is bound to it
