"""A person's devices: enrolled with a token that is shown once, connected while the token is valid."""

import secrets
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from printmgmt.audit.actors import Actor
from printmgmt.audit.services import record
from printmgmt.organizations.models import Organization
from printmgmt.people.digests import token_digest
from printmgmt.people.exceptions import InvalidName
from printmgmt.people.models import Device, PersonState, PrintUser
from printmgmt.people.services import check_text, lock_active_person

DEVICE_NAME_LENGTH = 200


@transaction.atomic
def enrol_device(person: PrintUser, name: str, *, by: Actor) -> tuple[Device, str]:
    """Enroll a device of a person; return it and its token, which cannot be read again.

    Raises PersonGone, InvalidName when the name is blank or longer than 200 characters.
    """
    if not name.strip():
        raise InvalidName(_("A device needs a name."))
    check_text(name, limit=DEVICE_NAME_LENGTH)
    lock_active_person(person)
    token = "pmd_" + secrets.token_urlsafe(32)
    device = Device.objects.create(
        organization=person.organization, person=person, name=name, token_digest=token_digest(token)
    )
    record(
        person.organization,
        "device.enrolled",
        by=by,
        object_type="device",
        object_id=device.pk,
        label=name,
        person=str(person.pk),
    )
    return device, token


def connect_device(organization: Organization, token: str) -> Device | None:
    """Set ``connected_since`` of the device with this token and return it; None when it may not connect."""
    device = usable_devices(organization, token).select_related("person").first()
    if device is None:
        return None
    # The update checks again, because the person may be leaving right now.
    device.connected_since = timezone.now()
    still_good = Device.objects.filter(pk=device.pk, revoked_at__isnull=True)
    return device if still_good.update(connected_since=device.connected_since) else None


def end_connection(device_id: UUID) -> bool:
    """Clear ``connected_since`` of a device; return whether it was connected."""
    connected = Device.objects.filter(pk=device_id, connected_since__isnull=False)
    return bool(connected.update(connected_since=None))


def usable_devices(organization: Organization, token: str) -> QuerySet[Device]:
    """The device with this token, unless it was revoked or its person is gone."""
    return Device.objects.filter(
        organization=organization,
        token_digest=token_digest(token),
        revoked_at__isnull=True,
        person__state=PersonState.ACTIVE,
    )
