"""The installation that a path names."""

from uuid import UUID

from addons.models import Installation


def addressed_installation(text: str) -> Installation | None:
    """Return the installation with this id in a path, with its organization; None if there is none."""
    try:
        return Installation.objects.select_related("organization").filter(pk=UUID(text)).first()
    except ValueError:
        return None
