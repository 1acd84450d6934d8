"""Tokens that have ended and are still used: by Azure, which is turned away then, or by a leftover client."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from addons.models import Installation
from printmgmt.organizations.moments import write_moment
from scim_sync.models import Action, ProvisioningEvent, ScimToken
from scim_sync.provisioning_log.reasons import ENDED, Reason

STILL_IN_USE = timedelta(hours=2)
"""A live token used so lately is the one that the directory has now: it comes about every 40 minutes."""


def with_ended_tokens(installation: Installation, *, since: datetime) -> QuerySet[ProvisioningEvent]:
    """Refused calls with an ended token of the installation after a moment, the newest first."""
    events = ProvisioningEvent.objects.counted().filter(
        installation=installation, action=Action.SIGN_IN, reasons__includes_any=ENDED, token__isnull=False
    )
    return events.filter(counter__at__gt=since).select_related("token").order_by("-counter__at", "-id")


def is_replaced(event: ProvisioningEvent, live: Collection[ScimToken]) -> bool:
    """Whether a live token does the work of the one this call was refused with."""
    token = event.token
    assert token is not None  # noqa: S101 -- for the type checker: with_ended_tokens asked for it
    lately = min(token.revoked_at or token.expires_at, timezone.now() - STILL_IN_USE)
    return any(other.last_used_at and other.last_used_at > lately for other in live)


def words_of_ended(event: ProvisioningEvent) -> str:
    """Which token is still used, and from where."""
    token = event.token
    assert token is not None  # noqa: S101 -- likewise
    names = {
        "token": f"“{token}” ({token.prefix}_…)",
        "address": event.newest.address or _("an unknown address"),
        "when": write_moment(event.last_at),
    }
    if Reason.TOKEN_REVOKED in event.reasons:
        text = _("The secret token %(token)s was revoked and is still used, last %(when)s from %(address)s.")
    else:
        text = _("The secret token %(token)s has expired and is still used, last %(when)s from %(address)s.")
    return text % names
