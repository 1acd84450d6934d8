"""The two cookies of the page: the station's token, and the visit that goes on."""

from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from printmgmt.printing.models import Station
from printmgmt.printing.stations.managing import find_station
from printmgmt.printing.stations.visits import IDLE, Visit

STATION: Final = "printmgmt_station"
VISIT: Final = "printmgmt_visit"
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


def _set(response: HttpResponse, name: str, value: str, kept: timedelta) -> None:
    options: dict[str, Any] = {"path": PATH, "httponly": True, "samesite": "Strict"}
    response.set_cookie(name, value, max_age=kept, secure=settings.SESSION_COOKIE_SECURE, **options)
