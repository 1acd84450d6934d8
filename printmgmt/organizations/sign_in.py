"""How people sign in: nobody signs up by themselves."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Accounts are made by the host or by an invitation, never by a visitor."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
