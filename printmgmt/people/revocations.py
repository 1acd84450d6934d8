"""Revokes one card, PIN or device for good: a lost card stays revoked when its person comes back."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from printmgmt.audit.actors import Actor
from printmgmt.audit.services import record
from printmgmt.people.models import Credential, Device, PrintUser
from printmgmt.people.obsolete_reviews import close_reviews_of_cards


@transaction.atomic
def revoke_credential(person: PrintUser, credential_id: int, *, by: Actor) -> Credential | None:
    """Revoke one card or PIN of a person, from any source; return it, or None when it does not exist."""
    held = Credential.objects.filter(person=person, pk=credential_id, revoked_at__isnull=True)
    credential = held.select_for_update(no_key=True).first()
    if credential is None:
        return None
    credential.revoked_at = timezone.now()
    credential.save(update_fields=["revoked_at"])
    record_revoked(credential, by=by)
    close_reviews_of_cards([credential], credential.revoked_at)
    return credential


@transaction.atomic
def revoke_device(person: PrintUser, device_id: UUID, *, by: Actor) -> Device | None:
    """Revoke a device, so that its token is refused; return it, or None when it does not exist."""
    enrolled = Device.objects.filter(person=person, pk=device_id, revoked_at__isnull=True)
    device = enrolled.select_for_update(no_key=True).first()
    if device is None:
        return None
    device.revoked_at, device.connected_since = timezone.now(), None
    device.save(update_fields=["revoked_at", "connected_since"])
    record(
        person.organization,
        "device.revoked",
        by=by,
        object_type="device",
        object_id=device.pk,
        label=device.name,
        person=str(person.pk),
    )
    return device


def record_revoked(credential: Credential, *, by: Actor, verb: str = "revoked") -> None:
    """Record that a card or PIN was revoked, with the last digits: a card that is found can be identified."""
    person = credential.person
    record(
        person.organization,
        f"{credential.kind}.{verb}",
        by=by,
        object_type="person",
        object_id=person.pk,
        label=str(person),
        **({"last4": credential.last4} if credential.last4 else {}),
    )
