"""The other installations in an organization: what they own is not this one's."""

from django.db.models import QuerySet

from addons.models import Installation, InstallationQuerySet


def others_beside(installation: Installation) -> InstallationQuerySet:
    """The other present installations of its organization, whatever their add-on."""
    present = Installation.objects.present().filter(organization=installation.organization_id)
    return present.exclude(pk=installation.pk)


def sources_of_others(installation: Installation) -> QuerySet[Installation, str]:
    """Their sources, to be part of another query."""
    return others_beside(installation).values_list("source", flat=True)
