"""What a SCIM server can honestly say about the sync: who called when, and what was refused."""

from datetime import timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from addons.base import Health
from addons.models import Installation, InstallationState
from scim_sync.models import Contact, ProvisioningEvent, Result, ScimToken

RECENT = timedelta(hours=24)


def check(installation: Installation) -> Health:
    """Read from our own rows; asks nobody."""
    now = timezone.now()
    if installation.state == InstallationState.PAUSED:
        return Health.warning(_("Paused: every call is refused."))
    tokens = ScimToken.objects.filter(installation=installation)
    if not tokens.filter(slot__isnull=False, expires_at__gt=now).exists():
        if tokens.exists():
            return Health.error(_("No secret token is live: Azure cannot sign in."))
        return Health.waiting(_("Not set up yet: the details page makes the secret token."))
    contact = Contact.objects.filter(installation=installation).first()
    if contact is None:
        return Health.waiting(_("Waiting for Azure's Test Connection."))
    refused = ProvisioningEvent.objects.filter(
        installation=installation, result__in=[Result.REFUSED, Result.FAILED], last_at__gte=now - RECENT
    ).count()
    at = timezone.localtime(contact.last_at)
    last = f"{date_format(at, 'DATE_FORMAT')}, {date_format(at, 'H:i')}"
    if refused:
        return Health.warning(
            ngettext(
                "Last heard of %(when)s; %(count)d kind of call was refused in the last 24 hours.",
                "Last heard of %(when)s; %(count)d kinds of calls were refused in the last 24 hours.",
                refused,
            )
            % {"when": last, "count": refused}
        )
    return Health.ok(_("Last heard of %(when)s.") % {"when": last})
