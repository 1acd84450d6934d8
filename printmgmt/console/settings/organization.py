"""Changing how an organization is called, where its clock hangs, and what becomes of its print jobs."""

from collections.abc import Mapping

from django.db import transaction

from printmgmt.audit.actors import Actor
from printmgmt.audit.services import record
from printmgmt.organizations.models import Organization
from printmgmt.printing.jobs.rematching import order_rematch

SETTINGS = ("name", "time_zone", "match_local_part", "uncollected_hours")
"""Fields that an administrator decides; the host decides the seats."""


@transaction.atomic
def change_settings(
    organization: Organization, settings: Mapping[str, str | bool | int], *, by: Actor
) -> dict[str, list[str | bool | int]]:
    """Change SETTINGS and return what differs: name → [old, new]. The short name in the URLs stays.

    Where it decides about owners, past jobs are matched again by workers.
    """
    # no_key: a full lock would block writes of rows that point at the organization.
    locked = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    changes: dict[str, list[str | bool | int]] = {}
    for name in SETTINGS:
        old, new = getattr(locked, name), settings[name]
        if old != new:
            changes[name] = [old, new]
            setattr(locked, name, new)
    if changes:
        locked.save(update_fields=list(changes))
        if "match_local_part" in changes:
            order_rematch(locked)
        record(
            organization,
            "organization.updated",
            by=by,
            object_type="organization",
            object_id=organization.pk,
            label=locked.name,
            changes=changes,
        )
    return changes
