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
    """Compare a health with the one last told. A health without headline is nothing to write about.

    What was told stands until another is to be told, or all is well: between them an add-on may be paused
    or trying again, and whoever knows of the failure need not hear of it twice.
    """
    told = Watch.objects.select_for_update(no_key=True).filter(installation=installation).first()
    if health.headline:
        if told is None or told.condition != health.condition:
            _tell(installation, health.condition)
    elif told is not None and told.condition and health.state == HealthState.OK:
        _tell(installation, "")


def _tell(installation: Installation, condition: str) -> None:
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
