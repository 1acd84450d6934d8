"""The https addresses files are sent to; which may be called, printmgmt/outbound.py says."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from directory_export.destinations.exceptions import DeliveryError
from printmgmt import outbound

HTTPS_PORT = 443


@dataclass(frozen=True)
class Target:
    """The parts of an https address. ``path`` includes the query."""

    host: str
    port: int
    path: str

    @property
    def name(self) -> str:
        """Host and port without path and query, which may hold secrets: for history and errors."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == HTTPS_PORT else f"{host}:{self.port}"


def parse(address: str) -> Target:
    """Parse an address. Raises DeliveryError unless it is https with a host and without unusual parts."""
    refused = DeliveryError(
        _("Enter an address such as https://hr.contoso.example/people, without user, password or “#”."),
        permanent=True,
    )
    # Blanks, control characters and non-ASCII letters could be read as different hosts by different parsers.
    if not address.isascii() or any(not "!" <= character <= "~" for character in address) or "\\" in address:
        raise refused
    try:
        parts = urlsplit(address)
        port = HTTPS_PORT if parts.port is None else parts.port
    except ValueError as error:
        raise refused from error
    if parts.scheme != "https" or not parts.hostname or port == 0 or "@" in parts.netloc or "#" in address:
        raise refused
    return Target(parts.hostname, port, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def check_literal(address: str) -> None:
    """Raise DeliveryError for addresses that are invalid without asking DNS; for the settings form."""
    target = parse(address)
    try:
        outbound.check_literal(target.host, private=settings.EXPORT_ALLOW_PRIVATE)
    except outbound.Blocked as error:
        raise DeliveryError(str(error), permanent=True) from error


def resolve(target: Target, *, within: float) -> list[str]:
    """Return the IP addresses of the host that may be called. Raises DeliveryError if none may.

    ``within``: seconds to find them.
    """
    try:
        return outbound.resolve(
            target.host, target.port, private=settings.EXPORT_ALLOW_PRIVATE, within=within
        )
    except outbound.Blocked as error:
        raise DeliveryError(str(error), permanent=True) from error
    except outbound.NameNotFound as error:
        raise DeliveryError(str(error), permanent=False) from error
