"""End the connections that devices still hold open; their tokens died with the cut."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from printmgmt.deprovisioning.models import DeprovisionRun, Trigger
from printmgmt.deprovisioning.steps.base import Evidence, Step, Target
from printmgmt.people.devices import end_connection
from printmgmt.people.models import Device


def _connections_ended(number: int) -> Iterator[str]:
    if number:
        yield ngettext("%(number)d open connection ended.", "%(number)d open connections ended.", number) % {
            "number": number
        }
    else:
        yield gettext("No connection was open. The device's token is rejected.")


class EndDeviceConnections(Step):
    """One target a device that the cut revoked. A person who comes back enrols again."""

    name = "end-device-connections"
    label = _("Disconnect devices")
    triggers = frozenset({Trigger.SUSPENDED, Trigger.REMOVED})
    evidence_words = {"connections_ended": _connections_ended}
    own_rows_only = True

    def targets(self, run: DeprovisionRun) -> Iterable[Target]:
        # What an earlier run revoked may still be connected when this run took that one's place.
        ours = Q(revoked_by_run=run.pk) | Q(revoked_at__isnull=False, connected_since__isnull=False)
        devices = Device.objects.filter(ours, person=run.person_id).values_list("pk", "name")
        return [Target("device", str(pk), name) for pk, name in devices]

    def act(self, run: DeprovisionRun, target: Target, evidence: Evidence) -> None:
        evidence["connections_ended"] = int(end_connection(UUID(target.id)))

    def verify(self, run: DeprovisionRun, target: Target, evidence: Evidence) -> bool:
        device = Device.objects.filter(pk=target.id).values("revoked_at", "connected_since").first()
        return device is None or (device["revoked_at"] is not None and device["connected_since"] is None)
