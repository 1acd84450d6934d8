"""Queues and jobs, as a server describes them."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Self, TypeVar
from urllib.parse import quote

from printmgmt.printing.ipp.address import ServerAddress
from printmgmt.printing.ipp.codec import Group
from printmgmt.printing.ipp.errors import BadAnswer
from printmgmt.printing.ipp.reading import (
    hold_until,
    keywords,
    last_segment,
    moment,
    required,
    single,
    text,
    texts,
)

JOB_GROUP = 0x02
PRINTER_GROUP = 0x04

LIST_ATTRIBUTES = ("requesting-user-name-allowed", "requesting-user-name-denied")
"""The list of names of a queue: with hundreds of names it is larger than all the others together."""

QUEUE_ATTRIBUTES = (
    *("printer-name", "printer-uuid", "printer-type", "member-names", "device-uri"),
    *("printer-state", "printer-state-reasons", "printer-state-message", "printer-is-accepting-jobs"),
    *("printer-is-shared", "printer-op-policy", "job-hold-until-default", "queued-job-count"),
    *("printer-up-time",),
    *("printer-info", "printer-location", "printer-make-and-model", "cups-version"),
    *LIST_ATTRIBUTES,
)

JOB_ATTRIBUTES = (
    *("job-id", "job-uuid", "job-printer-uri", "job-name"),
    *("job-originating-user-name", "job-originating-host-name"),
    *("job-state", "job-state-reasons", "job-hold-until", "job-priority", "job-k-octets"),
    *("job-impressions-completed", "job-media-sheets-completed", "job-printer-up-time"),
    *("date-time-at-creation", "date-time-at-processing", "date-time-at-completed"),
    *("time-at-creation", "time-at-processing", "time-at-completed"),
)

S = TypeVar("S", bound=IntEnum)

_CLASS_BIT = 0x0001  # CUPS, cups_ptype_t: CUPS_PRINTER_CLASS


class QueueState(IntEnum):
    """RFC 8011 §5.4.11"""

    IDLE = 3
    PROCESSING = 4
    STOPPED = 5


class JobState(IntEnum):
    """RFC 8011 §5.3.7"""

    PENDING = 3
    HELD = 4
    PROCESSING = 5
    STOPPED = 6
    CANCELED = 7
    ABORTED = 8
    COMPLETED = 9

    @property
    def is_over(self) -> bool:
        return self >= JobState.CANCELED


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue. Text that the server did not send is empty; a number or a truth it did not send is None.

    `denied` and `allowed` are the names of its list; a queue has at most one of them, and an absent one is
    `()`: open to all. `list_known` is false where they were not asked for. `uri` leads there by the address
    we use; `group` has everything that was sent.
    """

    name: str
    uri: str
    uuid: str
    is_class: bool
    members: tuple[str, ...]
    state: QueueState
    state_reasons: tuple[str, ...]
    state_message: str
    accepting: bool | None
    shared: bool | None
    op_policy: str
    hold_default: str
    device_uri: str
    info: str
    location: str
    make_model: str
    denied: tuple[str, ...]
    allowed: tuple[str, ...]
    queued_jobs: int | None
    up_time: int | None
    cups_version: str
    group: Group
    list_known: bool = True

    @classmethod
    def read(cls, group: Group, *, address: ServerAddress) -> Self:
        """Return the queue of a printer group of the server at `address`. Raises `BadAnswer` without name or
        state.
        """
        name = text(group, "printer-name")
        if not name:
            raise BadAnswer(technical="a queue without printer-name")
        members = texts(group, "member-names")
        is_class = bool((single(group, "printer-type", int) or 0) & _CLASS_BIT) or bool(members)
        return cls(
            name=name,
            uri=address.uri(address.path or queue_path(name, is_class=is_class)),
            uuid=text(group, "printer-uuid") or "",
            is_class=is_class,
            members=members,
            state=_state(QueueState, required(group, "printer-state", int)),
            state_reasons=keywords(group, "printer-state-reasons"),
            state_message=text(group, "printer-state-message") or "",
            accepting=single(group, "printer-is-accepting-jobs", bool),
            shared=single(group, "printer-is-shared", bool),
            op_policy=text(group, "printer-op-policy") or "",
            hold_default=text(group, "job-hold-until-default") or "",
            device_uri=text(group, "device-uri") or "",
            info=text(group, "printer-info") or "",
            location=text(group, "printer-location") or "",
            make_model=text(group, "printer-make-and-model") or "",
            denied=texts(group, "requesting-user-name-denied"),
            allowed=texts(group, "requesting-user-name-allowed"),
            queued_jobs=single(group, "queued-job-count", int),
            up_time=single(group, "printer-up-time", int),
            cups_version=text(group, "cups-version") or "",
            group=group,
        )


@dataclass(frozen=True, slots=True)
class Job:
    """One job. What the server did not send, or says is unknown, is None, never 0 and never "".

    `owners` has every owner the job states: none if the server hides it from us, two if someone stated a
    second one to pass for another person. Only exactly one is an owner. `uuid` and `host` are no proof
    either: anyone who submits can state them.
    """

    id: int
    uuid: str | None
    printer_name: str
    owners: tuple[str, ...]
    title: str | None
    state: JobState
    state_reasons: tuple[str, ...]
    hold_until: str | None
    created_at: datetime | None
    processing_at: datetime | None
    completed_at: datetime | None
    impressions: int | None
    sheets: int | None
    size_kb: int | None
    priority: int | None
    host: str | None

    @classmethod
    def read(cls, group: Group, *, now: datetime) -> Self:
        """Return the job of a job group, read at `now`. Raises `BadAnswer` without number or state."""
        up_time = single(group, "job-printer-up-time", int)
        number = required(group, "job-id", int)
        if number < 1:
            raise BadAnswer(technical=f"job-id {number}")
        return cls(
            id=number,
            uuid=text(group, "job-uuid"),
            printer_name=last_segment(text(group, "job-printer-uri") or ""),
            owners=texts(group, "job-originating-user-name"),
            title=text(group, "job-name"),
            state=_state(JobState, required(group, "job-state", int)),
            state_reasons=keywords(group, "job-state-reasons"),
            hold_until=hold_until(group),
            created_at=moment(group, "creation", now=now, up_time=up_time),
            processing_at=moment(group, "processing", now=now, up_time=up_time),
            completed_at=moment(group, "completed", now=now, up_time=up_time),
            impressions=single(group, "job-impressions-completed", int),
            sheets=single(group, "job-media-sheets-completed", int),
            size_kb=single(group, "job-k-octets", int),
            priority=single(group, "job-priority", int),
            host=text(group, "job-originating-host-name"),
        )


def queue_path(name: str, *, is_class: bool = False) -> str:
    """Return where CUPS keeps a queue: `/printers/NAME` or `/classes/NAME`, percent-encoded."""
    return f"/{'classes' if is_class else 'printers'}/{quote(name, safe='')}"


def _state(kind: type[S], number: int) -> S:
    try:
        return kind(number)
    except ValueError:
        raise BadAnswer(technical=f"{kind.__name__} {number}") from None
