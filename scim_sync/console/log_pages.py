"""Pages of the provisioning log by position, not by number: a million rows cost no more than a hundred."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import QueryDict

from printmgmt.console.shell.keyset import KeysetPage
from printmgmt.console.shell.positions import Position, positions_in
from printmgmt.console.shell.turns import InTurns
from scim_sync.models import ProvisioningEvent
from scim_sync.provisioning_log.newest_first import NewestFirst

ROWS = 50


def position_of(event: ProvisioningEvent) -> Position:
    """Return where an event is in the log: at its last moment."""
    return Position(event.last_at, event.pk)


def log_page(events: NewestFirst, query: QueryDict) -> KeysetPage[ProvisioningEvent]:
    """The page that ``before`` or ``after`` in the URL names, else the newest; two queries."""
    before, after = positions_in(query)
    if after is not None:
        rows = events.filter(*after.newer("moment")).last(ROWS + 1)
        more, rows = len(rows) > ROWS, rows[:ROWS][::-1]
        if rows:
            return KeysetPage(rows, position_of(rows[0]) if more else None, position_of(rows[-1]))
        before = None
    if before is not None:
        events = events.filter(*before.older("moment"))
    rows = events.first(ROWS + 1)
    more, rows = len(rows) > ROWS, rows[:ROWS]
    newer_than = position_of(rows[0]) if rows and before is not None else None
    return KeysetPage(rows, newer_than, position_of(rows[-1]) if more else None)


@dataclass(frozen=True)
class LogInTurns:
    """All events, newest first, for the file: each of the two queries in turns, see `InTurns`."""

    events: NewestFirst

    def iterator(self, chunk_size: int) -> Iterator[ProvisioningEvent]:
        return self.events.merged(lambda events: InTurns(events, "moment").iterator(chunk_size))
