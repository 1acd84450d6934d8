"""Mails about the sync, each once: to owners and administrators, and to the address set for it."""

from collections.abc import Callable
from datetime import timedelta

import structlog
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from addons.models import Installation
from printmgmt.organizations.notices import BeingSent, send_once
from scim_sync.health import Condition, Reading
from scim_sync.models import ScimToken, Watch

log = structlog.get_logger(__name__)

EARLY, LATE = timedelta(days=30), timedelta(days=7)
"""How long before a token's end it is told, and told again."""

TOLD = frozenset({Condition.TOKENLESS, Condition.TURNED_AWAY, Condition.QUIET, Condition.FAILING})
"""Conditions worth a mail; the others somebody here brought about, and knows."""


def tell_of_ends(token: ScimToken) -> None:
    """Tell that a live token ends in a month, and again in a week."""
    left = token.expires_at - timezone.now()
    if left <= EARLY:
        stage = LATE if left <= LATE else EARLY
        _send(token.installation, f"token-ends:{token.pk}:{stage.days}", lambda: _of_end(token, left))


def tell_of_issuer_gone(token: ScimToken) -> None:
    """Tell that whoever made a live token administers nothing here any more; the token lives on."""
    _send(token.installation, f"token-issuer-gone:{token.pk}", lambda: _of_issuer(token))


def tell_of_condition(installation: Installation, watch: Watch, reading: Reading) -> None:
    """Tell the condition an installation changed to: what is wrong, or that it works again."""
    if reading.condition in TOLD or watch.recovered:
        key = f"sync:{installation.pk}:{watch.condition}:{watch.since.isoformat()}"
        _send(installation, key, lambda: _of_condition(installation, reading, watch.recovered))


def details_url(installation: Installation) -> str:
    """The add-on's page, for a mail."""
    where = {"organization": installation.organization.slug, "addon": installation.slug}
    return f"{settings.PUBLIC_URL}{reverse('addons:details', kwargs=where)}"


def _send(installation: Installation, key: str, compose: Callable[[], tuple[str, str]]) -> None:
    """Send unless it was sent; what fails now is tried again at the next round."""
    address = installation.settings.get("notification_address")
    try:
        send_once(installation.organization, key, compose, also=[address] if address else [])
    except (BeingSent, OSError) as error:
        log.warning("the mail waits for the next round", notice=key, error=str(error))


def _named(token: ScimToken) -> str:
    return f"“{token.label}” ({token.prefix}_…)"


def _mail(subject: str, *paragraphs: str) -> tuple[str, str]:
    return subject, "\n\n".join([*paragraphs, ""])


def _of_end(token: ScimToken, left: timedelta) -> tuple[str, str]:
    days = max(left.days, 0)
    subject = ngettext(
        "%(organization)s: the secret token for Azure ends in %(days)d day",
        "%(organization)s: the secret token for Azure ends in %(days)d days",
        days,
    ) % {"organization": token.installation.organization, "days": days}
    date = date_format(timezone.localtime(token.expires_at), "DATE_FORMAT")
    return _mail(
        subject,
        _("The secret token %(token)s of Microsoft Azure AD User Sync ends on %(date)s.")
        % {"token": _named(token), "date": date},
        _(
            "Rotate it on the page below, paste the new one into Azure, then revoke the old one. Both work at"
            " the same time, so the sync never stops. If it was replaced already, revoke it."
        ),
        details_url(token.installation),
    )


def _of_issuer(token: ScimToken) -> tuple[str, str]:
    organization = token.installation.organization
    return _mail(
        _("%(organization)s: who made the secret token for Azure has left") % {"organization": organization},
        _("%(who)s made the secret token %(token)s and administers %(organization)s no longer.")
        % {"who": token.created_by, "token": _named(token), "organization": organization},
        _("The token still works and the sync goes on. If they may have kept a copy, rotate and revoke it:"),
        details_url(token.installation),
    )


def _of_condition(installation: Installation, reading: Reading, recovered: bool) -> tuple[str, str]:
    name = {"organization": installation.organization}
    subjects = {
        Condition.TOKENLESS: _("%(organization)s: Azure cannot sign in any more"),
        Condition.TURNED_AWAY: _("%(organization)s: Azure is turned away"),
        Condition.QUIET: _("%(organization)s: nothing was heard of Azure for unusually long"),
        Condition.FAILING: _("%(organization)s: calls of Azure are refused"),
    }
    subject = (
        _("%(organization)s: the sync with Azure works again") if recovered else subjects[reading.condition]
    )
    return _mail(subject % name, str(reading.health.message), _("More about it:"), details_url(installation))
