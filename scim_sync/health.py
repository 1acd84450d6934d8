"""What a SCIM server can honestly say about the sync: who called when, and what was refused."""

from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from addons.base import Health
from addons.models import Installation, InstallationState
from scim_sync.cadence import cadence_of
from scim_sync.causes import DOOR
from scim_sync.exceptions import Refusal
from scim_sync.facts import PAUSE_NOTE
from scim_sync.models import Action, Contact, ProvisioningEvent, Result, ScimToken

RECENT = timedelta(hours=24)

CONTACT_GRAIN = timedelta(minutes=1)
"""A contact is written at most once a minute: what is newer by less is no news."""


class Condition(StrEnum):
    """What is wrong with an installation, or keeps it waiting; stored by the watch, so never renamed."""

    PAUSED = "paused"
    TOKENLESS = "tokenless"
    TURNED_AWAY = "turned-away"
    QUIET = "quiet"
    FAILING = "failing"


def check(installation: Installation) -> Health:
    """The worst that is true now, read from our own rows in at most four queries.

    What somebody here brought about, such as pausing, has no headline: they know, and get no mail.
    """
    now = timezone.now()
    if installation.state == InstallationState.PAUSED:
        return Health.warning(
            _("Paused: every call is refused."), condition=Condition.PAUSED, advice=PAUSE_NOTE
        )
    tokens = ScimToken.objects.filter(installation=installation)
    if not tokens.filter(slot__isnull=False, expires_at__gt=now).exists():
        if tokens.exists():
            return Health.error(
                _("No secret token is live: Azure cannot sign in."),
                condition=Condition.TOKENLESS,
                headline=_("Azure cannot sign in any more"),
                advice=DOOR[Refusal.EXPIRED],
            )
        return Health.waiting(_("Not set up yet: the details page makes the secret token."))
    contact = Contact.objects.filter(installation=installation).first()
    if contact is None:
        return Health.waiting(_("Waiting for Azure's Test Connection."))
    return _of_contact(installation, contact, now)


def _of_contact(installation: Installation, contact: Contact, now: datetime) -> Health:
    # Whoever has no token may knock at any time: only a token of ours that opens nothing any more is news.
    at_the_door = Q(action=Action.SIGN_IN)
    refused = ProvisioningEvent.objects.filter(
        installation=installation, result__in=[Result.REFUSED, Result.FAILED], last_at__gte=now - RECENT
    ).aggregate(
        kinds=Count("pk", filter=~at_the_door),
        turned_away=Max("last_at", filter=at_the_door & Q(token__isnull=False)),
    )
    last = {"when": moment(contact.last_at)}
    if refused["turned_away"] and refused["turned_away"] > contact.last_at + CONTACT_GRAIN:
        return Health.error(
            _("Azure calls with a token that has ended: nothing arrives since %(when)s.") % last,
            condition=Condition.TURNED_AWAY,
            headline=_("Azure is turned away"),
            advice=DOOR[Refusal.EXPIRED],
        )
    cadence = cadence_of(installation)
    if now > cadence.quiet_from(contact):
        return Health.warning(
            _("Quiet: nothing was heard since %(when)s, which is unusually long.") % last,
            condition=Condition.QUIET,
            headline=_("nothing was heard of Azure for unusually long"),
            advice=_(
                "Look in Entra under Provisioning whether it is stopped or in quarantine, and start it again."
                " Until Entra calls, whoever leaves keeps their access."
            ),
        )
    if refused["kinds"]:
        message = ngettext(
            "Last heard of %(when)s; %(count)d kind of call was refused in the last 24 hours.",
            "Last heard of %(when)s; %(count)d kinds of calls were refused in the last 24 hours.",
            refused["kinds"],
        ) % {**last, "count": refused["kinds"]}
        return Health.warning(
            message,
            condition=Condition.FAILING,
            headline=_("calls of Azure are refused"),
            advice=_("The provisioning log says of each call why it was refused and what to do."),
        )
    return Health.ok(_("Last heard of %(when)s.") % last)


def moment(at: datetime) -> str:
    """Date and time in the current zone, as a sentence says it."""
    local = timezone.localtime(at)
    return f"{date_format(local, 'DATE_FORMAT')}, {date_format(local, 'H:i')}"
