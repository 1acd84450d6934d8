"""Times the closing of very many queues of one server by several workers: `python -m bench.queue_sweep`.

A real cupsd with all the queues, and another one with a single queue, which nobody may delay. Many leave at
once, some more while the sweep goes on, and at last all come back. The workers are threads of this process,
each of which looks for due steps as a Celery worker does. Its own PostgreSQL (settings of a test: no fsync).
Other steps are skipped, so that nothing else is measured.
"""

import argparse
import threading
import time
from collections.abc import Callable
from typing import Any

from bench.database import own_database
from bench.queue_lists import PEOPLE, count_requests, counted, largest, one_round

LOOK_AGAIN = 1.0
"""Seconds that a worker without work waits."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.queue_sweep")
    parser.add_argument("--queues", type=int, default=2_000)
    parser.add_argument("--leavers", type=int, default=800)
    parser.add_argument("--later", type=int, default=5, help="who leave one by one while the sweep goes on")
    parser.add_argument("--workers", type=int, default=4)
    wanted = parser.parse_args()
    with own_database(OUTBOUND_ALLOW="127.0.0.0/8"):
        measure(wanted.queues, wanted.leavers, wanted.later, wanted.workers)


def measure(queues: int, leavers: int, later: int, workers: int) -> None:
    from bench.printing import organization, server_at  # noqa: PLC0415
    from demo.cupsd import OPERATOR, PrivateCups  # noqa: PLC0415
    from printmgmt.audit.actors import system  # noqa: PLC0415
    from printmgmt.deprovisioning.models import DeprovisionStep, StepState  # noqa: PLC0415
    from printmgmt.deprovisioning.services import restore, suspend  # noqa: PLC0415
    from printmgmt.people.models import PrintUser  # noqa: PLC0415
    from printmgmt.printing.models import QueueList, RefusedNames  # noqa: PLC0415

    count_requests()
    with PrivateCups() as many, PrivateCups() as one:
        for _queue in range(queues):
            many.add_queue(stopped=True)
        one.add_queue(stopped=True)
        many.restart()  # the queues are on its disk
        of = organization([], 0)
        big, small = (
            server_at(of, cups.host, cups.passwords[OPERATOR], operator=OPERATOR) for cups in (many, one)
        )
        print(
            f"{queues:,} queues, {PEOPLE:,} people, {leavers} leavers and {later} later, {workers} workers",
            flush=True,
        )
        for server in (big, small):
            one_round(server)
        people = list(PrintUser.objects.filter(organization=of).order_by("user_name")[: leavers + later])
        by = system("bench")
        steps = DeprovisionStep.objects.filter(name="close-queues")

        def leave(some: list[Any]) -> None:
            for person in some:
                suspend(person, by=by)
            DeprovisionStep.objects.exclude(name="close-queues").update(state=StepState.SKIPPED)

        def leave_later() -> None:
            for person in people[leavers:]:
                time.sleep(20)
                leave([person])

        leave(people[:leavers])
        together(
            workers,
            {
                "all steps at the other server": lambda: not _due(steps, small),
                "all queues refuse the names of those who left at first": lambda: (
                    len(_refused(big)) >= 2 * leavers
                ),
                "all steps": lambda: not _due(steps),
            },
            leave_later,
        )
        states = {state: steps.filter(state=state).count() for state in StepState.values}
        print(f"  { ({state: number for state, number in states.items() if number}) }")
        print(f"  {sum(steps.values_list('attempts', flat=True)):,} attempts; {len(_refused(big)):,} names")
        together(
            workers,
            {
                "all return: no queue at the other server is closed": lambda: (
                    not QueueList.objects.filter(place=small.address_key).exists()
                ),
                "all return: all steps": lambda: not _due(steps),
            },
            lambda: [restore(person, by=by) for person in people],
        )
        print("  largest answers: " + ", ".join(f"{name} {size:,} B" for name, size in largest.items()))
        print(f"  rows left: {QueueList.objects.count()}, {RefusedNames.objects.count()}")


def together(workers: int, moments: dict[str, Callable[[], bool]], meanwhile: Callable[[], object]) -> None:
    """Perform what is due until every moment has come; print when each came, and what was asked."""
    counted.clear()
    began, over = time.perf_counter(), threading.Event()
    threads = [threading.Thread(target=_work, args=[over]) for _worker in range(workers)]
    other = threading.Thread(target=_then_close, args=[meanwhile])
    for thread in (other, *threads):
        thread.start()
    waiting = dict(moments)
    while waiting or other.is_alive():
        time.sleep(0.5)
        if other.is_alive() and len(waiting) == 1:
            continue
        for said in [said for said, has_come in waiting.items() if has_come()]:
            del waiting[said]
            print(f"{said:<58}{time.perf_counter() - began:>8.1f} s", flush=True)
    over.set()
    for thread in threads:
        thread.join()
    print("  " + ", ".join(f"{name} {number:,}" for name, number in counted.most_common()), flush=True)


def _work(over: threading.Event) -> None:
    from printmgmt.deprovisioning.performing import Steps  # noqa: PLC0415
    from printmgmt.work.runner import perform_due  # noqa: PLC0415

    def work() -> None:
        while not over.is_set():
            if not perform_due(Steps()):
                over.wait(LOOK_AGAIN)

    _then_close(work)


def _then_close(call: Callable[[], object]) -> None:
    from django.db import connections  # noqa: PLC0415

    try:
        call()
    finally:
        connections.close_all()


def _due(steps: Any, server: Any = None) -> bool:
    from printmgmt.deprovisioning.models import DUE_STATES  # noqa: PLC0415

    due = steps.filter(state__in=DUE_STATES)
    return bool((due if server is None else due.filter(target_id=str(server.pk))).exists())


def _refused(server: Any) -> list[str]:
    from printmgmt.printing.models import RefusedNames  # noqa: PLC0415

    row = RefusedNames.objects.filter(place=server.address_key).first()
    return row.names if row is not None else []


if __name__ == "__main__":
    main()
