"""The policy a leaving starts under."""

from printmgmt.deprovisioning.models import LeavingPolicy
from printmgmt.organizations.models import Organization


def current_policy(organization: Organization) -> LeavingPolicy:
    """The organization's newest policy; the first time, version 1 with the defaults."""
    shown = shown_policy(organization)
    if shown.pk is not None:
        return shown
    first, _made = LeavingPolicy.objects.get_or_create(organization=organization, version=1)
    return first


def shown_policy(organization: Organization) -> LeavingPolicy:
    """The policy a leaving would start under now, for a page: the first one is not saved, looking changes nothing."""
    newest = LeavingPolicy.objects.filter(organization=organization).order_by("-version").first()
    return newest or LeavingPolicy(organization=organization)
