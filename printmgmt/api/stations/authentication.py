"""Authentication of a station by its bearer token (RFC 6750)."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from printmgmt.printing.models import Station
from printmgmt.printing.stations.managing import find_station, note_contact
from printmgmt.requests import client_address


class StationAuthentication(BaseAuthentication):
    """Sets ``request.user`` and ``request.auth`` to the Station. One query, and not cached."""

    def authenticate(self, request: Request) -> tuple[Station, Station]:
        scheme, _space, presented = request.headers.get("Authorization", "").strip().partition(" ")
        station = find_station(presented.strip()) if scheme.lower() == "bearer" else None
        if station is None:
            raise exceptions.AuthenticationFailed("The station's token is missing, wrong or no longer valid.")
        note_contact(station, client_address(request))
        return station, station

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="station"'


class StationScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # no types for subclassing
    """How the description of the API names this way to authenticate."""

    target_class = StationAuthentication
    name = "station"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "The token of a release station, shown once when the station is added.",
        }
