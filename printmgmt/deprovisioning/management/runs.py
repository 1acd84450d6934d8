"""The run that a command names."""

from uuid import UUID

from django.core.management.base import CommandError

from printmgmt.deprovisioning.models import DeprovisionRun


def run_of(pk: UUID) -> DeprovisionRun:
    """Return the run with this id. Raises CommandError."""
    runs = DeprovisionRun.objects.select_related("organization", "person", "batch")
    try:
        return runs.get(pk=pk)
    except DeprovisionRun.DoesNotExist as error:
        raise CommandError(f"There is no run {pk}") from error
