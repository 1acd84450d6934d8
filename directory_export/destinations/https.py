"""Sends a file with one POST: TLS is verified, no redirects, no proxy, only to a checked address."""

import hashlib
import hmac
import http.client
import ssl
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import IO

from django.utils.translation import gettext as _

from directory_export.destinations.addresses import Target, parse, resolve
from directory_export.destinations.exceptions import DeliveryError
from printmgmt.https import CheckedConnection

CONNECT_WITHIN = 10.0
"""Seconds for finding the host's addresses and connecting to one of them, with TLS."""
ANSWER_WITHIN = 30.0
"""Seconds for each write, and for the answer. The worker's time limit ends the whole attempt."""

BLOCK = 64 * 1024
LATER = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}


def post(address: str, body: IO[bytes], *, size: int, headers: Mapping[str, str]) -> None:
    """Send ``size`` bytes of ``body``. Raises DeliveryError for any response except 2xx.

    Never reads the body of the response, which might repeat the secret.
    """
    target = parse(address)
    deadline = time.monotonic() + CONNECT_WITHIN
    numbers = resolve(target, within=CONNECT_WITHIN)
    connection = CheckedConnection(
        target.host, target.port, numbers, deadline=deadline, answer_within=ANSWER_WITHIN
    )
    try:
        connection.request(
            "POST",
            target.path,
            body=body,
            headers={**headers, "Content-Length": str(size), "Connection": "close"},
        )
        status = connection.getresponse().status
    except ssl.SSLCertVerificationError as error:
        message = _("The certificate of %(host)s is not valid: %(why)s.")
        raise DeliveryError(
            message % {"host": target.name, "why": error.verify_message}, permanent=False
        ) from error
    except (OSError, http.client.HTTPException) as error:
        message = _("%(host)s cannot be reached: %(why)s.")
        why = getattr(error, "strerror", None) or type(error).__name__
        raise DeliveryError(message % {"host": target.name, "why": why}, permanent=False) from error
    finally:
        connection.close()
    _judge(status, target)


def bearer(secret: str) -> dict[str, str]:
    """Return the Authorization header with the secret itself (RFC 6750 §2.1)."""
    return {"Authorization": f"Bearer {secret}"}


def signature(secret: str, body: IO[bytes]) -> dict[str, str]:
    """Return headers with the HMAC-SHA-256 of time (Unix seconds), full stop and body; rewind ``body``."""
    now = str(int(time.time()))
    digest = hmac.new(secret.encode(), f"{now}.".encode(), hashlib.sha256)
    body.seek(0)
    while block := body.read(BLOCK):
        digest.update(block)
    body.seek(0)
    return {"X-Printmgmt-Timestamp": now, "X-Printmgmt-Signature": f"sha256={digest.hexdigest()}"}


def _judge(status: int, target: Target) -> None:
    if 200 <= status < 300:
        return
    values = {"host": target.name, "status": status}
    if 300 <= status < 400:
        message = _(
            "%(host)s answered %(status)d, a redirect. Redirects are not followed. Enter the final address."
        )
        raise DeliveryError(message % values, permanent=True)
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        raise DeliveryError(
            _("%(host)s answered %(status)d: it does not accept the secret.") % values, permanent=True
        )
    permanent = 400 <= status < 500 and status not in LATER
    raise DeliveryError(_("%(host)s answered %(status)d.") % values, permanent=permanent)
