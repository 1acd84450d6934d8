"""The cookies of the page: the station's token, the visit that goes on, and the language that was chosen."""

from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from printmgmt.printing.models import Station
from printmgmt.printing.stations.managing import find_station
from printmgmt.printing.stations.visits import IDLE, Visit

STATION: Final = "printmgmt_station"
VISIT: Final = "printmgmt_visit"
LANGUAGE: Final = "printmgmt_station_language"
PATH: Final = "/station/"

_STATION_KEPT = timedelta(days=400)
"""As long as browsers keep a cookie; each page renews it."""


def station_of(request: HttpRequest) -> Station | None:
    """The station whose token the browser keeps; None where there is none or it is no longer valid."""
    token = request.COOKIES.get(STATION, "")
    return find_station(token) if token else None


def keep_station(response: HttpResponse, token: str) -> None:
    """Have the browser keep the station's token."""
    _set(response, STATION, token, _STATION_KEPT)


def keep_visit(response: HttpResponse, visit: Visit) -> None:
    """Have the browser keep the visit until it ends by itself."""
    _set(response, VISIT, visit.token(), IDLE)


def forget_visit(response: HttpResponse) -> None:
    """End the visit in this browser."""
    response.delete_cookie(VISIT, path=PATH, samesite="Strict")


def forget_station(response: HttpResponse) -> None:
    """Have the browser forget a token that is no longer valid, and the visit with it."""
    response.delete_cookie(STATION, path=PATH, samesite="Strict")
    forget_visit(response)


def language_of(request: HttpRequest) -> str:
    """The language that someone chose at the station; empty where it is the browser's."""
    chosen = request.COOKIES.get(LANGUAGE, "")
    return chosen if chosen in dict(settings.LANGUAGES) else ""


def keep_language(response: HttpResponse, language: str) -> None:
    """Have the browser keep a language as long as its person stands there: two visits without a touch."""
    _set(response, LANGUAGE, language, 2 * IDLE)


def forget_language(response: HttpResponse) -> None:
    """Have the next person find the browser's language."""
    response.delete_cookie(LANGUAGE, path=PATH, samesite="Strict")


def _set(response: HttpResponse, name: str, value: str, kept: timedelta) -> None:
    options: dict[str, Any] = {"path": PATH, "httponly": True, "samesite": "Strict"}
    response.set_cookie(name, value, max_age=kept, secure=settings.SESSION_COOKIE_SECURE, **options)
