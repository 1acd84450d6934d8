"""The gate of an installation: writes of the add-on pass it, an administrator's stop closes it.

A stop waits only for the writes that have begun. Writes that come later wait for the stop, look again, and
find the gate closed. So nothing lands after a pause or an uninstalling has answered.
"""

from typing import Any, Final

from django.db.models import QuerySet

from addons.models import Installation
from printmgmt.locks import lock_alone, lock_shared

_GATE: Final = "installation"


def go_through(installation: Installation, rows: QuerySet[Any]) -> list[tuple[Any, ...]]:
    """Go through the gate, first of all in a transaction; return what ``rows`` (of values) are inside."""
    return lock_shared(_GATE, installation.pk, rows)


def close(installation: Installation) -> None:
    """Close the gate until the transaction ends, first of all in it; from then on the state decides."""
    lock_alone(_GATE, installation.pk)
