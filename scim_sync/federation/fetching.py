"""Asks a cloud's host for the keys of a tenant: at a checked address, within a deadline, up to a size."""

import http.client
import ssl
import time
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings

from printmgmt import outbound
from printmgmt.https import CheckedConnection
from scim_sync.federation.issuers import Issuer
from scim_sync.models import LONGEST_TEXT, KeysTrouble

WITHIN: Final = 5.0
"""Seconds for everything: name, connection, TLS and answer. The caller's request waits for it."""
MOST_BYTES: Final = 256 * 1024
"""Of a document; Microsoft's has some 20 KB."""


class CannotFetch(Exception):
    """The keys cannot be read now: why, and what the system says of it."""

    def __init__(self, trouble: KeysTrouble, detail: object = "") -> None:
        super().__init__(trouble, detail)
        self.trouble = trouble
        self.detail = str(detail)[:LONGEST_TEXT]


def fetch(issuer: Issuer) -> bytes:
    """Return the document with the tenant's keys. Raises CannotFetch. Blocks up to WITHIN seconds."""
    deadline = time.monotonic() + WITHIN
    # The issuer names one of three hosts; nothing that anyone pasted is called.
    target = urlsplit(settings.ENTRA_KEYS_ORIGIN or f"https://{issuer.cloud.value}")
    host, port = str(target.hostname), target.port or 443
    try:
        numbers = outbound.resolve(host, port, private=False, within=WITHIN)
    except outbound.Blocked as error:
        raise CannotFetch(KeysTrouble.BLOCKED) from error
    except outbound.NameNotFound as error:
        raise CannotFetch(KeysTrouble.NAME) from error
    connection = CheckedConnection(host, port, numbers, deadline=deadline)
    try:
        connection.request("GET", issuer.keys_path, headers={"Accept": "application/json"})
        answer = connection.getresponse()
        status, body = answer.status, answer.read(MOST_BYTES + 1)
    except ssl.SSLCertVerificationError as error:
        raise CannotFetch(KeysTrouble.CERTIFICATE, error.verify_message) from error
    except TimeoutError as error:
        raise CannotFetch(KeysTrouble.TIMEOUT) from error
    except (OSError, http.client.HTTPException) as error:
        raise CannotFetch(
            KeysTrouble.UNREACHABLE, getattr(error, "strerror", None) or type(error).__name__
        ) from error
    finally:
        connection.close()
    if status != HTTPStatus.OK:  # a redirect, too
        raise CannotFetch(KeysTrouble.STATUS, status)
    if len(body) > MOST_BYTES:
        raise CannotFetch(KeysTrouble.SIZE)
    return body
