"""Moves names, cards, devices and memberships between duplicates. `deprovisioning.merging` decides which."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef

from printmgmt.people.credentials import enable_again
from printmgmt.people.models import (
    CONSOLE,
    LIVE_CREDENTIAL,
    Credential,
    CredentialKind,
    Device,
    GroupMembership,
    GroupMembershipQuerySet,
    PrintAlias,
    PrintGroup,
    PrintUser,
)


def move_names(other: PrintUser, keep: PrintUser, until: datetime) -> None:
    """Make the names of ``other`` former names of ``keep``; the last one ends at ``until``."""
    # Ended, because the name is free from now on: the next person with it must not print as this one.
    PrintAlias.objects.filter(person=other, valid_until__isnull=True).update(valid_until=until)
    PrintAlias.objects.filter(person=other).update(person=keep)


def current_holders(other: PrintUser, cards: Collection[Credential]) -> dict[int, UUID]:
    """Return who holds these disabled cards of ``other`` now: primary key of the card → id of the person."""
    live = Credential.objects.filter(
        LIVE_CREDENTIAL,
        organization=other.organization_id,
        kind=CredentialKind.CARD,
        digest__in=[card.digest for card in cards],
    )
    held = {(card.key_id, card.digest): card.person_id for card in live}
    return {card.pk: held[card.key_id, card.digest] for card in cards if (card.key_id, card.digest) in held}


def move_credentials(
    other: PrintUser, keep: PrintUser, cards: Collection[Credential], runs: Collection[UUID], now: datetime
) -> list[Credential]:
    """Move these cards of ``other`` to ``keep``, enabled; revoke everything else ``other`` has.

    ``runs`` are the ids of the runs that disabled them, where they are disabled. Returns the cards that
    someone else holds by now. PINs cannot move: their digests are salted with the person.
    """
    Credential.objects.filter(pk__in=[card.pk for card in cards]).update(person=keep)
    held = enable_again(keep, runs)
    Credential.objects.filter(pk__in=[card.pk for card in held]).update(revoked_at=now)
    Credential.objects.filter(person=other, revoked_at__isnull=True).update(revoked_at=now)
    return held


def move_devices(other: PrintUser, keep: PrintUser) -> int:
    """Move the devices of ``other`` to ``keep``, with the same tokens; return how many."""
    return Device.objects.filter(person=other, revoked_at__isnull=True).update(person=keep)


def movable_memberships(other: PrintUser, keep: PrintUser, *, synced: bool) -> GroupMembershipQuerySet:
    """Return memberships of ``other`` in groups without ``keep``; unless ``synced``, only the console's.

    Includes memberships of deleted groups, because the groups may come back.
    """
    same = GroupMembership.objects.filter(person=keep, group=OuterRef("group"), source=OuterRef("source"))
    rows = GroupMembership.objects.filter(~Exists(same), person=other)
    return rows if synced else rows.filter(source=CONSOLE)


def move_memberships(
    other: PrintUser, keep: PrintUser, *, synced: bool, was_removed: bool, now: datetime
) -> int:
    """Move memberships of ``other`` to ``keep``; return how many moved.

    ``was_removed``: ``other`` was removed, so directories did not see them in the groups any more.
    """
    # Locked before they are read: another transaction may be adding ``keep`` to one of them.
    groups = PrintGroup.objects.filter(memberships__person=other).order_by("pk")
    removed = {group.pk for group in groups.select_for_update(of=("self",), no_key=True) if group.removed_at}
    rows = list(movable_memberships(other, keep, synced=synced))
    GroupMembership.objects.filter(pk__in=[row.pk for row in rows]).update(person=keep)
    # Directories do not see the console's memberships, so these change no version.
    seen = {row.group_id for row in rows if row.source != CONSOLE}
    if not was_removed:
        left = GroupMembership.objects.filter(person=other).exclude(source=CONSOLE)
        seen.update(left.values_list("group", flat=True))
    PrintGroup.objects.filter(pk__in=seen).update(version=F("version") + 1, updated_at=now)
    return sum(row.group_id not in removed for row in rows)
