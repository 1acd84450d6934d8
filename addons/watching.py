"""The watch on every installation's health: a change that matters is mailed, once."""

from django.db import transaction
from django.utils import timezone

from addons.base import Health, HealthState, addon_by_slug
from addons.mails import HealthMail, post_about
from addons.models import Installation, Watch
from printmgmt.rounds import isolate_errors


def watch() -> None:
    """Look at every present installation. One that cannot be read does not keep the others unwatched."""
    for installation in Installation.objects.present().select_related("organization"):
        config = addon_by_slug(installation.slug)
        if config is None:
            continue
        with isolate_errors("reading an add-on's health", installation=str(installation.pk)):
            watch_one(installation, config.bind(installation).health())


@transaction.atomic
def watch_one(installation: Installation, health: Health) -> None:
    """Order a mail when the health differs from the one last mailed. One without a headline is not mailed.

    The condition last mailed stays until another has a headline or all is well: an add-on may be paused or
    retrying in between, and administrators who know of the failure get no second mail.
    """
    watch = Watch.objects.select_for_update(no_key=True).filter(installation=installation).first()
    if health.headline:
        if watch is None or watch.condition != health.condition:
            _post_change(installation, health.condition)
    elif watch is not None and watch.condition and health.state == HealthState.OK:
        _post_change(installation, "")


def _post_change(installation: Installation, condition: str) -> None:
    now = timezone.now()
    row, made = Watch.objects.get_or_create(
        installation=installation, defaults={"condition": condition, "since": now}
    )
    if not made and row.condition != condition:  # made: perhaps by another worker, a moment ago
        row.condition, row.since = condition, now
        row.save()
    since = row.since.isoformat()
    key = f"health:{installation.pk}:{condition}:{since}"
    post_about(installation, HealthMail.name, key=key, condition=condition, since=since)
