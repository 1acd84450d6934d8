"""What can be done to the rows selected on a list: declared by the feature whose rows they are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from printmgmt.bulk.models import BulkOperation
from printmgmt.console.shell.navigation import Text
from printmgmt.deprovisioning.preview import LeavingPreview
from printmgmt.organizations.models import Administrator, Organization
from printmgmt.organizations.permissions import Permission
from printmgmt.people.models import PrintUser

Named = Mapping[str, tuple[PrintUser, str]]
"""Whom rows are about and the address of their page, by the id of the row as text."""


@dataclass(frozen=True)
class Explained:
    """What an operation would do: sentences, and where people would leave, what that does to all of them."""

    sentences: Sequence[Text]
    leaving: LeavingPreview | None = None


Explain = Callable[[BulkOperation, Administrator], Explained]


@dataclass(frozen=True)
class BulkAction:
    """One kind of operation in words.

    ``explain`` returns what would happen if the administrator started it. ``named`` returns whom some of
    the rows are about. ``home`` is the name of the list's URL.
    """

    kind: str
    label: Text
    icon: str
    title: Text
    permission: Permission
    explain: Explain
    named: Callable[[Organization, Sequence[str]], Named]
    home: str
    needs_reason: bool = False
    dangerous: bool = False


_actions: dict[str, BulkAction] = {}


def register_action(action: BulkAction) -> BulkAction:
    """Have operations of a kind shown in these words. Called when the feature's pages are loaded."""
    _actions[action.kind] = action
    return action


def action_of(kind: str) -> BulkAction | None:
    """The words of a kind; None for one of another version of the console."""
    return _actions.get(kind)
