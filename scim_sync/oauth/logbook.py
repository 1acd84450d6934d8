"""Refused token requests in the provisioning log, where the administrator reads why."""

from http import HTTPStatus
from typing import Final

import structlog
from django.db import Error
from django.utils.encoding import escape_uri_path

from scim_sync.credentials.refusals import ClientRefused
from scim_sync.models import Action, Result
from scim_sync.oauth.requests import TokenRequest
from scim_sync.provisioning_log.events import add_or_count_event

log = structlog.get_logger(__name__)

LOGGED: Final = ("grant_type", "client_id", "scope", "resource")
"""Parameters that are no secret."""

LONGEST: Final = 200
"""Characters of a parameter in the log."""


def log_refused_client(asked: TokenRequest, refused: ClientRefused) -> None:
    """Log a refused token request with the installation of its path.

    Never raises: the answer matters more than its log.
    """
    try:
        if refused.reason is None or asked.installation is None:
            return
        add_or_count_event(
            installation=asked.installation,
            action=Action.SIGN_IN,
            result=Result.REFUSED,
            status=HTTPStatus.UNAUTHORIZED,
            reasons=[refused.reason],
            token=None,
            milliseconds=0,
            method="POST",
            path=escape_uri_path(asked.http.path),
            request_id=getattr(asked.http, "request_id", ""),
            address=asked.address,
            request_body={name: asked.form[name][:LONGEST] for name in LOGGED if name in asked.form},
        )
    except Error:  # also InterfaceError, which is no DatabaseError
        log.exception("the refusal could not be logged")
