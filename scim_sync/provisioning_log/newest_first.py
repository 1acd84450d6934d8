"""The log, newest first, with repeated requests at their newest repetition."""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Self

from django.db.models import F, QuerySet

from scim_sync.models import ProvisioningEvent
from scim_sync.models.events import ProvisioningEventQuerySet

Events = QuerySet[Any]
"""Of ProvisioningEvent; annotated, which its type does not say."""


@dataclass(frozen=True)
class NewestFirst:
    """Events by their last moment; a repeated one stands where its newest repetition does.

    Events that happened once and counted ones are two queries, each in the order of an index, merged here.
    Filters may use ``moment`` and ``newest_request_id``.
    """

    once: Events
    counted: Events

    @classmethod
    def of(cls, events: ProvisioningEventQuerySet) -> Self:
        """All of ``events``, in this order."""
        return cls(
            once=events.once().annotate(moment=F("at"), newest_request_id=F("request_id")),
            counted=events.counted().annotate(
                moment=F("counter__at"), newest_request_id=F("counter__request_id")
            ),
        )

    def filter(self, *conditions: Any, **lookups: Any) -> "NewestFirst":
        """Those that meet the conditions, as ``QuerySet.filter`` takes them."""
        return self._each(lambda events: events.filter(*conditions, **lookups))

    def exclude(self, *conditions: Any, **lookups: Any) -> "NewestFirst":
        """Those that do not meet the conditions, as ``QuerySet.exclude`` takes them."""
        return self._each(lambda events: events.exclude(*conditions, **lookups))

    def first(self, limit: int) -> list[ProvisioningEvent]:
        """The newest so many, in two queries."""
        found = [events.order_by("-moment", "-id")[:limit] for events in (self.once, self.counted)]
        return list(islice(heapq.merge(*found, key=_position, reverse=True), limit))

    def last(self, limit: int) -> list[ProvisioningEvent]:
        """The oldest so many, the oldest first, in two queries."""
        found = [events.order_by("moment", "id")[:limit] for events in (self.once, self.counted)]
        return list(islice(heapq.merge(*found, key=_position), limit))

    def merged(self, read: Callable[[Events], Iterator[ProvisioningEvent]]) -> Iterator[ProvisioningEvent]:
        """What ``read`` yields of both queries, newest first in each, as one."""
        return heapq.merge(read(self.once), read(self.counted), key=_position, reverse=True)

    def _each(self, change: Callable[[Events], Events]) -> "NewestFirst":
        return NewestFirst(change(self.once), change(self.counted))


def _position(event: ProvisioningEvent) -> tuple[datetime, int]:
    return event.last_at, event.pk
