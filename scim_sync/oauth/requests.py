"""A token request, read strictly: a form with each parameter once, and the client's id and secret."""

import base64
import binascii
from functools import cached_property
from http import HTTPStatus
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, unquote_plus

from authlib.oauth2.rfc6749 import OAuth2Request
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from django.http import HttpRequest, UnreadablePostError

from addons.models import Installation
from printmgmt.requests import client_address
from scim_sync.credentials.addressed import addressed_installation
from scim_sync.credentials.refusals import ClientRefused
from scim_sync.oauth.errors import MalformedRequest
from scim_sync.provisioning_log.reasons import Reason

FORM: Final = "application/x-www-form-urlencoded"

LARGEST: Final = 64 * 1024
"""Bytes of a request: an assertion of Entra has about two thousand."""

MOST_PARAMETERS: Final = 50


class Presented(NamedTuple):
    """The client's id and secret as a request presents them; "" for what it lacks."""

    client_id: str
    client_secret: str


class TokenRequest(OAuth2Request):  # type: ignore[misc]  # Authlib has no types
    """A request of the token endpoint. ``form`` are its parameters, without those that are empty."""

    def __init__(self, request: HttpRequest, addressed: str, form: dict[str, str]) -> None:
        # Authlib refuses http by an exception that it does not handle itself, and allows it for no host. The
        # view has refused it already wherever the console is reached by https.
        super().__init__("POST", f"https://{request.get_host()}{request.path}", headers=request.headers)
        self.payload = BasicOAuth2Payload(form)
        self.http = request
        self.addressed = addressed

    @property
    def form(self) -> dict[str, str]:
        form: dict[str, str] = self.payload.data
        return form

    @property
    def address(self) -> str | None:
        """The caller's IP address."""
        return client_address(self.http)

    @cached_property
    def installation(self) -> Installation | None:
        """The installation in the path, None if there is none."""
        return addressed_installation(self.addressed)

    @cached_property
    def presented(self) -> Presented:
        """The client's id and secret, in the form, as HTTP Basic, or in both (RFC 6749 §2.3.1).

        Raises ClientRefused if the two differ, or for another kind of authentication.
        """
        in_form = Presented(self.form.get("client_id", ""), self.form.get("client_secret", ""))
        header = self.http.headers.get("Authorization", "").strip()
        if not header:
            return in_form
        in_header = _read_basic(header)
        if any(a and a != b for a, b in zip(in_form, in_header, strict=True)):
            raise ClientRefused(Reason.CLIENT_MALFORMED)
        return in_header


def read_request(request: HttpRequest, addressed: str) -> TokenRequest:
    """Read a token request; ``addressed`` is the installation in its path. Raises MalformedRequest."""
    if request.content_type != FORM:
        raise MalformedRequest(f"The body must be {FORM}")
    form = _read_form(_read_body(request))
    if "client_secret" in form and "client_assertion" in form:
        raise MalformedRequest("client_secret and client_assertion exclude each other")
    if "grant_type" not in form:
        raise MalformedRequest("grant_type is missing")
    return TokenRequest(request, addressed, form)


def _read_body(request: HttpRequest) -> bytes:
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length.isdecimal():
        raise MalformedRequest("Content-Length is missing", status_code=HTTPStatus.LENGTH_REQUIRED)
    if int(length) > LARGEST:
        raise MalformedRequest("The body is too large", status_code=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    try:
        return request.read(LARGEST)
    except UnreadablePostError as error:
        raise MalformedRequest("The body did not arrive", status_code=HTTPStatus.REQUEST_TIMEOUT) from error


def _read_form(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=bool(body),
            errors="strict",
            max_num_fields=MOST_PARAMETERS,
        )
    except ValueError as error:  # also UnicodeDecodeError
        raise MalformedRequest("The body cannot be read as a form") from error
    form = dict(pairs)
    if len(form) < len(pairs):
        raise MalformedRequest("A parameter is repeated")
    if any("\x00" in text for pair in pairs for text in pair):
        raise MalformedRequest("The body cannot be read as a form")
    return {name: value for name, value in pairs if value}


def _read_basic(header: str) -> Presented:
    scheme, _space, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        raise ClientRefused(Reason.CLIENT_MALFORMED)
    try:
        text = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise ClientRefused(Reason.CLIENT_MALFORMED) from error
    client_id, colon, secret = text.partition(":")
    presented = Presented(unquote_plus(client_id), unquote_plus(secret))
    if not colon or any("\x00" in part for part in presented):
        raise ClientRefused(Reason.CLIENT_MALFORMED)
    return presented
