"""The other installations in an organization: what they own is not this one's."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Expression, QuerySet

from addons.models import Installation, InstallationQuerySet
from printmgmt.people.models import CONSOLE


def others_beside(installation: Installation) -> InstallationQuerySet:
    """The other present installations of its organization, whatever their add-on."""
    return beside(installation.organization_id, installation.pk)


def beside(organization: UUID | Expression, installation: UUID | Expression) -> InstallationQuerySet:
    """The present installations of an organization but one, by id or an expression for it."""
    return Installation.objects.present().filter(organization=organization).exclude(pk=installation)


def sources_of_others(installation: Installation) -> QuerySet[Installation, str]:
    """Their sources, to be part of another query."""
    return others_beside(installation).values_list("source", flat=True)


def owners_among(installation: Installation, sources: Collection[str]) -> dict[str, Installation]:
    """Those of ``sources`` that are other present installations, paused ones too: source → installation.

    No query where all of them are the console's and its own, as they are where it stands alone.
    """
    foreign = set(sources) - {installation.source, CONSOLE}
    rows = others_beside(installation).filter(source__in=foreign) if foreign else ()
    return {row.source: row for row in rows}


def owner_beside(installation: Installation, source: str) -> Installation | None:
    """The other present installation that ``source`` is, or None; a query only where it is a foreign one."""
    return owners_among(installation, [source]).get(source)
