"""A Celery worker that ends itself by SIGKILL, all its processes, at one point of a step; once a point.

Run as a program: `python -m tests.printmgmt.deprovisioning.killed POINT FILE`, with the arguments of a worker
after them. FILE is made just before the end, and where it is there already the worker works on.
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

BEFORE, BETWEEN, AFTER = "before the request", "between request and commit", "after the commit"
POINTS: Final = (BEFORE, BETWEEN, AFTER)


def main() -> None:
    point, file, *arguments = sys.argv[1:]
    call, _colon, when = point.partition(":")
    import django  # noqa: PLC0415

    django.setup()
    from printmgmt.deprovisioning.performing import Steps  # noqa: PLC0415
    from printmgmt.printing.ipp.jobs import JobCalls  # noqa: PLC0415

    seen: list[str] = []
    asked = getattr(JobCalls, call)
    setattr(JobCalls, call, ending_around(asked, when, seen, Path(file)))
    if when == AFTER:
        record = Steps.record

        def end_after(self: Any, *args: Any) -> None:
            record(self, *args)
            if seen:
                end(Path(file))

        Steps.record = end_after  # type: ignore[method-assign]
    from printmgmt.celery import app  # noqa: PLC0415

    app.worker_main(arguments)


def ending_around(asked: Callable[..., Any], when: str, seen: list[str], file: Path) -> Callable[..., Any]:
    """A request that ends the worker before or after it, or notes that it was sent."""

    def ask(*args: Any, **options: Any) -> Any:
        if when == BEFORE:
            end(file)
        answer = asked(*args, **options)
        if when == BETWEEN:
            end(file)
        seen.append(asked.__name__)
        return answer

    return ask


def end(file: Path) -> None:
    """End this worker, unless it ended here before."""
    if not file.exists():
        file.touch()
        os.killpg(os.getpgid(0), signal.SIGKILL)


if __name__ == "__main__":
    main()
