"""Tokens that expired or were revoked and are still used: by Azure itself, or by a forgotten client."""

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
"""A live token used within this time is the directory's current one: Entra calls about every 40 minutes."""


def refused_with_ended_token(installation: Installation, *, since: datetime) -> QuerySet[ProvisioningEvent]:
    """Requests after ``since`` refused for an expired or revoked token, the newest first."""
    events = ProvisioningEvent.objects.counted().filter(
        installation=installation, action=Action.SIGN_IN, reasons__includes_any=ENDED, token__isnull=False
    )
    return events.filter(counter__at__gt=since).select_related("token").order_by("-counter__at", "-id")


def is_replaced(event: ProvisioningEvent, live: Collection[ScimToken]) -> bool:
    """Whether another token, in use now, has replaced the one this request was refused with."""
    token = event.token
    assert token is not None  # noqa: S101 -- refused_with_ended_token filters for it
    lately = min(token.revoked_at or token.expires_at, timezone.now() - STILL_IN_USE)
    return any(other.last_used_at and other.last_used_at > lately for other in live)


def describe_ended_token(event: ProvisioningEvent) -> str:
    """A sentence: which token is still used, when last and from which address."""
    token = event.token
    assert token is not None  # noqa: S101 -- as above
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
