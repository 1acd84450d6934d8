"""What is done for every installation from time to time: mails, the watch on its condition, pruning."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from addons.models import Installation, InstallationState
from printmgmt.organizations.models import Administrator
from scim_sync import health
from scim_sync.cadence import LEARNED_FROM
from scim_sync.facts import SLUG
from scim_sync.forms import KEEP_EVENTS_DAYS
from scim_sync.health import Condition
from scim_sync.models import ProvisioningEvent, ScimToken, Visit, Watch
from scim_sync.notices import TOLD, tell_of_condition, tell_of_ends, tell_of_issuer_gone

CHUNK = 5_000
"""Events deleted at a time: no lock is held long."""

MOST_CHUNKS = 40
"""In one round; the rest is for the next, five minutes later."""


def care() -> None:
    """Look after every installation; of uninstalled ones the log is pruned. Safe to run anywhere."""
    for installation in Installation.objects.filter(slug=SLUG).select_related("organization"):
        if installation.state != InstallationState.UNINSTALLED:
            care_for_tokens(installation)
            watch(installation)
        prune(installation)


def care_for_tokens(installation: Installation) -> None:
    """Tell of live tokens that end soon, and of those whose issuer administers nothing here any more."""
    live = ScimToken.objects.filter(
        installation=installation, slot__isnull=False, expires_at__gt=timezone.now()
    ).select_related("installation__organization", "created_by")
    here = Administrator.objects.active().filter(organization=installation.organization)
    present = set(here.values_list("account", flat=True))
    for token in live:
        tell_of_ends(token)
        if token.created_by_id is not None and token.created_by_id not in present:
            tell_of_issuer_gone(token)


def watch(installation: Installation) -> None:
    """Compare an installation's condition with the one last seen, and tell of a change once."""
    reading, now = health.read(installation), timezone.now()
    with transaction.atomic():
        seen, is_new = Watch.objects.select_for_update().get_or_create(
            installation=installation, defaults={"condition": reading.condition, "since": now}
        )
        if not is_new and seen.condition != reading.condition:
            seen.recovered = reading.condition == Condition.WORKING and seen.condition in TOLD
            seen.condition, seen.since = reading.condition, now
            seen.save(update_fields=["condition", "since", "recovered"])
    # Also without a change: a mail that could not be sent at the time is sent now, and none is sent twice.
    tell_of_condition(installation, seen, reading)


def prune(installation: Installation) -> int:
    """Delete events older than the installation keeps them, and visits nothing is learned from any more.

    Returns how many events went.
    """
    now = timezone.now()
    Visit.objects.filter(installation=installation, began_at__lt=now - LEARNED_FROM).delete()
    days = installation.settings.get("keep_events_days", KEEP_EVENTS_DAYS)
    old = ProvisioningEvent.objects.filter(installation=installation, last_at__lt=now - timedelta(days=days))
    pruned = 0
    for _chunk in range(MOST_CHUNKS):
        chunk = list(old.order_by("last_at", "id").values_list("pk", flat=True)[:CHUNK])
        if chunk:
            ProvisioningEvent.objects.filter(pk__in=chunk).delete()
        pruned += len(chunk)
        if len(chunk) < CHUNK:
            break
    return pruned
