"""Sends one request and reads one answer, within a time and a size; every failure is an `IppError`."""

import ssl
from base64 import b64encode
from collections.abc import Iterable
from itertools import count
from typing import NamedTuple

import requests
from django.utils.translation import gettext_lazy as _
from urllib3.exceptions import HTTPError

from printmgmt.printing.ipp import errors
from printmgmt.printing.ipp.address import ServerAddress
from printmgmt.printing.ipp.certificates import Certificate, read_certificate
from printmgmt.printing.ipp.codec import END_OF_ATTRIBUTES, Attribute, Group, Message, decode, encode
from printmgmt.printing.ipp.connection import new_session
from printmgmt.printing.ipp.failures import failure
from printmgmt.printing.ipp.names import is_clean
from printmgmt.printing.ipp.operations import Operation, permitted
from printmgmt.printing.ipp.route import Resolve, Route
from printmgmt.printing.ipp.statuses import error_of_http, error_of_ipp

IPP = "application/ipp"
OPERATION_GROUP = 0x01
_CHUNK = 64 * 1024


class Login(NamedTuple):
    """An account on the print server."""

    user_name: str
    password: str

    def __repr__(self) -> str:
        return f"Login({self.user_name!r})"


class Limits(NamedTuple):
    """How long one request may take, how big one answer may be, how many jobs one list may have.

    `connect` seconds for finding the server's address and connecting, as many for encryption and for sending;
    `answer` seconds from then until the last byte.
    """

    connect: float = 5.0
    answer: float = 20.0
    size: int = 32 * 1024 * 1024
    jobs: int = 1_000_000


class Transport:
    """Connections to one server, opened with the first request to one of the IP addresses that `resolve` then
    returns (`route`).
    """

    def __init__(
        self,
        address: ServerAddress,
        *,
        login: Login | None,
        fingerprint: str,
        ca_file: str,
        resolve: Resolve,
        limits: Limits,
    ) -> None:
        self.address = address
        self.limits = limits
        self._login = login
        self._login_refused = False
        self._ca_file = ca_file
        self._route = Route(address, resolve=resolve, seconds=limits.connect)
        self._request_ids = count(1)
        self._session = new_session(
            host=address.host, connect=self._route.connect, fingerprint=fingerprint, ca_file=ca_file
        )

    def close(self) -> None:
        self._session.close()
        self._route.close()

    def send(
        self, operation: Operation, groups: list[Group], *, path: str, with_login: bool = False
    ) -> Message:
        """Return the successful answer to a request. Raises `IppError`; `ValueError` for an operation that is
        never sent.
        """
        operation = permitted(operation)
        _refuse_unclean(attribute for group in groups for attribute in group.attributes)
        request = Message((1, 1), operation, next(self._request_ids), groups)
        raw = self._exchange("POST", path, encode(request), asked=operation.title, with_login=with_login)
        answer = decode(raw)
        _check(answer, request, operation.title)
        return answer

    def fetch(self, method: str, path: str) -> bytes:
        """Return the body of a resource, asked for with the login."""
        return self._exchange(method, path, None, asked=f"{method} {path}", with_login=True)

    def certificate(self) -> Certificate:
        """Return what the server shows. Raises `NotNow`, and `BadAnswer` if it does not speak TLS."""
        try:
            return read_certificate(
                lambda: self._route.connect(self.limits.connect),
                host=self.address.host,
                ca_file=self._ca_file,
            )
        except (ssl.SSLError, ValueError) as error:
            raise errors.BadAnswer(
                _("The print server does not answer with encryption at this address."), technical=str(error)
            ) from None
        except OSError as error:
            raise errors.NotNow(technical=f"certificate: {error}") from None

    def _exchange(self, method: str, path: str, body: bytes | None, *, asked: str, with_login: bool) -> bytes:
        headers = {"Host": self.address.authority}
        if method == "HEAD":
            # cupsd 2.4.2 answers a HEAD twice, 200 and then 404, which the next request would read.
            headers["Connection"] = "close"
        if body is not None:
            headers["Content-Type"] = IPP
        if with_login:
            headers["Authorization"] = self._authorization(asked)
        try:
            with self._session.request(
                method,
                self._url(path),
                data=body,
                headers=headers,
                timeout=(self.limits.connect, self.limits.answer),
                allow_redirects=False,
                stream=True,
            ) as response:
                return self._read(response, asked=asked, with_login=with_login, wants_ipp=body is not None)
        except requests.exceptions.SSLError as error:
            raise self._distrust(error, asked) from None
        except (requests.RequestException, HTTPError, OSError) as error:
            raise failure(error, asked=asked) from None

    def _read(self, response: requests.Response, *, asked: str, with_login: bool, wants_ipp: bool) -> bytes:
        if error := error_of_http(response.status_code, asked=asked, with_login=with_login):
            self._login_refused = self._login_refused or isinstance(error, errors.WrongLogin)
            raise error
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if wants_ipp and kind != IPP:
            raise errors.BadAnswer(
                _("No print server answers at this address."), technical=f"{asked}: {kind!r}"
            )
        # We say that we take nothing compressed; what is compressed all the same could unpack to any size.
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise errors.BadAnswer(technical=f"{asked}: compressed")
        body = bytearray()
        while chunk := response.raw.read1(_CHUNK, decode_content=False):
            body += chunk
            if len(body) > self.limits.size:
                raise errors.BadAnswer(
                    _("The print server's answer does not end."),
                    technical=f"{asked}: over {self.limits.size} bytes",
                )
            if wants_ipp and response.raw.length_remaining and _is_whole(body):
                break
        return bytes(body)

    def _authorization(self, asked: str) -> str:
        """One attempt a login: after a 401 it is not sent again, since a wrong one blocks cupsd for all
        others for two seconds.
        """
        if self._login is None:
            raise errors.Forbidden(technical=f"{asked}: no login")
        if not self.address.is_tls and not self._route.is_loopback:
            raise errors.UnsafeConnection(technical=asked)
        if self._login_refused:
            raise errors.WrongLogin(technical=f"{asked}: not sent, refused before")
        return f"Basic {b64encode(':'.join(self._login).encode()).decode()}"

    def _url(self, path: str) -> str:
        number = self._route.number
        host = f"[{number}]" if ":" in number else number
        return f"{'https' if self.address.is_tls else 'http'}://{host}:{self.address.port}{path}"

    def _distrust(self, error: Exception, asked: str) -> errors.IppError:
        """A handshake failed. If it succeeds where nothing is checked, the certificate is the reason."""
        try:
            shown = self.certificate()
        except errors.IppError as other:
            return other
        return errors.UntrustedCertificate(technical=f"{asked}: {error}", fingerprint=shown.fingerprint)


def _is_whole(body: bytearray) -> bool:
    """Whether an answer is complete that was announced to be longer.

    cupsd 2.4.2 announces four bytes more than it sends for each value with an extension tag (RFC 8010).
    A job with one, which anyone may submit, would hide all jobs: such a list never ends, for lpstat too.
    """
    if not body.endswith(bytes([END_OF_ATTRIBUTES])):
        return False
    try:
        decode(bytes(body))
    except errors.BadAnswer:
        return False
    return True


def _refuse_unclean(attributes: Iterable[Attribute]) -> None:
    """The last place before sending: no text with a control character, wherever it comes from."""
    for attribute in attributes:
        for value in attribute.values:
            if isinstance(value.value, list):
                _refuse_unclean(value.value)
            elif isinstance(value.value, str) and not is_clean(value.value):
                raise errors.UnsafeName(technical=f"{attribute.name} {value.value!r}")


def _check(answer: Message, request: Message, asked: str) -> None:
    major, _minor = answer.version
    if major not in (1, 2) or answer.request_id != request.request_id:
        raise errors.BadAnswer(technical=f"{asked}: version {answer.version}, request {answer.request_id}")
    head = answer.groups[0] if answer.groups else Group(0, [])
    message = next((str(value.value) for value in head.values("status-message")), "")
    if error := error_of_ipp(answer.code, asked=asked, message=message):
        raise error
    # RFC 8011 §4.1.4.2. Without this a few bytes that say nothing would be an empty list of jobs.
    if head.tag != OPERATION_GROUP or not head.values("attributes-charset"):
        raise errors.BadAnswer(technical=f"{asked}: no operation attributes")
