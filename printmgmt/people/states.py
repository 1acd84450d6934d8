"""A person's state, derived from the columns that say why."""

from datetime import datetime

from django.utils.translation import gettext as _

from printmgmt.people.models import PersonState, PrintUser, ShownState


def derived_state(person: PrintUser) -> PersonState:
    """Return the state that follows from ``active`` and the ``…_at`` columns."""
    if person.anonymised_at:
        return PersonState.ANONYMISED
    if person.removed_at:
        return PersonState.REMOVED
    if person.blocked_at or not (person.active or person.allowed_at):
        return PersonState.SUSPENDED
    return PersonState.ACTIVE


def update_state(person: PrintUser, now: datetime) -> bool:
    """Update ``state`` and ``state_since`` from the other columns; return whether they changed. Not saved."""
    state = derived_state(person)
    if state == person.state:
        return False
    person.state, person.state_since = state, now
    return True


def current_state_words(person: PrintUser) -> str:
    """Return a person's present state as a sentence, for someone who acted on an outdated page."""
    if person.merged_into is not None:
        return _("%(person)s was merged into %(other)s. Continue with them.") % {
            "person": person,
            "other": person.merged_into,
        }
    words = {
        ShownState.ACTIVE: _("%(person)s is active."),
        ShownState.ALLOWED: _("%(person)s is disabled in the directory but allowed here."),
        ShownState.SUSPENDED: _("%(person)s is suspended."),
        ShownState.BLOCKED: _("%(person)s is blocked."),
        ShownState.REMOVED: _("%(person)s is removed."),
        ShownState.ANONYMISED: _("The personal data of this entry has been erased."),
    }
    return words[person.shown_state] % {"person": person}
