"""The policy a leaving starts under."""

from printmgmt.deprovisioning.models import LeavingPolicy
from printmgmt.organizations.models import Organization


def current_policy(organization: Organization) -> LeavingPolicy:
    """The organization's newest policy; the first time, version 1 with the defaults."""
    newest = _newest_policy(organization)
    if newest is not None:
        return newest
    first, _made = LeavingPolicy.objects.get_or_create(organization=organization, version=1)
    return first


def shown_policy(organization: Organization) -> LeavingPolicy:
    """The same for a page: looking writes nothing, so a first policy is not saved."""
    return _newest_policy(organization) or LeavingPolicy(organization=organization)


def _newest_policy(organization: Organization) -> LeavingPolicy | None:
    return LeavingPolicy.objects.filter(organization=organization).order_by("-version").first()
