"""Says where the time of SCIM requests goes: `python -m bench.scim_profile`.

Its own PostgreSQL (settings of a test: no fsync), the whole application in this process, no HTTP. A timer
looks at the stack every half millisecond, so nothing is made slower by being counted (as cProfile does).
*doing* is what the innermost code belongs to; *for* is which part of the request asked for it.
"""

import argparse
import signal
import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from bench.clients import MEDIA
from bench.database import own_database
from bench.scim_kinds import OF_PEOPLE, Directory, Kind

HOST = "127.0.0.1"
WARM_UP = 20
EVERY = 0.0005
"""Seconds between two looks."""

DOING = {
    "database": ("/psycopg", "/django/db/backends/", "/django/db/utils.py"),
    "Django compiles SQL": (
        "/django/db/models/sql/",
        "/django/db/models/expressions.py",
        "/django/db/models/lookups.py",
        "/django/db/models/functions/",
        "/django/db/models/query_utils.py",
        "/django/db/models/constants.py",
    ),
    "Django builds querysets and rows": ("/django/db/models/",),
    "the rest of Django": ("/django/",),
    "REST framework": ("/rest_framework/",),
    "scim2-models": ("/scim2_models/", "/pydantic/", "/pydantic_core/"),
    "logging": ("/structlog/", "/logging/"),
    "Celery": ("/celery/", "/kombu/", "/redis/"),
    "json": ("/json/",),
    "scim_sync/protocol": ("/scim_sync/protocol/",),
    "the rest of scim_sync": ("/scim_sync/",),
    "addons": ("/addons/",),
    "printmgmt": ("/printmgmt/",),
}
"""What a file belongs to: the first that fits."""

PARTS = (
    "/scim_sync/",
    "/addons/",
    "/printmgmt/",
    "/django/middleware/",
    "/django/contrib/",
    "/django/db/transaction",
    "/rest_framework/views",
    "/allauth/",
)
"""Whose functions are listed."""
LEAST = 2
"""Percent that are worth a line."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.scim_profile")
    parser.add_argument("--people", type=int, default=1_000)
    parser.add_argument("--requests", type=int, default=300)
    wanted = parser.parse_args()
    with own_database(ALLOWED_HOSTS=HOST):
        measure(wanted.people, wanted.requests)


def measure(people: int, requests: int) -> None:
    """Profile every kind of request."""
    from bench.scim_requests import directory  # noqa: PLC0415

    url, token, ids = directory(people)
    names = [f"person{number}@contoso.example" for number in range(people)]
    of = Directory(url, token, ids, names, enabled=deque(ids))
    for name, kind in OF_PEOPLE.items():
        profile(name, kind, of, requests)


def profile(name: str, kind: Kind, of: Directory, requests: int) -> None:
    """Send requests to the application, first to warm up, then with a clock, then looking at the stack."""
    from django.core.handlers.wsgi import WSGIHandler  # noqa: PLC0415

    application = WSGIHandler()
    for _n in range(WARM_UP):
        send(application, kind, of)
    with _statements() as counted:
        busy, began = time.process_time(), time.perf_counter()
        for _n in range(requests // 2):
            send(application, kind, of)
        busy, clock = time.process_time() - busy, time.perf_counter() - began
    with _looking() as (doing, asked):
        for _n in range(requests // 2):
            send(application, kind, of)
    each = 1000 / (requests // 2)
    print(
        f"\n{name}: {clock * each:.2f} ms, {busy * each:.2f} ms of it processor; "
        f"{len(counted) * each / 1000:.1f} statements, {sum(counted) * each:.2f} ms in them"
    )
    for heading, found in (("doing", doing), ("for", asked)):
        print(f"  {heading}:")
        for what, looks in found.most_common():
            share = looks * 100 / doing.total()
            if share >= LEAST:
                print(f"    {share:>4.0f} %  {what}")


@contextmanager
def _statements() -> Iterator[list[float]]:
    """Collect how many seconds each statement takes."""
    from django.db import connection  # noqa: PLC0415

    taken: list[float] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            taken.append(time.perf_counter() - began)

    with connection.execute_wrapper(note):
        yield taken


@contextmanager
def _looking() -> Iterator[tuple[Counter[str], Counter[str]]]:
    """Count what the process is doing, and for which functions, as often as the timer looks."""
    doing: Counter[str] = Counter()
    asked: Counter[str] = Counter()

    def look(_signal: int, frame: FrameType | None) -> None:
        stack = []
        while frame is not None:
            stack.append((frame.f_code.co_filename, frame.f_code.co_name))
            frame = frame.f_back
        doing[_belongs(stack)] += 1
        asked.update(_listed(stack))

    before = signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, EVERY, EVERY)
    try:
        yield doing, asked
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def send(application: Any, kind: Kind, of: Directory) -> None:
    """Have the application answer one request. Raises SystemExit if it refuses."""
    from django.test import RequestFactory  # noqa: PLC0415

    request, said = kind(of), []
    made = RequestFactory().generic(
        request.method,
        of.url + request.path,
        request.body or b"",
        MEDIA,
        headers={"Authorization": f"Bearer {of.token}"},
    )
    response = application({**made.environ, "HTTP_HOST": HOST}, lambda status, headers: said.append(status))
    body = b"".join(response)
    response.close()
    if not said[0].startswith("2"):
        raise SystemExit(f"{said[0]} {body!r}")
    request.done()


def _belongs(stack: list[tuple[str, str]]) -> str:
    """What the innermost code belongs to; the standard library's counts for its caller."""
    for file, _function in stack:
        for what, parts in DOING.items():
            if any(part in file for part in parts):
                return what
    return "Python"


def _listed(stack: list[tuple[str, str]]) -> set[str]:
    """Functions on the stack by which one knows the part of the request."""
    found = set()
    for file, function in stack:
        for package in PARTS:
            _before, inside, module = file.rpartition(package)
            if inside:
                found.add(f"{package[1:]}{module} {function}")
    return found


if __name__ == "__main__":
    main()
