"""The leaving policy of an organization, and its next version."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from printmgmt.audit.actors import Actor
from printmgmt.audit.services import record
from printmgmt.deprovisioning.models import LeavingPolicy
from printmgmt.organizations.models import Account, Organization

RULES = (
    "suspend_grace_days",
    "remove_grace_days",
    "remove_after_days",
    "retention_days",
    "breaker_people",
    "breaker_percent",
    "breaker_minutes",
    "digest_minutes",
    "waiting_jobs",
    "close_queues",
)
"""Fields of a policy that administrators can change."""

Rule = int | str | bool | None
"""The value of one of RULES."""


def current_policy(organization: Organization) -> LeavingPolicy:
    """Return the organization's newest policy; create version 1 with the defaults if there is none."""
    newest = _newest_policy(organization)
    if newest is not None:
        return newest
    first, _made = LeavingPolicy.objects.get_or_create(organization=organization, version=1)
    return first


def shown_policy(organization: Organization) -> LeavingPolicy:
    """Return the newest policy, or unsaved defaults: for pages, which write nothing."""
    return _newest_policy(organization) or LeavingPolicy(organization=organization)


def groups_kept_until(organization: Organization) -> datetime:
    """Return until when a group deleted now can be restored: as long as a person removed now."""
    return timezone.now() + timedelta(days=shown_policy(organization).remove_grace_days)


@transaction.atomic
def change_policy(
    organization: Organization,
    rules: Mapping[str, Rule],
    *,
    by: Actor,
    account: Account | None = None,
) -> LeavingPolicy:
    """Create a new version with these RULES changed, and return it; the current one if nothing differs.

    Runs keep the version they started under. Raises IntegrityError for values that the model's constraints
    forbid.
    """
    # Lock, so that two writers cannot create the same version. no_key does not block leavings.
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    current = current_policy(organization)
    values: dict[str, Rule] = {name: getattr(current, name) for name in RULES}
    changes = {name: [values[name], value] for name, value in rules.items() if values[name] != value}
    if not changes:
        return current
    policy = LeavingPolicy.objects.create(
        organization=organization, version=current.version + 1, created_by=account, **{**values, **rules}
    )
    record(
        organization,
        "policy.changed",
        by=by,
        object_type="policy",
        object_id=policy.version,
        version=policy.version,
        changes=changes,
    )
    return policy


def _newest_policy(organization: Organization) -> LeavingPolicy | None:
    return LeavingPolicy.objects.filter(organization=organization).order_by("-version").first()
