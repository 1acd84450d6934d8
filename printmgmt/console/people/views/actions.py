"""Suspend, block, unblock, disallow, remove, restore: one service each, with Undo where it is exact."""

from django.contrib import messages
from django.db import transaction
from django.utils.translation import gettext as _

from printmgmt.console.people.actions import is_linked
from printmgmt.console.people.views.base import PersonChangeView
from printmgmt.console.shell.pages import page
from printmgmt.deprovisioning import services as leaving
from printmgmt.organizations.permissions import REMOVE_PEOPLE
from printmgmt.people.services import lock_person
from printmgmt.people.states import current_state_words


class PersonLeavingView(PersonChangeView):
    """An end of access, or of an absence, for the person as the page showed them.

    ``epoch`` in the POST is the person's when the button was shown: a button or an Undo from before someone
    else's decision takes nothing of it back.
    """

    is_way_back = False
    """Whether the action is for removed people; for all other actions they have to be restored first."""

    @transaction.atomic
    def change(self) -> None:
        lock_person(self.person)
        if self.person.removed_at and not self.is_way_back:
            self.refuse("" if self.person.merged_into_id else _("Restore them first if they should stay."))
        elif self.request.POST.get("epoch", str(self.person.epoch)) != str(self.person.epoch):
            self.refuse(_("See below what happened in the meantime, then decide again."))
        else:
            self.act()

    def act(self) -> None:
        """Call the service and tell what happened; the person is locked and as the page showed them."""
        raise NotImplementedError("Subclasses must implement act()")

    def refuse(self, advice: str = "") -> None:
        """Say that nothing was changed, what the person is by now, and what to do."""
        now = _("No changes were made: %(now)s") % {"now": current_state_words(self.person)}
        messages.error(self.request, f"{now} {advice}".strip())


@page("people/<uuid:person>/suspend/", "console:person_suspend")
class PersonSuspendView(PersonLeavingView):
    """A linked person is blocked instead: ``active`` is the directory's word, not ours (ADR 18)."""

    def act(self) -> None:
        if self.person.is_gone:
            self.refuse()
        elif is_linked(self.person):
            block(self)
        else:
            leaving.suspend(self.person, by=self.actor)
            text = _("%(person)s was suspended. Access has ended.") % {"person": self.person}
            self.done(text, undo_view="console:person_restore")


@page("people/<uuid:person>/block/", "console:person_block")
class PersonBlockView(PersonLeavingView):
    def act(self) -> None:
        block(self)


@page("people/<uuid:person>/unblock/", "console:person_unblock")
class PersonUnblockView(PersonLeavingView):
    def act(self) -> None:
        if not self.person.blocked_at:
            self.refuse(_("The person is not blocked."))
            return
        if leaving.unblock(self.person, by=self.actor):
            text = _("%(person)s can print again.") % {"person": self.person}
        else:
            text = _("%(person)s was unblocked, but is still not active in the directory.") % {
                "person": self.person
            }
        self.done(text, undo_view="console:person_block")


@page("people/<uuid:person>/disallow/", "console:person_disallow")
class PersonDisallowView(PersonLeavingView):
    """The directory's word decides again about someone whom a restore allowed here."""

    def act(self) -> None:
        if leaving.disallow(self.person, by=self.actor):
            text = _("%(person)s is suspended, as in the directory. Access has ended.")
            self.done(text % {"person": self.person}, undo_view="console:person_restore")
        else:
            self.refuse(_("There is no exception to end."))


@page("people/<uuid:person>/remove/", "console:person_remove")
class PersonRemoveView(PersonLeavingView):
    roles = REMOVE_PEOPLE

    def act(self) -> None:
        # Restoring someone who was suspended, or allowed against the directory's word, before would give
        # more than the removal took, or less.
        exact = not self.person.is_gone and not self.person.allowed_at
        leaving.remove(self.person, by=self.actor)
        text = _("%(person)s was removed. Access has ended.") % {"person": self.person}
        self.done(text, undo_view="console:person_restore" if exact else "")


@page("people/<uuid:person>/restore/", "console:person_restore")
class PersonRestoreView(PersonLeavingView):
    is_way_back = True

    def act(self) -> None:
        person = self.person
        was_removed = person.removed_at is not None
        if person.blocked_at and not was_removed:  # the page that offers Restore did not show the block
            self.refuse(_("Unblock them if they may print again."))
        elif not person.is_gone:
            self.refuse()
        else:
            leaving.restore(person, by=self.actor)
            self._show_message(undoable=not was_removed)

    def _show_message(self, *, undoable: bool) -> None:
        named = {"person": self.person}
        if not self.person.allowed_at:
            self.done(_("%(person)s can print again. Devices must be enrolled again.") % named)
            return
        text = _(
            "%(person)s can print again, although disabled in the directory. Devices must be enrolled again."
        )
        self.done(text % named, undo_view="console:person_disallow" if undoable else "")


def block(view: PersonLeavingView) -> None:
    """Block the view's person and say so."""
    if view.person.blocked_at:
        view.refuse()
        return
    # An unblocking does not bring a permission back that the block ended.
    exact = not view.person.allowed_at
    leaving.block(view.person, by=view.actor)
    text = _("%(person)s is blocked.") % {"person": view.person}
    view.done(text, undo_view="console:person_unblock" if exact else "")
