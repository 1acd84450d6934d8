"""The policy a leaving starts under."""

from printmgmt.deprovisioning.models import LeavingPolicy
from printmgmt.organizations.models import Organization


def current_policy(organization: Organization) -> LeavingPolicy:
    """The organization's newest policy; the first time, version 1 with the defaults."""
    newest = LeavingPolicy.objects.filter(organization=organization).order_by("-version").first()
    if newest is not None:
        return newest
    first, _made = LeavingPolicy.objects.get_or_create(organization=organization, version=1)
    return first
