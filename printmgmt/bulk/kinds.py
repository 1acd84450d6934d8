"""What a room that changes many rows writes: what is done to one of them."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from printmgmt.bulk.models import BulkItem, BulkOperation


class Skipped(Exception):
    """There was nothing to do for an item. The text says why, and names nobody."""


class Failed(Exception):
    """An item could not be changed. The text says why, and names nobody."""


class Kind:
    """One kind of bulk operation. Its methods are called in a worker."""

    name: ClassVar[str]
    """Stored in rows; never renamed."""

    def load(self, operation: BulkOperation, ids: Sequence[str]) -> Mapping[str, Any]:
        """The rows of a turn by their id as text, of the operation's organization only; once a turn.

        Those that are missing are skipped.
        """
        raise NotImplementedError("Subclasses must implement load()")

    def act(self, operation: BulkOperation, item: BulkItem, row: Any) -> None:
        """Change one row of `load`, in the transaction that records it. The row may be older than its lock.

        Raises Skipped and Failed; after any other error the item has failed, too.
        """
        raise NotImplementedError("Subclasses must implement act()")

    def ended(self, operation: BulkOperation) -> None:
        """What else is written in the transaction that ends the operation, complete or stopped."""


_kinds: dict[str, Kind] = {}


def register_kind(kind: Kind) -> None:
    """Have operations of a kind carried out. Called at start."""
    _kinds[kind.name] = kind


def kind_named(name: str) -> Kind | None:
    """The kind of this name; None for one of another version of the console."""
    return _kinds.get(name)
