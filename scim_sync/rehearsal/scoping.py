"""Decides who is in scope: enabled, assigned, and matched by every clause of the scoping filter."""

from dataclasses import dataclass
from enum import StrEnum

from scim_sync.rehearsal.directory import User


class Absence(StrEnum):
    """Why a user is soft-deleted for the application (Entra's `IsSoftDeleted`)."""

    DELETED = "in the recycle bin"
    DISABLED = "account disabled"
    UNASSIGNED = "not assigned"
    FILTERED = "filtered out"

    @property
    def is_scope(self) -> bool:
        """True when the job stops managing the user: a later purge is then not sent to the application."""
        return self in (Absence.UNASSIGNED, Absence.FILTERED)


@dataclass(frozen=True)
class NotEquals:
    """The clause `attribute NOT EQUALS value`: case-sensitive, and an empty attribute never passes."""

    attribute: str
    value: str

    def admits(self, user: User) -> bool:
        return user.get(self.attribute) not in ("", self.value)


def absence(user: User, clauses: tuple[NotEquals, ...]) -> Absence | None:
    """Return why the user must not be active in the application, or None if they must be."""
    if not user.assigned:
        return Absence.UNASSIGNED
    if not all(clause.admits(user) for clause in clauses):
        return Absence.FILTERED
    if user.deleted:
        return Absence.DELETED
    if not user.account_enabled:
        return Absence.DISABLED
    return None
