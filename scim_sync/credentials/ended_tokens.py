"""Tokens and client secrets that ended and are still used: by Azure itself, or by a forgotten client."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from addons.models import Installation
from printmgmt.organizations.moments import write_moment
from scim_sync.credentials.ways import Credential
from scim_sync.models import Action, ProvisioningEvent
from scim_sync.provisioning_log.reasons import ENDED, Reason

STILL_IN_USE = timedelta(hours=2)
"""A live token used within this time is the directory's current one: Entra calls about every 40 minutes."""


def refused_with_ended_token(installation: Installation, *, since: datetime) -> QuerySet[ProvisioningEvent]:
    """Requests after ``since`` refused for an expired or revoked token or client secret, the newest first."""
    events = ProvisioningEvent.objects.counted().filter(
        installation=installation, action=Action.SIGN_IN, reasons__includes_any=ENDED
    )
    return events.filter(counter__at__gt=since).select_related("token").order_by("-counter__at", "-id")


def is_replaced(event: ProvisioningEvent, live: Collection[Credential]) -> bool:
    """Whether another credential, in use now, has replaced the one this request was refused with."""
    lately = timezone.now() - STILL_IN_USE
    if event.token is not None:
        lately = min(event.token.revoked_at or event.token.expires_at, lately)
    return any(other.last_used_at and other.last_used_at > lately for other in live)


def describe_ended_token(event: ProvisioningEvent) -> str:
    """A sentence: what is still used, when last and from which address."""
    names = {
        "address": event.newest.address or _("an unknown address"),
        "when": write_moment(event.last_at),
    }
    if Reason.CLIENT_SECRET_REVOKED in event.reasons:
        return _("A revoked client secret is still used, last %(when)s from %(address)s.") % names
    if Reason.CLIENT_SECRET_EXPIRED in event.reasons:
        return _("An expired client secret is still used, last %(when)s from %(address)s.") % names
    token = event.token
    names["token"] = f"“{token}” ({token.prefix}_…)" if token else _("that was deleted")
    if Reason.TOKEN_REVOKED in event.reasons:
        text = _("The secret token %(token)s was revoked and is still used, last %(when)s from %(address)s.")
    else:
        text = _("The secret token %(token)s has expired and is still used, last %(when)s from %(address)s.")
    return text % names
