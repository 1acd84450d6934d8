"""A print server of any size in memory, in place of the client of a real one."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, Self

import pytest

from printmgmt.printing.ipp.attributes import Job, JobState, Queue, QueueState
from printmgmt.printing.ipp.codec import Group
from printmgmt.printing.ipp.errors import Gone
from printmgmt.printing.rounds import kind
from printmgmt.printing.rounds.details import CHEAP

BEGAN = datetime(2026, 3, 2, 8, tzinfo=UTC)


class Double:
    """Its jobs by number, to be changed by a test, and how many requests were made.

    It answers as CUPS does: pages of 1,000 with cheap attributes, of 500 with others, until one is empty.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.jobs_there: dict[int, Job] = {}
        self.queue_names = ["front"]
        self.requests = 0
        self.address = SimpleNamespace(path="")
        monkeypatch.setattr(kind, "client_for", lambda _server: self)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def add(self, number: int, owner: str = "ada", **changes: Any) -> None:
        """Have a held job, which ``changes`` may make another one."""
        job = Job(
            id=number,
            uuid=f"urn:uuid:{number}",
            printer_name="front",
            owners=(owner,),
            title="Letter",
            state=JobState.HELD,
            state_reasons=("job-hold-until-specified",),
            hold_until="indefinite",
            created_at=BEGAN + timedelta(seconds=number),
            processing_at=None,
            completed_at=None,
            impressions=0,
            sheets=0,
            size_kb=1,
            priority=50,
            host="desk",
        )
        self.jobs_there[number] = replace(job, **changes)

    def change(self, number: int, **changes: Any) -> None:
        self.jobs_there[number] = replace(self.jobs_there[number], **changes)

    def queues(self) -> list[Queue]:
        self.requests += 1
        return [_queue(name) for name in self.queue_names]

    def queue(self, name: str) -> Queue:
        self.requests += 1
        if name not in self.queue_names:
            raise Gone
        return _queue(name)

    def job(self, number: int) -> Job:
        self.requests += 1
        if number not in self.jobs_there:
            raise Gone
        return self.jobs_there[number]

    def jobs(self, first_id: int = 1, page: int = 1_000, attributes: Sequence[str] = ()) -> Iterator[Job]:
        is_cheap = set(attributes) <= set(CHEAP)
        page = page if is_cheap else min(page, 500)
        numbers = [number for number in sorted(self.jobs_there) if number >= first_id]
        for begin in range(0, len(numbers) + page, page):
            self.requests += 1
            if begin >= len(numbers):
                return
            for number in numbers[begin : begin + page]:
                job = self.jobs_there[number]
                yield (
                    replace(job, uuid=None, hold_until=None, impressions=None, sheets=None)
                    if is_cheap
                    else job
                )


def _queue(name: str) -> Queue:
    return Queue(
        name=name,
        uri=f"ipp://print.contoso.example/printers/{name}",
        uuid=f"urn:uuid:{name}",
        is_class=False,
        members=(),
        state=QueueState.IDLE,
        state_reasons=(),
        state_message="",
        accepting=True,
        shared=True,
        op_policy="default",
        hold_default="no-hold",
        device_uri="file:///dev/null",
        info="",
        location="",
        make_model="Raw",
        denied=(),
        allowed=(),
        queued_jobs=0,
        up_time=1,
        cups_version="2.4.2",
        group=Group(4, []),
    )
