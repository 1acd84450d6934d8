"""Pages of the provisioning log by position, not by number: a million rows cost no more than a hundred."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Q
from django.http import QueryDict

from printmgmt.console.shell.keyset import KeysetPage
from printmgmt.console.shell.parameters import number_in
from scim_sync.models import ProvisioningEvent
from scim_sync.provisioning_log.newest_first import NewestFirst

ROWS = 50
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Position:
    """Position of an event in the log: its last moment and its id, together unique."""

    at: datetime
    pk: int

    @classmethod
    def of(cls, event: ProvisioningEvent) -> "Position":
        return cls(event.last_at, event.pk)

    @classmethod
    def parse(cls, text: str) -> "Position | None":
        """Read a position written as ``<microseconds>-<id>``; None if it is not one."""
        at, _dash, pk = text.partition("-")
        microseconds, number = number_in(at), number_in(pk)
        if microseconds is None or number is None:
            return None
        try:
            return cls(EPOCH + timedelta(microseconds=microseconds), number)
        except OverflowError:
            return None

    def __str__(self) -> str:
        return f"{(self.at - EPOCH) // timedelta(microseconds=1)}-{self.pk}"


def log_page(events: NewestFirst, query: QueryDict) -> KeysetPage[ProvisioningEvent]:
    """The page that ``before`` or ``after`` in the URL names, else the newest; two queries."""
    before, after = Position.parse(query.get("before", "")), Position.parse(query.get("after", ""))
    if after is not None:
        # Written so that the index can be entered at the position: an OR alone would be a filter on all rows.
        newer = events.filter(moment__gte=after.at).filter(Q(moment__gt=after.at) | Q(pk__gt=after.pk))
        rows = newer.last(ROWS + 1)
        more, rows = len(rows) > ROWS, rows[:ROWS][::-1]
        if rows:
            return KeysetPage(rows, Position.of(rows[0]) if more else None, Position.of(rows[-1]))
        before = None
    if before is not None:
        events = events.filter(moment__lte=before.at).filter(Q(moment__lt=before.at) | Q(pk__lt=before.pk))
    rows = events.first(ROWS + 1)
    more, rows = len(rows) > ROWS, rows[:ROWS]
    newer_than = Position.of(rows[0]) if rows and before is not None else None
    return KeysetPage(rows, newer_than, Position.of(rows[-1]) if more else None)
