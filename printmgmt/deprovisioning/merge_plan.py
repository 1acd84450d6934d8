"""Plans a merge without changing anything, for the page and for the service."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from printmgmt.deprovisioning.chain import current_run
from printmgmt.deprovisioning.coming_back import grace_until
from printmgmt.deprovisioning.models import DeprovisionRun
from printmgmt.deprovisioning.superseded import chain_ids
from printmgmt.people.exceptions import MergeRefused
from printmgmt.people.models import CONSOLE, Credential, CredentialKind, PrintUser
from printmgmt.people.moving import current_holders, movable_memberships


@dataclass(frozen=True)
class MergePlan:
    """What moves when one person is merged into another."""

    run: DeprovisionRun | None
    """The run that is undone because the person is back; None without one."""
    cards: list[Credential]
    """Cards that move and work for the person who stays."""
    held: list[Credential]
    """Cards that do not move because someone else holds them by now."""
    lost_cards: list[Credential]
    """Disabled cards that stay disabled."""
    lost_pin: bool
    devices: int
    memberships: int


def check_merge(keep: PrintUser, other: PrintUser) -> None:
    """Raise MergeRefused unless ``other`` can be merged into ``keep``. No queries."""
    reason = next(_reasons(keep, other), "")
    if reason:
        raise MergeRefused(reason % {"keep": keep, "other": other})


def plan_merge(keep: PrintUser, other: PrintUser) -> MergePlan:
    """Return what a merge would move now. Raises MergeRefused."""
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
        holders = {}  # an enabled card cannot belong to anyone else: a constraint ensures it
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
    """Return the run of ``other`` to undo, since the same human is back as ``keep``; None without one."""
    if keep.is_gone or other.blocked_at or not other.is_gone:
        return None
    run = current_run(other)
    return run if run is not None and timezone.now() < grace_until(run) else None


def _reasons(keep: PrintUser, other: PrintUser) -> Iterator[str]:
    """Yield the reasons against a merge, the simplest first."""
    if keep.pk == other.pk or keep.organization_id != other.organization_id:
        yield _("Choose two different people.")
    if other.merged_into_id:
        yield _("%(other)s has already been merged into someone.")
    if keep.merged_into_id:
        yield _("%(keep)s has already been merged into someone.")
    if keep.anonymised_at or other.anonymised_at:
        yield _("The personal data of this entry has been erased.")
    if keep.removed_at:
        yield _("%(keep)s was removed, so nobody can be merged into them.")
    if other.removed_at is None and other.source != CONSOLE:
        yield _("%(other)s is managed by a directory, so this entry stays as it is.")
    if keep.is_gone and not other.is_gone:
        yield _(
            "%(other)s can print and %(keep)s cannot. End access for %(other)s first, or restore %(keep)s."
        )
