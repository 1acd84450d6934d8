"""Looks at a server before it is added or changed: is it there, is it CUPS, is the login an operator's?"""

from typing import NamedTuple

from django.utils.translation import gettext as _

from printmgmt.printing.ipp.client import Certificate
from printmgmt.printing.ipp.errors import Forbidden, Gone, NotSupported, UnsafeConnection, WrongLogin
from printmgmt.printing.servers.connecting import WHILE_SOMEBODY_WAITS, Access


class Seen(NamedTuple):
    """What a look at a server showed: its version, empty unless a CUPS with a queue said it."""

    version: str


def certificate_of(access: Access) -> Certificate | None:
    """Return the certificate that a server shows; None where the address is not encrypted.

    Sends no login. Raises IppError, also where a login must not be sent to this address.
    """
    with access.client(WHILE_SOMEBODY_WAITS) as client:
        if access.address.is_tls:
            return client.server_certificate()
        if not access.address.is_loopback and not access.address.path:
            raise UnsafeConnection
        return None


def look(access: Access) -> Seen:
    """Read the queues, then try the login, once: a wrong one blocks a CUPS server for two seconds.

    Raises IppError: WrongLogin, Forbidden for a login that is right and not an operator's, NotSupported for a
    server that is not CUPS.
    """
    with access.client(WHILE_SOMEBODY_WAITS) as client:
        try:
            queues = client.queues()
            if not access.address.path:
                client.check_login()
        except WrongLogin:
            raise
        except Forbidden as error:
            if error.sentence != Forbidden.sentence:
                raise
            raise Forbidden(
                _(
                    "The user name and password are right, but they are not an operator's. Add the account "
                    "to a group of “SystemGroup” in cups-files.conf (often lpadmin)."
                ),
                technical=error.technical,
            ) from error
        except (Gone, NotSupported) as error:
            if access.address.path:
                raise
            raise NotSupported(
                _(
                    "This is not a CUPS server. Enter its address with the path of its queue, such as "
                    "ipps://printer.example.com:631/ipp/print, without operator and password."
                ),
                technical=error.technical,
            ) from error
    return Seen(next((queue.cups_version for queue in queues if queue.cups_version), ""))
