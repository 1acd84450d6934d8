"""Writes and refusals of a SCIM call as provisioning events, with their cause and what to do."""

import json
from datetime import datetime
from typing import Any

import structlog
from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from scim_sync.api.authentication import TokenRefused, addressed_installation
from scim_sync.calls import Call
from scim_sync.events import add_event, add_or_count_event
from scim_sync.exceptions import REFUSAL_TEXT
from scim_sync.masking import LONGEST_BODY, masked
from scim_sync.models import Action, Result
from scim_sync.protocol.errors import shown
from scim_sync.services import LinkRefused, Outcome, propose_link

log = structlog.get_logger(__name__)

ACTIONS = {"POST": Action.CREATE, "PUT": Action.UPDATE, "PATCH": Action.UPDATE, "DELETE": Action.REMOVE}
STATUSES = {Action.CREATE: 201, Action.REATTACH: 201, Action.REMOVE: 204}


def log_outcome(request: Request, call: Call, outcome: Outcome) -> None:
    """One event for a write that was done, in the transaction's wake."""
    result = Result.OK
    if outcome.warnings:
        result = Result.WARNING
    elif not outcome.changes and outcome.action == Action.UPDATE:
        result = Result.UNCHANGED
    add_event(
        installation=call.installation,
        action=outcome.action,
        result=result,
        status=201 if request.method == "POST" else STATUSES.get(outcome.action, 200),
        person=outcome.person,
        subject=outcome.person.user_name,
        changes=[change._asdict() for change in outcome.changes],
        ignored=outcome.ignored,
        detail="; ".join(outcome.warnings),
        token=call.token,
        **_of_request(request, call.received_at),
    )


def log_refusal(
    request: Request, exc: Exception, response: Response, *, received_at: datetime | None
) -> None:
    """One event for a refused write or sign-in; refused reads of a valid token are no news.

    Never raises: the answer matters more than its log.
    """
    try:
        if isinstance(exc, TokenRefused):
            _log_sign_in(request, exc, response)
        elif request.method in ACTIONS and isinstance(request.auth, Call):
            if isinstance(exc, LinkRefused) and exc.review:
                propose_link(request.auth, exc)
            _log_refused_write(request, request.auth, exc, response, received_at)
    except DatabaseError:
        log.exception("the refusal could not be logged")


def _log_sign_in(request: Request, exc: TokenRefused, response: Response) -> None:
    installation = addressed_installation(request.parser_context["kwargs"].get("installation", ""))
    if installation is None:
        return
    add_or_count_event(
        installation=installation,
        action=Action.SIGN_IN,
        result=Result.REFUSED,
        status=response.status_code,
        cause=str(exc.reason),
        fix=_("Paste the current secret token into Azure, or rotate it if it is lost."),
        detail=str(REFUSAL_TEXT[exc.reason]),
        token=exc.token,
        **_of_request(request, None),
    )


def _log_refused_write(
    request: Request, call: Call, exc: Exception, response: Response, received_at: datetime | None
) -> None:
    answer: dict[str, Any] = response.data or {}
    user_id = request.parser_context["kwargs"].get("user_id", "")
    add_or_count_event(
        installation=call.installation,
        action=ACTIONS[request.method or ""],
        result=Result.REFUSED if response.status_code < 500 else Result.FAILED,
        status=response.status_code,
        scim_type=answer.get("scimType", ""),
        subject=_subject(request) or user_id,
        person=exc.person if isinstance(exc, LinkRefused) else None,
        detail=answer.get("detail", ""),
        response_body=answer,
        token=call.token,
        **_of_request(request, received_at),
    )


def _of_request(request: Request, received_at: datetime | None) -> dict[str, Any]:
    took = timezone.now() - received_at if received_at else None
    return {
        "method": request.method,
        "path": request.get_full_path()[:2000],
        "request_id": getattr(request, "request_id", ""),
        "request_body": _body(request),
        "milliseconds": int(took.total_seconds() * 1000) if took else 0,
    }


def _body(request: Request) -> Any:
    """The body without its secrets, if it was read at all and is not too large to keep."""
    data = getattr(request, "_full_data", None)
    if not isinstance(data, dict) or not data:
        return None
    kept = masked(data)
    size = len(json.dumps(kept))
    return kept if size <= LONGEST_BODY else {"left out": f"{size} bytes"}


def _subject(request: Request) -> str:
    data = getattr(request, "_full_data", None)
    name = data.get("userName") if isinstance(data, dict) else None
    return name[:512] if isinstance(name, str) else (shown(name) if name else "")
