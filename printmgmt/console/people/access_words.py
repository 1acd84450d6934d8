"""What a leaving, or a coming back, does to the console access of a person who also administers, in words."""

from collections.abc import Iterable
from dataclasses import replace

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from printmgmt.console.people.actions import PersonAction
from printmgmt.deprovisioning.console_access import (
    AlsoAdministers,
    administrators_among,
    also_administers,
)
from printmgmt.organizations.models import Administrator
from printmgmt.people.models import PrintUser


def warned(
    actions: Iterable[PersonAction], person: PrintUser, *, by: Administrator
) -> Iterable[PersonAction]:
    """The buttons of a person who also administers, each saying beforehand what becomes of console access."""
    actions = list(actions)
    found = list(also_administers(person, by=by)) if actions else []
    for action in actions:
        words = leaving_words if action.dangerous else _when_coming_back
        notes = [text for one in found if (text := words(one))]
        # A paragraph of its own, which nobody overlooks behind what becomes of cards.
        yield replace(action, question="\n\n".join([str(action.question), *notes])) if notes else action


def leaving_words_of(people: QuerySet[PrintUser], by: Administrator) -> list[str]:
    """What an order about many people does to the console access of the administrators among them."""
    return [text for one in administrators_among(people, by=by) if (text := leaving_words(one))]


def leaving_words(one: AlsoAdministers) -> str:
    """What a leaving ordered now does to the console access of an account; empty where it has none."""
    row = one.administrator
    names = {"account": row.account, "role": row.get_role_display()}
    if one.has_ended:
        return ""
    if one.ends:
        return _("%(account)s also administers this console (role: %(role)s). That access ends, too.") % names
    if one.is_own:
        return _("You administer this console as %(account)s. You keep your own access.") % names
    if one.last_owner:
        return (
            _(
                "%(account)s is the only owner of this console and keeps console access, because an "
                "organization needs an owner."
            )
            % names
        )
    return (
        _(
            "%(account)s also administers this console (role: %(role)s) and keeps console access. Only "
            "an owner can remove it."
        )
        % names
    )


def _when_coming_back(one: AlsoAdministers) -> str:
    row = one.administrator
    if not one.has_ended or row.disabled_by_run is None:
        return ""
    return _(
        "Console access for %(account)s is not restored automatically. The owners are asked whether to "
        "restore it."
    ) % {"account": row.account}
