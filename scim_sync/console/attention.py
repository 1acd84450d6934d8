"""What needs an administrator now: a failing or silent sync, a wrong mapping, ending tokens, open reviews."""

from collections.abc import Iterator
from dataclasses import replace

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from addons.addresses import address_of
from addons.base import Health
from addons.models import Installation
from addons.names import name_of
from addons.present import present_of
from printmgmt.console.shell.extensions import Attention
from printmgmt.organizations.models import Organization
from printmgmt.organizations.moments import write_day
from printmgmt.people.models import ReviewState
from scim_sync.credentials.ways import client_secrets_of
from scim_sync.facts import SLUG
from scim_sync.models import ScimToken
from scim_sync.monitoring import health
from scim_sync.monitoring.expiring import EARLY
from scim_sync.monitoring.health import Condition
from scim_sync.services.review_decisions import items_of


def needs_of(organization: Organization) -> Iterator[Attention]:
    """Entries for the dashboard; none if the add-on is not installed."""
    present = present_of(organization, SLUG)
    for installation in present:
        for need in (*_health(installation), *_tokens(installation), *_questions(installation)):
            yield need if len(present) == 1 else _named(need, installation)


def _named(need: Attention, installation: Installation) -> Attention:
    named = _("%(directory)s: %(text)s") % {"directory": name_of(installation), "text": need.text}
    return replace(need, text=named)


def _health(installation: Installation) -> Iterator[Attention]:
    found = health.check(installation)
    if found.condition == Condition.MAPPING:
        yield _mapping(found, installation)
    if found.headline or found.condition == Condition.PAUSED:  # a pause has no headline, but may be forgotten
        broken = found.condition != Condition.FAILING
        url = address_of(installation, "addons:details" if broken else "scim_sync:log")
        yield Attention(found.message, url, found.advice, icon="heartbeat", urgent=broken)


def _mapping(found: Health, installation: Installation) -> Attention:
    text = _("The mapping in Azure lacks “active”: people who leave may keep their access")
    return Attention(text, f"{address_of(installation)}#hints", found.advice, icon="adjustments")


def _tokens(installation: Installation) -> Iterator[Attention]:
    now, url = timezone.now(), address_of(installation)
    ending = ScimToken.objects.filter(
        installation=installation, slot__isnull=False, expires_at__gt=now, expires_at__lte=now + EARLY
    )
    for secret in client_secrets_of(installation):
        if secret.expires_soon:
            yield Attention(
                _("The client secret “%(secret)s” expires on %(date)s")
                % {"secret": secret, "date": write_day(secret.expires_at)},
                url,
                _("Create a new one and paste it into Azure before that. The old one works until then."),
                "key",
            )
    for token in ending.order_by("expires_at"):  # two at most
        date = write_day(token.expires_at)
        yield Attention(
            _("The secret token “%(token)s” expires on %(date)s") % {"token": token, "date": date},
            url,
            _("Create a new one and paste it into Azure before that. The old one works until then."),
            "key",
        )


def _questions(installation: Installation) -> Iterator[Attention]:
    waiting = items_of(installation).filter(state=ReviewState.OPEN).count()
    if waiting:
        text = ngettext(
            "%(count)d sync decision needs review",
            "%(count)d sync decisions need review",
            waiting,
        ) % {"count": waiting}
        note = _("For example: two people claim the same card.")
        yield Attention(text, address_of(installation, "scim_sync:review"), note, "list-check")
