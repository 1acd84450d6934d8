"""The installations of an organization, read once for all that one page asks about them."""

from addons.models import Installation
from printmgmt.organizations.models import Organization

_KEPT = "present_installations"


def present_installations(organization: Organization) -> list[Installation]:
    """The present ones of all add-ons, in the order in which they are shown.

    Read once for each instance of ``organization``: a page has one. What changes installations and looks
    again afterwards asks the database.
    """
    kept = organization.__dict__
    if _KEPT not in kept:
        kept[_KEPT] = list(organization.installations.present().order_by("slug", "number"))
    found: list[Installation] = kept[_KEPT]
    return found


def present_of(organization: Organization, slug: str) -> list[Installation]:
    """Those of one add-on."""
    return [row for row in present_installations(organization) if row.slug == slug]
