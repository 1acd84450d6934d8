"""What an operator reads before two rows become one person, and after: which stays, what comes along."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from printmgmt.console.people.actions import is_linked
from printmgmt.deprovisioning.merge_plan import MergePlan
from printmgmt.deprovisioning.merging import Merged
from printmgmt.people.models import Credential, PrintUser


def in_order(person: PrintUser, found: PrintUser) -> tuple[PrintUser, PrintUser]:
    """Who stays, who becomes the past: whom a directory keeps stays, else who may print, else ``person``."""
    return (found, person) if _weight(found) > _weight(person) else (person, found)


def what_happens(keep: PrintUser, other: PrintUser, plan: MergePlan) -> Iterator[str]:
    """The consequences, a sentence or two each."""
    names = {"keep": keep, "other": other, "user_name": other.user_name}
    yield _("%(keep)s stays. Id, names, state and directory link do not change.") % names
    if other.removed_at:
        yield _("%(other)s stays removed and can no longer be restored.") % names
    else:
        yield (
            _("%(other)s is removed and cannot be restored. The user name %(user_name)s is free again.")
            % names
        )
    yield _("Print user names and history of %(other)s are shown with %(keep)s.") % names
    if plan.run:
        yield (
            _(
                "%(other)s left and is still in the restore period, so the leaving is undone. The owners "
                "are asked whether to restore console access that ended with it."
            )
            % names
        )
    if other.blocked_at and not keep.is_gone:
        yield _("%(other)s is blocked and %(keep)s is not. To keep this person out, block %(keep)s.") % names
    yield from _of_access(plan, keep, other)
    if plan.memberships:
        yield ngettext(
            "%(count)d group membership is moved.",
            "%(count)d group memberships are moved.",
            plan.memberships,
        ) % {"count": plan.memberships}
    yield _("Review items about %(other)s are closed.") % names


def what_happened(keep: PrintUser, other: PrintUser, merged: Merged) -> str:
    """The message afterwards."""
    parts = [_("%(other)s was merged into %(keep)s.") % {"other": other, "keep": keep}]
    if merged.cards:
        parts.append(_cards_work(merged.cards, keep))
    if merged.held:
        parts.append(_cards_held(merged.held))
    return " ".join(parts)


def _of_access(plan: MergePlan, keep: PrintUser, other: PrintUser) -> Iterator[str]:
    if plan.cards:
        yield _cards_work(plan.cards, keep)
    if plan.held:
        yield _cards_held(plan.held)
    if plan.lost_cards:
        yield ngettext(
            "The card ending in %(cards)s is off and is not moved. Add it again if needed.",
            "The cards ending in %(cards)s are off and are not moved. Add them again if needed.",
            len(plan.lost_cards),
        ) % {"cards": _endings(plan.lost_cards)}
    if plan.lost_pin:
        yield _("The PIN of %(other)s stops working. A PIN of %(keep)s keeps working.") % {
            "keep": keep,
            "other": other,
        }
    if plan.devices:
        yield ngettext(
            "%(count)d enrolled device is moved.",
            "%(count)d enrolled devices are moved.",
            plan.devices,
        ) % {"count": plan.devices}
    elif other.is_gone:
        yield _("Devices are not restored. They must be enrolled again.")


def _cards_work(cards: Sequence[Credential], keep: PrintUser) -> str:
    return ngettext(
        "The card ending in %(cards)s works for %(keep)s.",
        "The cards ending in %(cards)s work for %(keep)s.",
        len(cards),
    ) % {"cards": _endings(cards), "keep": keep}


def _cards_held(cards: Sequence[Credential]) -> str:
    return ngettext(
        "The card ending in %(cards)s stays with its current holder.",
        "The cards ending in %(cards)s stay with their current holders.",
        len(cards),
    ) % {"cards": _endings(cards)}


def _endings(cards: Sequence[Credential]) -> str:
    return ", ".join(card.last4 for card in cards)


def _weight(person: PrintUser) -> tuple[bool, bool, bool]:
    is_here = person.removed_at is None
    return is_here, is_here and is_linked(person), not person.is_gone
