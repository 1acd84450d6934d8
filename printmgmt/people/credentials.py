"""Sets, revokes, disables and re-enables cards and PINs."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from printmgmt.audit.actors import Actor
from printmgmt.audit.services import record
from printmgmt.organizations.models import Organization
from printmgmt.people.constraints import violates
from printmgmt.people.digests import card_digests, card_key, last_digits, pin_digests
from printmgmt.people.exceptions import CardTaken, InvalidName
from printmgmt.people.models import LIVE_CREDENTIAL, Credential, CredentialKind, Device, PrintUser
from printmgmt.people.obsolete_reviews import close_reviews_of_cards
from printmgmt.people.revocations import record_revoked
from printmgmt.people.services import check_text, lock_active_person

CREDENTIAL_LENGTH = 255


@transaction.atomic
def set_card(person: PrintUser, number: str, *, by: Actor) -> Credential:
    """Give a person the card ``number``, replacing the one from the same source, and return it.

    The same number again changes nothing. Raises CardTaken when someone else holds it, PersonGone when
    the person may not print, InvalidName when the number is blank or longer than 255 characters.
    """
    check_text(number, limit=CREDENTIAL_LENGTH)
    if not card_key(number):
        raise InvalidName(_("A card needs a number."))
    lock_active_person(person)
    _lock_cards(person.organization)
    digests = list(card_digests(number))
    known = Credential.objects.filter(
        organization=person.organization,
        kind=CredentialKind.CARD,
        digest__in=[digest for _key, digest in digests],
        revoked_at__isnull=True,
    )
    same = list(known)
    holder = next((credential for credential in same if credential.disabled_at is None), None)
    if holder is not None and holder.person_id != person.pk:
        raise CardTaken(_("Someone else has this card."), holder.person_id)
    # The number is known only now, so move all its digests to the newest key. Otherwise nothing could tell
    # that two digests under two keys are the same card when a leaver's card is enabled again.
    key_id, digest = digests[0]
    for credential in same:
        _move_to_key(credential, key_id, digest)
    if holder is not None:
        return holder
    for replaced in _revoke(person, CredentialKind.CARD, source=by.source):
        record_revoked(replaced, by=by)
    return _given(person, CredentialKind.CARD, key_id, digest, last_digits(number), by)


@transaction.atomic
def set_pin(person: PrintUser, pin: str, *, by: Actor) -> Credential:
    """Give a person a PIN, replacing the old one. The same PIN again changes nothing.

    Raises PersonGone, InvalidName when it is blank or longer than 255 characters.
    """
    if not pin.strip():
        raise InvalidName(_("A PIN may not be blank."))
    check_text(pin, limit=CREDENTIAL_LENGTH)
    lock_active_person(person)
    digests = list(pin_digests(person, pin))
    key_id, digest = digests[0]
    held = Credential.objects.filter(
        LIVE_CREDENTIAL,
        person=person,
        kind=CredentialKind.PIN,
        digest__in=[digest for _key, digest in digests],
    ).first()
    if held is None:
        _revoke(person, CredentialKind.PIN)
        return _given(person, CredentialKind.PIN, key_id, digest, "", by)
    _move_to_key(held, key_id, digest)
    return held


@transaction.atomic
def revoke_all(person: PrintUser, kind: CredentialKind, *, by: Actor) -> None:
    """Revoke the person's credentials of this kind that came from ``by``'s source, disabled ones too."""
    for credential in _revoke(person, kind, source=by.source):
        record_revoked(credential, by=by, verb="unassigned")


def disable_all(person: PrintUser, run_id: UUID, now: datetime) -> None:
    """Disable a person's cards and PINs until ``enable_again``, and revoke their devices for good.

    ``run_id``, the leaver's run, is saved in the rows. Call with the person locked.
    """
    credentials = Credential.objects.filter(LIVE_CREDENTIAL, person=person)
    credentials.update(disabled_at=now, disabled_by_run=run_id)
    devices = Device.objects.filter(person=person, revoked_at__isnull=True)
    devices.update(revoked_at=now, revoked_by_run=run_id)


def wipe(person: PrintUser) -> list[dict[str, str]]:
    """Delete a person's cards and PINs for good; return the ``kind`` and ``last4`` of each.

    Call with the person locked.
    """
    credentials = Credential.objects.filter(person=person)
    wiped = [{"kind": held.kind, "last4": held.last4} for held in credentials.order_by("id")]
    credentials.delete()
    return wiped


def enable_again(person: PrintUser, run_ids: Collection[UUID]) -> list[Credential]:
    """Enable the cards and PINs that these runs disabled; return the cards that someone else holds by now.

    Call with the person locked.
    """
    disabled = list(
        Credential.objects.filter(
            person=person, disabled_by_run__in=run_ids, revoked_at__isnull=True
        ).order_by("pk")
    )
    if disabled:
        _lock_cards(person.organization)
    return [credential for credential in disabled if not _enabled(credential)]


def _enabled(credential: Credential) -> bool:
    try:
        with transaction.atomic():
            Credential.objects.filter(pk=credential.pk).update(disabled_at=None, disabled_by_run=None)
    except IntegrityError as error:
        if violates(error, Credential, "card_held_once"):
            return False
        raise
    return True


def _lock_cards(organization: Organization) -> None:
    """Let one transaction at a time set cards: no constraint sees that two keys' digests are one card.

    no_key: a full lock would block inserts of rows that reference the organization.
    """
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)


def _move_to_key(credential: Credential, key_id: str, digest: str) -> None:
    if credential.key_id != key_id:
        credential.key_id, credential.digest = key_id, digest
        credential.save(update_fields=["key_id", "digest"])


def _revoke(person: PrintUser, kind: CredentialKind, **of: str) -> list[Credential]:
    held = Credential.objects.filter(person=person, kind=kind, revoked_at__isnull=True, **of)
    ending = list(held.select_related("person__organization").select_for_update(of=("self",), no_key=True))
    now = timezone.now()
    Credential.objects.filter(pk__in=[credential.pk for credential in ending]).update(revoked_at=now)
    close_reviews_of_cards(ending, now)
    return ending


def _given(
    person: PrintUser, kind: CredentialKind, key_id: str, digest: str, last4: str, by: Actor
) -> Credential:
    credential = Credential.objects.create(
        organization=person.organization,
        person=person,
        kind=kind,
        key_id=key_id,
        digest=digest,
        last4=last4,
        source=by.source,
    )
    record(
        person.organization,
        f"{kind}.assigned",
        by=by,
        object_type="person",
        object_id=person.pk,
        label=str(person),
        **({"last4": last4} if last4 else {}),
    )
    return credential
