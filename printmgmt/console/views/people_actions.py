"""Suspend, block, unblock, remove, restore: one service each, with Undo where it is exact."""

from django.contrib import messages
from django.db import transaction
from django.utils.translation import gettext as _

from printmgmt.console.person_actions import is_linked
from printmgmt.console.views.people_base import PersonChangeView
from printmgmt.deprovisioning import services as leaving
from printmgmt.people.services import lock_person


class PersonSuspendView(PersonChangeView):
    """A linked person is blocked instead: ``active`` is the directory's word, not ours (design §3)."""

    @transaction.atomic
    def change(self) -> None:
        lock_person(self.person)
        if is_linked(self.person):
            block(self)
        elif leaving.suspend(self.person, by=self.actor):
            text = _("%(person)s is suspended; access has ended.") % {"person": self.person}
            self.done(text, undo_view="console:person_restore")
        else:
            already_gone(self)


class PersonBlockView(PersonChangeView):
    def change(self) -> None:
        block(self)


class PersonUnblockView(PersonChangeView):
    def change(self) -> None:
        if leaving.unblock(self.person, by=self.actor):
            text = _("%(person)s may print again.") % {"person": self.person}
        else:
            text = _("The block of %(person)s is lifted; the directory still says not active.") % {
                "person": self.person
            }
        self.done(text, undo_view="console:person_block")


class PersonRemoveView(PersonChangeView):
    @transaction.atomic
    def change(self) -> None:
        lock_person(self.person)
        # Restoring somebody who was suspended before would give more than the removal took.
        exact = not self.person.is_gone
        leaving.remove(self.person, by=self.actor)
        text = _("%(person)s is removed; access has ended.") % {"person": self.person}
        self.done(text, undo_view="console:person_restore" if exact else "")


class PersonRestoreView(PersonChangeView):
    def change(self) -> None:
        leaving.restore(self.person, by=self.actor)
        self.done(_("%(person)s may print again; devices must be enrolled anew.") % {"person": self.person})


def block(view: PersonChangeView) -> None:
    """Block the view's person and say so."""
    was_blocked = view.person.blocked_at is not None
    leaving.block(view.person, by=view.actor)
    if was_blocked:
        already_gone(view)
        return
    text = _("%(person)s is blocked, whatever the directory says.") % {"person": view.person}
    view.done(text, undo_view="console:person_unblock")


def already_gone(view: PersonChangeView) -> None:
    """Say that somebody else, or the directory, was faster."""
    messages.info(view.request, _("The access of %(person)s had ended already.") % {"person": view.person})
