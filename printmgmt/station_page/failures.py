"""What a station shows when a page failed: it leads back to the first screen by itself.

Nobody stands there who could press *Reload*, and a tablet in kiosk mode has no such button.
"""

from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

RETRY_SECONDS: Final = 10


def show_failure(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    """Answer an error below ``/station/``. Reads nothing from the database, which may be what is away."""
    # Without the request: context processors may read the database.
    context = {"idle_seconds": RETRY_SECONDS}
    return render(None, "station_page/failure.html", context, status=status)
