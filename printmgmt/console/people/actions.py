"""What an operator can do to a person now: the buttons, each with the question of its dialog."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from printmgmt.console.shell.extensions import extensions
from printmgmt.console.shell.navigation import Text
from printmgmt.deprovisioning.models import LeavingPolicy, Trigger
from printmgmt.deprovisioning.steps import STEPS
from printmgmt.organizations.permissions import REMOVE_PEOPLE, SUSPEND_PEOPLE, Permission
from printmgmt.people.attributes import ATTRIBUTES
from printmgmt.people.models import CONSOLE, PersonState, PrintUser


@dataclass(frozen=True, slots=True)
class PersonAction:
    """One button: the view it posts to, its label and icon, and the question of its dialog."""

    view: str
    label: Text
    icon: str
    question: Text
    title: Text
    dangerous: bool = False
    permission: Permission = SUSPEND_PEOPLE


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a person opens printers with now: cards and PINs that are on, devices that are enrolled.

    ``foreseen`` is what would become of their print jobs and names, in a sentence.
    """

    credentials: int
    devices: int
    foreseen: str = ""


def is_linked(person: PrintUser) -> bool:
    """Whether a directory manages this person: then only a block can overrule it."""
    return person.source != CONSOLE


def is_editable(person: PrintUser) -> bool:
    """Whether any attribute of a person may be changed here: nobody owns it, the person is not removed."""
    owned = extensions.owned_fields(person)
    return person.removed_at is None and any(
        attribute.editable and attribute.name not in owned for attribute in ATTRIBUTES
    )


def is_mergeable(person: PrintUser) -> bool:
    """Whether a row may turn out to be the same person as another one."""
    return person.merged_into_id is None and person.anonymised_at is None


def is_erasable(person: PrintUser) -> bool:
    """Whether the page offers to anonymize a person now; whether it can be done, the service says."""
    return person.state == PersonState.REMOVED and person.merged_into_id is None


def person_actions(
    person: PrintUser, *, holds: Holdings, policy: LeavingPolicy, restorable: bool
) -> Iterator[PersonAction]:
    """The buttons of a person's page, in the order in which they are shown.

    ``restorable``: whether a removed person can still be restored.
    """
    back = way_back(person, restorable=restorable)
    if back is not None:
        yield back
    if person.removed_at:
        return
    if person.allowed_at:
        yield _disallow(person, holds, policy)
    elif person.state == PersonState.ACTIVE and not is_linked(person):
        yield _suspend(person, holds, policy)
    if not person.blocked_at:
        yield _block(person, holds, policy)
    yield _remove(person, holds, policy)


def way_back(person: PrintUser, *, restorable: bool) -> PersonAction | None:
    """The button that ends an absence; None for who is here and for who cannot come back.

    ``restorable`` as for `person_actions`.
    """
    if person.state == PersonState.REMOVED:
        return _restore(person) if restorable else None
    if person.state != PersonState.SUSPENDED:
        return None
    return _unblock(person) if person.blocked_at else _restore(person)


def _suspend(person: PrintUser, holds: Holdings, policy: LeavingPolicy) -> PersonAction:
    question = " ".join(
        [_access_ends(holds), _then(Trigger.SUSPENDED), _undone_within(Trigger.SUSPENDED, policy)]
    )
    title = _("Suspend %(person)s?") % {"person": person}
    return PersonAction("console:person_suspend", _("Suspend"), "user-x", question, title, dangerous=True)


def _block(person: PrintUser, holds: Holdings, policy: LeavingPolicy) -> PersonAction:
    parts = [_("The directory cannot override a block. Only this console can remove it.")]
    if person.state == PersonState.ACTIVE:
        parts += [_access_ends(holds), _then(Trigger.SUSPENDED), _undone_within(Trigger.SUSPENDED, policy)]
    title = _("Block %(person)s?") % {"person": person}
    return PersonAction("console:person_block", _("Block"), "ban", " ".join(parts), title, dangerous=True)


def _disallow(person: PrintUser, holds: Holdings, policy: LeavingPolicy) -> PersonAction:
    question = " ".join(
        [
            _("The directory still has this person disabled, so they are suspended again."),
            _access_ends(holds),
            _then(Trigger.SUSPENDED),
            _undone_within(Trigger.SUSPENDED, policy),
        ]
    )
    title = _("End the exception for %(person)s?") % {"person": person}
    return PersonAction(
        "console:person_disallow", _("End exception"), "user-x", question, title, dangerous=True
    )


def _unblock(person: PrintUser) -> PersonAction:
    if person.active:
        question = _("Cards and PINs turned off by the block work again. Devices must be enrolled again.")
    else:
        question = _("The person is not active in the directory, so access stays ended until they are.")
    title = _("Unblock %(person)s?") % {"person": person}
    return PersonAction("console:person_unblock", _("Unblock"), "lock-open", question, title)


def _remove(person: PrintUser, holds: Holdings, policy: LeavingPolicy) -> PersonAction:
    parts = [] if person.is_gone else [_access_ends(holds)]
    parts += [
        _("The user name can be reused."),
        _then(Trigger.REMOVED),
        _undone_within(Trigger.REMOVED, policy),
    ]
    if is_linked(person):
        parts.append(
            _("The directory may add the person again at its next sync. To keep someone out, block them.")
        )
    title = _("Remove %(person)s?") % {"person": person}
    question, permission = " ".join(parts), REMOVE_PEOPLE
    return PersonAction("console:person_remove", _("Remove"), "trash", question, title, True, permission)


def _restore(person: PrintUser) -> PersonAction:
    parts = [_("Cards and PINs turned off when they left work again. Devices must be enrolled again.")]
    if person.blocked_at:
        parts.append(_("The block is removed, too."))
    if is_linked(person) and not person.active:
        parts.append(
            _(
                "The directory still has this person disabled. They can print until it disables them "
                "again, or until you undo this."
            )
        )
    elif is_linked(person):
        parts.append(_("The directory may end access again with its next change."))
    title = _("Restore %(person)s?") % {"person": person}
    return PersonAction("console:person_restore", _("Restore"), "arrow-back-up", " ".join(parts), title)


def _access_ends(holds: Holdings) -> str:
    cards = ngettext(
        "Access ends immediately: %(count)d card or PIN is turned off,",
        "Access ends immediately: %(count)d cards and PINs are turned off,",
        holds.credentials,
    ) % {"count": holds.credentials}
    devices = ngettext(
        "%(count)d device is signed out for good.",
        "%(count)d devices are signed out for good.",
        holds.devices,
    ) % {"count": holds.devices}
    return f"{cards} {devices} {holds.foreseen}".strip()


def _then(trigger: Trigger) -> str:
    """The steps as they are, so that the promise cannot drift from what is done."""
    steps = [str(step.label) for step in STEPS if trigger in step.triggers]
    return _("Follow-up steps: %(steps)s.") % {"steps": "; ".join(steps)}


def _undone_within(trigger: Trigger, policy: LeavingPolicy) -> str:
    days = policy.grace_days(trigger)
    return ngettext(
        "You can undo this for %(days)d day, except for devices.",
        "You can undo this for %(days)d days, except for devices.",
        days,
    ) % {"days": days}
