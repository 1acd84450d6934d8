"""The other installations of an add-on in an organization: what they own is not this one's."""

from addons.base import addon_by_slug
from addons.models import Installation


def sources_of_others(installation: Installation) -> list[str]:
    """The sources of the other present ones; no query where the add-on allows one only, else one."""
    config = addon_by_slug(installation.slug)
    if config is None or not config.allows_several:
        return []
    present = Installation.objects.of_addon(installation.slug)
    others = present.filter(organization=installation.organization_id).exclude(pk=installation.pk)
    return [other.source for other in others]
