"""Reads what costs a server more, for the jobs of which it is needed."""

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Final

from printmgmt.printing.ipp.attributes import JOB_ATTRIBUTES, Job
from printmgmt.printing.ipp.client import Client
from printmgmt.printing.ipp.errors import Gone

CHEAP: Final = (
    *("job-id", "job-state", "job-state-reasons", "job-printer-uri", "job-printer-up-time"),
    "job-k-octets",
    *("job-originating-user-name", "job-name", "time-at-creation", "time-at-completed"),
)
"""What CUPS knows without reading a job's file: only these come in pages of 1,000. No time-at-processing."""

PAGE: Final = 500
"""The most jobs that CUPS puts on a page when anything else is asked for."""

_GAP: Final = 50
_FEW: Final = 5


def read_details(client: Client, numbers: Iterable[int], stay: Callable[[], None]) -> dict[int, Job]:
    """Return these jobs with everything a server says of them; those that are gone by now are left out.

    ``stay`` is called between requests: it keeps the lease, or raises.
    """
    found: dict[int, Job] = {}
    for run in _runs(sorted(set(numbers))):
        for place, job in enumerate(_one_by_one(client, run) if len(run) <= _FEW else _in_pages(client, run)):
            if place % PAGE == 0:
                stay()
            found[job.id] = job
    return found


def _runs(numbers: list[int]) -> Iterator[list[int]]:
    """Neighbors belong together: one page has them all."""
    if not numbers:
        return
    begin = 0
    for place, (one, other) in enumerate(pairwise(numbers), start=1):
        if other - one > _GAP:
            yield numbers[begin:place]
            begin = place
    yield numbers[begin:]


def _one_by_one(client: Client, numbers: list[int]) -> Iterator[Job]:
    for number in numbers:
        try:
            yield client.job(number)
        except Gone:
            continue


def _in_pages(client: Client, numbers: list[int]) -> Iterator[Job]:
    page = min(PAGE, numbers[-1] - numbers[0] + 1)
    for job in client.jobs(numbers[0], page=page, attributes=JOB_ATTRIBUTES):
        if job.id > numbers[-1]:
            return
        yield job
