"""The runs that a run took the place of."""

from uuid import UUID

from printmgmt.deprovisioning.models import DeprovisionRun


def chain_ids(newest: DeprovisionRun) -> list[UUID]:
    """Return the ids of a run and those it superseded, newest first."""
    ids, previous = [newest.pk], newest.previous_id
    while previous:
        ids.append(previous)
        previous = DeprovisionRun.objects.values_list("previous", flat=True).get(pk=previous)
    return ids
