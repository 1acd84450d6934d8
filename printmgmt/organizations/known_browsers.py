"""Remembers browsers in which an account signed in, so that strangers cannot lock its owner out (ADR 23).

A signed cookie has the id of the browser and digests of the accounts. It grants no access. Wrong passwords
from a known browser are only counted separately.
"""

from datetime import timedelta
from secrets import token_urlsafe
from typing import TypedDict

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

COOKIE = "known_browser"
LIFETIME = timedelta(days=180)
ACCOUNTS = 5
"""Accounts remembered in one browser. The one that signed in longest ago is dropped first."""


class _Known(TypedDict):
    browser: str
    accounts: list[str]


def known_browser(request: HttpRequest, email: str) -> str | None:
    """Return the id of this browser if ``email`` (a ``normal_address``) signed in with it before, or None."""
    known = _read(request)
    return known["browser"] if known and _digest(email) in known["accounts"] else None


def remember_browser(request: HttpRequest, response: HttpResponse, email: str) -> None:
    """Remember that the account signed in with this browser."""
    known = _read(request) or _Known(browser=token_urlsafe(12), accounts=[])
    digest = _digest(email)
    others = [account for account in known["accounts"] if account != digest]
    known["accounts"] = [digest, *others][:ACCOUNTS]
    response.set_cookie(
        COOKIE,
        signing.dumps(known, salt=COOKIE),
        max_age=LIFETIME,
        httponly=True,
        secure=settings.IS_HTTPS,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> _Known | None:
    try:
        known: _Known = signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE, max_age=LIFETIME)
    except signing.BadSignature:
        return None
    return known


def _digest(email: str) -> str:
    return salted_hmac(COOKIE, email, algorithm="sha256").hexdigest()[:16]
