"""The certificate that a print server shows."""

import socket
import ssl
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from requests.utils import DEFAULT_CA_BUNDLE_PATH


class Certificate(NamedTuple):
    """`fingerprint` is the SHA-256 in hexadecimal, without colons; `trusted` says whether a known authority
    signed it for this name.
    """

    fingerprint: str
    subject: str
    expires_at: datetime
    trusted: bool


def read_certificate(connect: Callable[[], socket.socket], *, host: str, ca_file: str = "") -> Certificate:
    """Return what a server shows to anyone who asks for `host`. Sends nothing but the handshake; `connect`
    returns a new connection to the server.

    Raises `OSError` (`ssl.SSLError` among them) if there is no handshake, `ValueError` if what is shown is no
    certificate.
    """
    try:
        shown, trusted = _shake_hands(connect(), host, _strict(ca_file)), True
    except ssl.SSLCertVerificationError:
        shown, trusted = _shake_hands(connect(), host, _unverified()), False
    certificate = x509.load_der_x509_certificate(shown)
    return Certificate(
        certificate.fingerprint(SHA256()).hex(),
        certificate.subject.rfc4514_string(),
        certificate.not_valid_after_utc,
        trusted,
    )


def _strict(ca_file: str) -> ssl.SSLContext:
    # The same authorities as for requests, so that both say the same.
    return ssl.create_default_context(cafile=ca_file or DEFAULT_CA_BUNDLE_PATH)


def _unverified() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _shake_hands(connection: socket.socket, host: str, context: ssl.SSLContext) -> bytes:
    with connection, context.wrap_socket(connection, server_hostname=host) as secured:
        return secured.getpeercert(binary_form=True) or b""
