"""Ends sessions when two-factor authentication is added."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.http import HttpRequest

from printmgmt.organizations.models import Account


def end_other_sessions(request: HttpRequest, user: Account, **_signal: Any) -> None:
    """Receiver of ``authenticator_added``: end sessions in other browsers, which used only the password."""
    for session in UserSession.objects.filter(user=user).exclude(session_key=request.session.session_key):
        session.end()
