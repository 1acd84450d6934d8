"""Health of the sync as far as a SCIM server can see it: who called when, and what was refused."""

from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from addons.base import Health, HealthState
from addons.models import Installation, InstallationState
from printmgmt.organizations.moments import write_moment
from scim_sync.credentials.ended_tokens import describe_ended_token, is_replaced, refused_with_ended_token
from scim_sync.credentials.ways import Credential, credentials_of
from scim_sync.facts import PAUSE_NOTE
from scim_sync.models import Action, Contact, ProvisioningEvent
from scim_sync.monitoring.cadence import cadence_of
from scim_sync.monitoring.hints.shown import hints_row, shown_hints
from scim_sync.provisioning_log.causes import explain
from scim_sync.provisioning_log.reasons import ENDED

RECENT = timedelta(hours=24)

CONTACT_GRAIN = timedelta(minutes=1)
"""A contact is written at most once a minute: a difference below that means nothing."""


class Condition(StrEnum):
    """What is wrong with an installation. Stored in ``Watch``, so values stay."""

    PAUSED = "paused"
    TOKENLESS = "tokenless"
    TURNED_AWAY = "turned-away"
    QUIET = "quiet"
    FAILING = "failing"
    MAPPING = "mapping"


def check(installation: Installation) -> Health:
    """The worst condition that holds now: a query for each way to connect, three more, one for a failure.

    What an administrator did here, such as pausing, has no headline, so that no mail is sent about it.
    """
    now = timezone.now()
    if installation.state == InstallationState.PAUSED:
        return Health.warning(
            _("Paused: all requests are rejected."), condition=Condition.PAUSED, advice=PAUSE_NOTE
        )
    made = credentials_of(installation)
    live = [credential for credential in made if credential.is_live]
    if not live:
        if made:
            return Health.error(
                _("No way to connect is active: Azure cannot authenticate."),
                condition=Condition.TOKENLESS,
                headline=_("Azure can't authenticate"),
                advice=_("Set up a way to connect on the add-on's page, and paste what it shows into Azure."),
            )
        return Health.waiting(_("Not set up yet. The details page shows what to paste into Azure."))
    rows = Contact.objects.filter(installation=installation)
    contact = rows.select_related("installation__mapping_hints").first()
    if contact is None:
        return Health.waiting(_("Waiting for Azure's Test Connection."))
    return _of_contact(installation, contact, live, now)


def _of_contact(
    installation: Installation, contact: Contact, live: list[Credential], now: datetime
) -> Health:
    # Anyone may call without a token; only a token of ours that ended is a reason to warn.
    is_sign_in = Q(action=Action.SIGN_IN)
    counted = ProvisioningEvent.objects.counted().filter(installation=installation)
    refused = counted.filter(counter__at__gte=now - RECENT).aggregate(
        kinds=Count("pk", filter=~is_sign_in),
        turned_away=Max("counter__at", filter=is_sign_in & Q(reasons__includes_any=ENDED)),
    )
    last = {"when": write_moment(contact.last_at)}
    if refused["turned_away"] and refused["turned_away"] > contact.last_at + CONTACT_GRAIN:
        refusals = refused_with_ended_token(installation, since=contact.last_at + CONTACT_GRAIN)
        turned_away = next((event for event in refusals if not is_replaced(event, live)), None)
        if turned_away is not None:
            return Health.error(
                "{} {}".format(
                    describe_ended_token(turned_away), _("Nothing has arrived since %(when)s.") % last
                ),
                condition=Condition.TURNED_AWAY,
                headline=_("Azure's token is rejected"),
                advice=explain(turned_away)[0].fix,
            )
    # Nothing could arrive while the add-on was paused.
    awaited_from = max(filter(None, [contact.last_at, installation.resumed_at]))
    if now > awaited_from + cadence_of(installation).patience:
        return Health.warning(
            _("No sync activity since %(when)s, which is unusually long.") % last,
            condition=Condition.QUIET,
            headline=_("no sync activity for unusually long"),
            advice=_(
                "In Entra under Provisioning, check whether it is stopped or in quarantine, and start it "
                "again. Until Entra calls, people who leave keep access."
            ),
        )
    if refused["kinds"]:
        message = ngettext(
            "%(count)d type of sync request failed in the last 24 hours. The newest, %(when)s: %(what)s",
            "%(count)d types of sync request failed in the last 24 hours. The newest, %(when)s: %(what)s",
            refused["kinds"],
        )
        newest = _newest_failed(installation)
        return Health.warning(
            message
            % {"count": refused["kinds"], "when": write_moment(newest.last_at), "what": _words(newest)},
            condition=Condition.FAILING,
            headline=_("sync requests are failing"),
            advice=_("See the provisioning log for the reason and the fix."),
        )
    return _well(_("Last sync activity: %(when)s.") % last, contact)


def _well(message: str, contact: Contact) -> Health:
    """All is well; hints about the mapping are added. One that leaves access is a condition.

    Its mail is of its own (`hints.mails`), so it has no headline.
    """
    hints = [hint for hint in shown_hints(hints_row(contact)) if not hint.is_dismissed]
    if not hints:
        return Health.ok(message)
    if hints[0].kind.leaves_access:
        advice = _("See the hints on the add-on's page for the line to change in Azure.")
        message = "{} {}".format(
            message, _("%(title)s: %(saw)s") % {"title": hints[0].words.title, "saw": hints[0].saw}
        )
        return Health(HealthState.OK, message, Condition.MAPPING, advice=advice)
    text = ngettext(
        "%(count)d hint about the mapping in Azure, on the add-on's page.",
        "%(count)d hints about the mapping in Azure, on the add-on's page.",
        len(hints),
    )
    return Health.ok(f"{message} {text % {'count': len(hints)}}")


def _newest_failed(installation: Installation) -> ProvisioningEvent:
    failed = ProvisioningEvent.objects.counted().filter(installation=installation)
    return failed.exclude(action=Action.SIGN_IN).latest("counter__at", "id")


def _words(event: ProvisioningEvent) -> str:
    """A short text: what failed, and why."""
    what = " ".join(filter(None, [str(event.get_action_display()), event.subject]))
    return Truncator(f"{what}: {event.detail}" if event.detail else what).chars(200)
