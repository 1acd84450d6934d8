"""Cards, PINs and devices: given, looked up, never readable again."""

import hashlib
import hmac
import secrets
from collections.abc import Iterator

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from printmgmt.audit.actors import Actor
from printmgmt.audit.services import record
from printmgmt.organizations.models import Organization
from printmgmt.people.constraints import violates
from printmgmt.people.exceptions import CardTaken, InvalidName, PersonGone
from printmgmt.people.models import (
    LIVE_CREDENTIAL,
    Credential,
    CredentialKind,
    Device,
    PersonState,
    PrintUser,
)
from printmgmt.people.names import name_key

CARD_LENGTH = 255


def card_digests(number: str) -> Iterator[tuple[str, str]]:
    """(key id, digest) of a card number under every key in use, the one for new cards first."""
    return _digests("card", name_key(number.strip()))


def pin_digests(person: PrintUser, pin: str) -> Iterator[tuple[str, str]]:
    """(key id, digest) of a person's PIN; salted with the person, since PINs are short and repeat."""
    return _digests("pin", f"{person.pk}:{pin}")


def _digests(kind: str, text: str) -> Iterator[tuple[str, str]]:
    for key_id, key in settings.CREDENTIAL_KEYS.items():
        yield key_id, hmac.new(key.encode(), f"{kind}:{text}".encode(), hashlib.sha256).hexdigest()


@transaction.atomic
def set_card(person: PrintUser, number: str, *, by: Actor) -> Credential:
    """Give a person the card ``number`` in place of the one from the same source, and return it.

    The same number again changes nothing. Raises CardTaken when somebody else holds it, PersonGone when
    the person may not print, InvalidName when the number is blank or longer than 255 characters.
    """
    if not number.strip() or len(number) > CARD_LENGTH:
        raise InvalidName(_("A card number has 1 to %(limit)d characters.") % {"limit": CARD_LENGTH})
    organization = _organization_of_present(person)
    digests = list(card_digests(number))
    # One lock an organization: the unique constraint cannot see that two keys' digests are one card.
    Organization.objects.select_for_update().get(pk=organization.pk)
    holder = Credential.objects.filter(
        LIVE_CREDENTIAL,
        organization=organization,
        kind=CredentialKind.CARD,
        digest__in=[digest for _key, digest in digests],
    ).first()
    if holder is not None and holder.person_id != person.pk:
        raise CardTaken(_("The card is held by someone else."), holder.person_id)
    if holder is not None:
        return holder
    _revoke(person, CredentialKind.CARD, source=by.source)
    key_id, digest = digests[0]
    return _given(person, CredentialKind.CARD, key_id, digest, number.strip()[-4:], by)


@transaction.atomic
def set_pin(person: PrintUser, pin: str, *, by: Actor) -> Credential:
    """Give a person a PIN in place of the old one. Raises PersonGone, InvalidName (blank)."""
    if not pin.strip() or len(pin) > CARD_LENGTH:
        raise InvalidName(_("A PIN has 1 to %(limit)d characters.") % {"limit": CARD_LENGTH})
    _organization_of_present(person)
    digests = list(pin_digests(person, pin))
    held = Credential.objects.filter(
        LIVE_CREDENTIAL,
        person=person,
        kind=CredentialKind.PIN,
        digest__in=[digest for _key, digest in digests],
    ).first()
    if held is not None:
        return held
    _revoke(person, CredentialKind.PIN)
    key_id, digest = digests[0]
    return _given(person, CredentialKind.PIN, key_id, digest, "", by)


@transaction.atomic
def take_back(person: PrintUser, kind: CredentialKind, *, by: Actor) -> None:
    """Revoke the person's credentials of this kind that came from ``by``'s source."""
    if _revoke(person, kind, source=by.source):
        record(
            person.organization,
            f"{kind}.taken-back",
            by=by,
            object_type="person",
            object_id=person.pk,
            label=str(person),
        )


@transaction.atomic
def enrol_device(person: PrintUser, name: str, *, by: Actor) -> tuple[Device, str]:
    """Enrol a client of a person; return the device and its token, which is shown this once."""
    organization = _organization_of_present(person)
    token = "pmd_" + secrets.token_urlsafe(32)
    device = Device.objects.create(
        organization=organization, person=person, name=name, token_digest=_token_digest(token)
    )
    record(
        organization,
        "device.enrolled",
        by=by,
        object_type="device",
        object_id=device.pk,
        label=name,
        person=str(person.pk),
    )
    return device, token


def connect_device(organization: Organization, token: str) -> Device | None:
    """Open a device's connection: its row with ``connected_since`` set, or None when it may not connect."""
    now = timezone.now()
    opened = _usable_devices(organization, token).update(connected_since=now)
    return _usable_devices(organization, token).select_related("person").first() if opened else None


def identify(
    organization: Organization,
    *,
    card: str | None = None,
    user_name: str | None = None,
    pin: str | None = None,
    device_token: str | None = None,
) -> PrintUser | None:
    """The active person a card, a userName with its PIN, or a device's token stands for; else None.

    Asks the database each time: a person who left is refused from that commit on.
    """
    active = PrintUser.objects.of(organization).filter(state=PersonState.ACTIVE)
    if card is not None:
        digests = [digest for _key, digest in card_digests(card)]
        live = Credential.objects.filter(
            LIVE_CREDENTIAL, organization=organization, kind=CredentialKind.CARD, digest__in=digests
        )
        return active.filter(pk__in=live.values("person")).first()
    if device_token is not None:
        return active.filter(pk__in=_usable_devices(organization, device_token).values("person")).first()
    if user_name is None or pin is None:
        return None
    person = active.filter(user_name_key=name_key(user_name)).first()
    if person is None:
        return None
    digests = [digest for _key, digest in pin_digests(person, pin)]
    pins = Credential.objects.filter(
        LIVE_CREDENTIAL, person=person, kind=CredentialKind.PIN, digest__in=digests
    )
    return person if pins.exists() else None


def _usable_devices(organization: Organization, token: str) -> QuerySet[Device]:
    return Device.objects.filter(
        organization=organization,
        token_digest=_token_digest(token),
        revoked_at__isnull=True,
        person__state=PersonState.ACTIVE,
    )


def _token_digest(token: str) -> str:
    # 256 random bits need no slow hash.
    return hashlib.sha256(token.encode()).hexdigest()


def _organization_of_present(person: PrintUser) -> Organization:
    """The person's organization, after locking the person. Raises PersonGone unless active."""
    locked = PrintUser.objects.select_for_update().only("state", "organization").get(pk=person.pk)
    if locked.state != PersonState.ACTIVE:
        raise PersonGone(_("%(person)s is not active and can be given nothing.") % {"person": person})
    return person.organization


def _revoke(person: PrintUser, kind: CredentialKind, **of: str) -> int:
    held = Credential.objects.filter(LIVE_CREDENTIAL, person=person, kind=kind, **of)
    return held.update(revoked_at=timezone.now())


def _given(
    person: PrintUser, kind: CredentialKind, key_id: str, digest: str, last4: str, by: Actor
) -> Credential:
    try:
        with transaction.atomic():
            credential = Credential.objects.create(
                organization=person.organization,
                person=person,
                kind=kind,
                key_id=key_id,
                digest=digest,
                last4=last4,
                source=by.source,
            )
    except IntegrityError as error:
        if violates(error, Credential, "card_held_once"):
            raise CardTaken(_("The card is held by someone else."), None) from error
        raise
    record(
        person.organization,
        f"{kind}.given",
        by=by,
        object_type="person",
        object_id=person.pk,
        label=str(person),
        **({"last4": last4} if last4 else {}),
    )
    return credential
