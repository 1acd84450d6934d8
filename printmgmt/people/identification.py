"""Whom a card, a PIN or a device stands for, looked up each time."""

from uuid import UUID

from printmgmt.organizations.models import Organization
from printmgmt.people.devices import usable_devices
from printmgmt.people.digests import card_digests, pin_digests
from printmgmt.people.models import LIVE_CREDENTIAL, Credential, CredentialKind, PersonState, PrintUser
from printmgmt.people.names import is_storable, name_key


def identify(
    organization: Organization,
    *,
    card: str | None = None,
    user_name: str | None = None,
    pin: str | None = None,
    device_token: str | None = None,
) -> PrintUser | None:
    """The active person all that is given stands for; else None.

    A card or a device's token is enough by itself; a PIN only together with a card, a token or a userName,
    a userName only together with one of the others. A person who left is refused from that commit on.
    """
    if card is None and device_token is None and pin is None:
        return None
    people = PrintUser.objects.of(organization).filter(state=PersonState.ACTIVE)
    if card is not None:
        people = people.filter(pk__in=_holders(organization, card))
    if device_token is not None:
        people = people.filter(pk__in=usable_devices(organization, device_token).values("person"))
    if user_name is not None:
        people = people.filter(user_name_key=name_key(user_name)) if is_storable(user_name) else people.none()
    elif card is None and device_token is None:
        return None
    person = people.first()
    if pin is None:
        return person
    # Checked for nobody, too: the time must not tell which names exist.
    is_right = has_pin(person or PrintUser(organization=organization), pin)
    return person if is_right else None


def holder_of(
    organization: Organization, *, card: str | None = None, user_name: str | None = None
) -> PrintUser | None:
    """The person, active or not, whom a card or a userName names by itself. It proves nothing."""
    people = PrintUser.objects.of(organization).filter(removed_at__isnull=True)
    if card is not None:
        return people.filter(pk__in=_holders(organization, card)).first()
    if user_name is None or not is_storable(user_name):
        return None
    return people.unmerged().filter(user_name_key=name_key(user_name)).first()


def _holders(organization: Organization, card: str) -> list[UUID]:
    digests = [digest for _key, digest in card_digests(card)]
    held = Credential.objects.filter(
        LIVE_CREDENTIAL, organization=organization, kind=CredentialKind.CARD, digest__in=digests
    )
    return list(held.values_list("person_id", flat=True))


def has_pin(person: PrintUser, pin: str) -> bool:
    """Whether ``pin`` opens a printer for the person now."""
    digests = [digest for _key, digest in pin_digests(person, pin)]
    held = Credential.objects.filter(
        LIVE_CREDENTIAL, person=person, kind=CredentialKind.PIN, digest__in=digests
    )
    return held.exists()
