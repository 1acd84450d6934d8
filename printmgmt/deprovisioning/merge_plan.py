"""What becomes of two rows that are one human, before anything is done: for the page and for the service."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from printmgmt.deprovisioning.chain import chain_ids, present_run
from printmgmt.deprovisioning.coming_back import grace_until
from printmgmt.deprovisioning.models import DeprovisionRun
from printmgmt.people.exceptions import MergeRefused
from printmgmt.people.models import CONSOLE, Credential, CredentialKind, PrintUser
from printmgmt.people.moving import current_holders, movable_memberships


@dataclass(frozen=True)
class MergePlan:
    """What comes along when one row becomes the past of another."""

    run: DeprovisionRun | None
    """The absence that ends, and with it the leaving that is undone."""
    cards: list[Credential]
    """Cards that go on working, or work again, for the person who stays."""
    held: list[Credential]
    """Cards that would have come back, were they not somebody else's by now."""
    lost_cards: list[Credential]
    """Cards that were turned off and stay so."""
    lost_pin: bool
    devices: int
    memberships: int


def check_merge(keep: PrintUser, other: PrintUser) -> None:
    """Raise MergeRefused unless ``other`` may become the past of ``keep``; asks the database nothing."""
    reason = next(_reasons(keep, other), "")
    if reason:
        raise MergeRefused(reason % {"keep": keep, "other": other})


def plan_merge(keep: PrintUser, other: PrintUser) -> MergePlan:
    """Say what would happen now. Raises MergeRefused."""
    check_merge(keep, other)
    run = _ending_absence(keep, other)
    held_now = list(other.credentials.filter(revoked_at__isnull=True).order_by("pk"))
    cards = [credential for credential in held_now if credential.kind == CredentialKind.CARD]
    if other.is_gone:
        runs = chain_ids(run) if run else []
        coming = [card for card in cards if card.disabled_by_run in runs]
        holders = current_holders(other, coming) if coming else {}
    else:
        coming = [card for card in cards if card.disabled_at is None]
        holders = {}  # what is on here is nobody else's: the database sees to it
    return MergePlan(
        run=run,
        cards=[card for card in coming if card.pk not in holders],
        held=[card for card in coming if holders.get(card.pk, keep.pk) != keep.pk],
        lost_cards=[card for card in cards if card not in coming],
        lost_pin=any(credential.kind == CredentialKind.PIN for credential in held_now),
        devices=other.devices.filter(revoked_at__isnull=True).count(),
        memberships=movable_memberships(other, keep, synced=run is not None).present().count(),
    )


def _ending_absence(keep: PrintUser, other: PrintUser) -> DeprovisionRun | None:
    """The leaving of ``other`` that a coming back would undo: the human is here, as ``keep``."""
    if keep.is_gone or other.blocked_at or not other.is_gone:
        return None
    run = present_run(other)
    return run if run is not None and timezone.now() < grace_until(run) else None


def _reasons(keep: PrintUser, other: PrintUser) -> Iterator[str]:
    """Why not, the plainest reason first."""
    if keep.pk == other.pk or keep.organization_id != other.organization_id:
        yield _("Choose two different people.")
    if other.merged_into_id:
        yield _("%(other)s was found to be the same person as somebody already.")
    if keep.merged_into_id:
        yield _("%(keep)s was found to be the same person as somebody already.")
    if keep.anonymised_at or other.anonymised_at:
        yield _("What told who this was has been erased.")
    if keep.removed_at:
        yield _("%(keep)s was removed and cannot take somebody else in.")
    if other.removed_at is None and other.source != CONSOLE:
        yield _("A directory keeps %(other)s in step, so their entry stays as it is.")
    if keep.is_gone and not other.is_gone:
        yield _(
            "%(other)s may print and %(keep)s may not. End the access of %(other)s first, or give %(keep)s "
            "theirs back."
        )
