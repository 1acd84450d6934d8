"""Writes and refusals of a SCIM request as provisioning events, with their reasons."""

from dataclasses import dataclass
from typing import Any

import structlog
from django.db import Error
from django.utils import timezone
from django.utils.encoding import escape_uri_path
from rest_framework.response import Response

from printmgmt.requests import sender_address
from scim_sync.api.authentication import TokenRefused
from scim_sync.credentials.addressed import addressed_installation
from scim_sync.credentials.calls import Call
from scim_sync.models import Action, Result
from scim_sync.protocol.attributes import GROUP, USER, ResourceKind
from scim_sync.protocol.errors import shown
from scim_sync.provisioning_log.events import add_event, add_or_count_event
from scim_sync.services.asking import ask_about
from scim_sync.services.groups import find_group
from scim_sync.services.linking import LinkRefused, ManagedElsewhere, Taken
from scim_sync.services.outcomes import Outcome
from scim_sync.services.proposals import proposal_of
from scim_sync.services.users import find_user

log = structlog.get_logger(__name__)

LONGEST_PATH = 2000
ACTIONS = {"POST": Action.CREATE, "PUT": Action.UPDATE, "PATCH": Action.UPDATE, "DELETE": Action.REMOVE}
STATUSES = {"POST": 201, "PUT": 200, "PATCH": 200, "DELETE": 204}


@dataclass(frozen=True)
class LoggedRequest:
    """A request as the log keeps it, or one operation of a Bulk request.

    ``body`` is what was read of it, None where nothing was; ``resource_id`` is "" where the path has none.
    """

    method: str
    path: str
    request_id: str
    body: Any
    kind: ResourceKind
    resource_id: str = ""


def log_outcome(logged: LoggedRequest, call: Call, outcome: Outcome, answer: Any) -> None:
    """Log a write that was done, in its own transaction; ``answer`` is the body of the answer or None."""
    result = Result.OK
    if outcome.warnings:
        result = Result.WARNING
    elif not outcome.changes and outcome.action == Action.UPDATE:
        result = Result.UNCHANGED
    add_event(
        installation=call.installation,
        action=outcome.action,
        result=result,
        status=STATUSES[logged.method] if outcome.is_whole else 204,
        person=outcome.person,
        group=outcome.group,
        subject=outcome.subject,
        changes=[change._asdict() for change in outcome.changes],
        ignored=outcome.ignored,
        reasons=list(dict.fromkeys(warned.reason for warned in outcome.warnings)),
        detail="; ".join(warned.detail for warned in outcome.warnings),
        response_body=answer,
        token=call.token,
        milliseconds=_milliseconds_of(call),
        **_of_request(logged),
    )


def log_sign_in(logged: LoggedRequest, addressed: str, exc: TokenRefused, response: Response) -> None:
    """Log a request without a valid token with the installation of its path, ``addressed``.

    Never raises: the answer matters more than its log.
    """
    try:
        installation = addressed_installation(addressed)
        if installation is None:
            return
        add_or_count_event(
            installation=installation,
            action=Action.SIGN_IN,
            result=Result.REFUSED,
            status=response.status_code,
            reasons=[exc.reason],
            detail=response.data["detail"],
            response_body=response.data,
            token=exc.token,
            milliseconds=0,
            **_of_request(logged),
        )
    except Error:  # also InterfaceError, which is no DatabaseError
        log.exception("the refusal could not be logged")


def log_refusal(logged: LoggedRequest, call: Call, exc: Exception, response: Response) -> None:
    """Log a refused write. Never raises: the answer matters more than its log."""
    try:
        if isinstance(exc, LinkRefused) and exc.review:
            ask_about(call, exc, proposal_of(logged.method, logged.body, call.effort))
        _log_refused_write(logged, call, exc, response)
    except Error:  # also InterfaceError, which is no DatabaseError
        log.exception("the refusal could not be logged")


def _log_refused_write(logged: LoggedRequest, call: Call, exc: Exception, response: Response) -> None:
    answer: dict[str, Any] = response.data or {}
    wanted = logged.resource_id
    person = exc.person if isinstance(exc, LinkRefused) else None
    if person is None and wanted and logged.kind is USER:
        person = find_user(call, wanted)
    group = find_group(call, wanted) if wanted and logged.kind is GROUP else None
    known = str(person.user_name if person else group or "")
    add_or_count_event(
        installation=call.installation,
        action=ACTIONS[logged.method],
        result=Result.REFUSED if response.status_code < 500 else Result.FAILED,
        status=response.status_code,
        scim_type=answer.get("scimType", ""),
        subject=known or _given_name(logged) or (shown(wanted) if wanted else ""),
        person=person,
        group=group,
        reasons=[exc.reason] if isinstance(exc, Taken | ManagedElsewhere) else [],
        detail=answer.get("detail", ""),
        response_body=answer,
        token=call.token,
        milliseconds=_milliseconds_of(call),
        **_of_request(logged),
    )


def _of_request(logged: LoggedRequest) -> dict[str, Any]:
    return {
        "method": logged.method,
        "path": escape_uri_path(logged.path)[:LONGEST_PATH],
        "request_id": logged.request_id,
        "address": sender_address(),
        "request_body": logged.body,
    }


def _milliseconds_of(call: Call) -> int:
    return int((timezone.now() - call.received_at).total_seconds() * 1000)


def _given_name(logged: LoggedRequest) -> str:
    """The userName or displayName in a refused body."""
    given = logged.body if isinstance(logged.body, dict) else {}
    name = given.get("userName") or given.get("displayName")
    return name[:512] if isinstance(name, str) else (shown(name) if name else "")
