"""What one row holds, moved to another row of the same human. `deprovisioning.merging` decides what moves."""

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
    """The names ``other`` printed under become former names of ``keep``; the last one ends at ``until``."""
    # Closed, because the name is free from then on: whoever gets it next must not print as this person.
    PrintAlias.objects.filter(person=other, valid_until__isnull=True).update(valid_until=until)
    PrintAlias.objects.filter(person=other).update(person=keep)


def holders_of(other: PrintUser, cards: Collection[Credential]) -> dict[int, UUID]:
    """Who holds these cards of ``other``, which are off, by now: the card's key → the holder's id."""
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
    """Give ``keep`` these cards of ``other``, on from now; whatever else ``other`` had is revoked.

    ``runs`` turned them off, where they are off. Returns those that somebody else holds by now. A PIN cannot
    move: its digest is salted with its row.
    """
    Credential.objects.filter(pk__in=[card.pk for card in cards]).update(person=keep)
    held = enable_again(keep, runs)
    Credential.objects.filter(pk__in=[card.pk for card in held]).update(revoked_at=now)
    Credential.objects.filter(person=other, revoked_at__isnull=True).update(revoked_at=now)
    return held


def move_devices(other: PrintUser, keep: PrintUser) -> int:
    """Enrolled devices of ``other`` stand for ``keep``, with the same token; return how many."""
    return Device.objects.filter(person=other, revoked_at__isnull=True).update(person=keep)


def movable_memberships(other: PrintUser, keep: PrintUser, *, synced: bool) -> GroupMembershipQuerySet:
    """Memberships of ``other`` that ``keep`` has not; without ``synced`` only those the console made.

    Those of deleted groups too: the groups may come back.
    """
    same = GroupMembership.objects.filter(person=keep, group=OuterRef("group"), source=OuterRef("source"))
    rows = GroupMembership.objects.filter(~Exists(same), person=other)
    return rows if synced else rows.filter(source=CONSOLE)


def move_memberships(
    other: PrintUser, keep: PrintUser, *, synced: bool, was_removed: bool, now: datetime
) -> int:
    """Put ``keep`` into the groups of ``other``; return how many memberships moved.

    ``was_removed``: no directory has seen ``other`` in its groups any more, so nobody vanishes from them.
    """
    # Locked before they are looked at: somebody may be putting ``keep`` into one of them.
    groups = PrintGroup.objects.filter(memberships__person=other).order_by("pk")
    removed = {group.pk for group in groups.select_for_update(of=("self",), no_key=True) if group.removed_at}
    rows = list(movable_memberships(other, keep, synced=synced))
    GroupMembership.objects.filter(pk__in=[row.pk for row in rows]).update(person=keep)
    # What the console made is invisible to a directory, whose copy of the group stays the same.
    seen = {row.group_id for row in rows if row.source != CONSOLE}
    if not was_removed:
        left = GroupMembership.objects.filter(person=other).exclude(source=CONSOLE)
        seen.update(left.values_list("group", flat=True))
    PrintGroup.objects.filter(pk__in=seen).update(version=F("version") + 1, updated_at=now)
    return sum(row.group_id not in removed for row in rows)
