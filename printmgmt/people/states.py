"""A person's state, derived from the columns that say why."""

from datetime import datetime

from printmgmt.people.models import PersonState, PrintUser


def derived_state(person: PrintUser) -> PersonState:
    """The state that ``active``, ``blocked_at``, ``removed_at`` and ``anonymised_at`` amount to."""
    if person.anonymised_at:
        return PersonState.ANONYMISED
    if person.removed_at:
        return PersonState.REMOVED
    if person.blocked_at or not person.active:
        return PersonState.SUSPENDED
    return PersonState.ACTIVE


def settle_state(person: PrintUser, now: datetime) -> bool:
    """Set ``state`` and ``state_since`` to what the columns say; return whether it changed. Saves nothing."""
    state = derived_state(person)
    if state == person.state:
        return False
    person.state, person.state_since = state, now
    return True
