"""Where a print server is, as an administrator writes it."""

from ipaddress import ip_address
from typing import NamedTuple, Self
from urllib.parse import urlsplit

import idna
from django.utils.translation import gettext as _

# RFC 8010 §4.1 and RFC 7472 §3: IPP has a port of its own; CUPS answers HTTP there, too.
_PORTS = {"ipp": 631, "ipps": 631, "http": 80, "https": 443}


class ServerAddress(NamedTuple):
    """A server, and for a device that is not CUPS the path of its one queue (`/ipp/print`); CUPS has none."""

    scheme: str
    host: str
    port: int
    path: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the address of `ipp://host:631/` and the like. Raises `ValueError` in words for people."""
        try:
            parts = urlsplit(text.strip())
            host, port = parts.hostname or "", parts.port
        except ValueError:
            raise ValueError(
                _("This is no address of a print server, such as ipps://print.example.com:631/.")
            ) from None
        if parts.scheme not in _PORTS:
            raise ValueError(_("The address must start with ipps://, ipp://, https:// or http://."))
        if parts.username is not None or parts.password is not None:
            raise ValueError(
                _("The address must not contain a user name or password. Enter them in their own fields.")
            )
        if parts.query or parts.fragment:
            raise ValueError(_("The address must not contain ? or #."))
        if port == 0:
            raise ValueError(_("Port 0 cannot be used."))
        path = parts.path.rstrip("/")
        if not path.isascii() or not path.isprintable() or " " in path:
            raise ValueError(_("The path of the address has characters that must be percent-encoded."))
        return cls(parts.scheme, _readable_host(host), port or _PORTS[parts.scheme], path)

    @property
    def is_tls(self) -> bool:
        return self.scheme in ("ipps", "https")

    @property
    def is_loopback(self) -> bool:
        """Whether the address says by itself that it is this machine: `localhost`, 127.0.0.0/8, ::1."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def authority(self) -> str:
        """`host:port`, with brackets around an IPv6 address."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def key(self) -> str:
        """What two addresses of the same server have in common: host and port, whatever the scheme."""
        return self.authority

    def uri(self, path: str = "/") -> str:
        """Return the `ipp:` URI of something on this server, as it stands inside of requests."""
        return f"{'ipps' if self.is_tls else 'ipp'}://{self.authority}{path}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path or '/'}"


def _readable_host(host: str) -> str:
    """Return the host in lower case, an IP address in short form, any other name in ASCII (IDNA)."""
    try:
        return str(ip_address(host))
    except ValueError:
        pass
    try:
        if host.isascii() and all(label and len(label) < 64 for label in host.rstrip(".").split(".")):
            ascii_host = host.lower().rstrip(".")
            if (
                ascii_host.replace("-", "").replace(".", "").replace("_", "").isalnum()
                and len(ascii_host) < 254
            ):
                return ascii_host
        return idna.encode(host, uts46=True).decode().lower().rstrip(".")
    except (idna.IDNAError, UnicodeError):
        raise ValueError(_("This host name cannot exist: %(host)s") % {"host": host}) from None
