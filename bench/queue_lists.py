"""Times the closing of queues when many leave at once, on a real cupsd: `python -m bench.queue_lists`.

Counts database statements and requests to the print server. Its own PostgreSQL (settings of a test: no
fsync). Other steps are skipped, so that nothing else is measured.
"""

import argparse
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from bench.database import own_database

PEOPLE = 10_000

counted: Counter[str] = Counter()
largest: Counter[str] = Counter()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.queue_lists")
    parser.add_argument("--leavers", type=int, default=800)
    parser.add_argument("--queues", type=int, default=40)
    wanted = parser.parse_args()
    with own_database(OUTBOUND_ALLOW="127.0.0.0/8"):
        measure(wanted.leavers, wanted.queues)


def measure(leavers: int, queues: int) -> None:
    from bench.printing import organization, server_at  # noqa: PLC0415
    from demo.cupsd import OPERATOR, PrivateCups  # noqa: PLC0415
    from printmgmt.audit.actors import system  # noqa: PLC0415
    from printmgmt.deprovisioning.models import DeprovisionStep, StepState  # noqa: PLC0415
    from printmgmt.deprovisioning.services import restore, suspend  # noqa: PLC0415
    from printmgmt.people.models import PrintUser  # noqa: PLC0415
    from printmgmt.printing.models import PrintServer, QueueList, RefusedNames  # noqa: PLC0415

    count_requests()
    with PrivateCups() as cups:
        for _queue in range(queues):
            cups.add_queue(stopped=True)
        cups.restart()  # the queues are on its disk
        of = organization([], 0)
        server = server_at(of, cups.host, cups.passwords[OPERATOR], operator=OPERATOR)
        print(f"a real cupsd with {queues} queues, {PEOPLE:,} people, {leavers} leavers")
        report("a round, nobody refused", lambda: one_round(server))
        people = list(PrintUser.objects.filter(organization=of).order_by("user_name")[:leavers])
        by = system("bench")
        report("leaving, in requests", lambda: [suspend(person, by=by) for person in people], leavers)
        others = DeprovisionStep.objects.exclude(name="close-queues")
        others.update(state=StepState.SKIPPED)
        report("the step of the first: one sweep for all", lambda: perform(1))
        report("the steps of the others", lambda: perform(leavers - 1), leavers - 1)
        settle()
        states = Counter(DeprovisionStep.objects.filter(name="close-queues").values_list("state", flat=True))
        print(f"  {dict(states)}, {len(RefusedNames.objects.get().names)} names refused")
        report("a round that reads all lists", lambda: [age(), one_round(server)])
        for name in cups.queues():
            cups.add_queue(name, stopped=True, attributes=["name requesting-user-name-denied none"])
        report("a round after all lists were emptied", lambda: [age(), one_round(server)])
        report("all are restored, in requests", lambda: [restore(each, by=by) for each in people], leavers)
        report("all queues are opened again", lambda: perform(leavers), leavers)
        settle()
        print("  largest answers: " + ", ".join(f"{name} {size:,} B" for name, size in largest.items()))
        print(
            f"  rows left: {QueueList.objects.count()}, {PrintServer.objects.get().problem or 'no problem'}"
        )


def settle() -> None:
    """Go on until every step is over: a sweep of very many queues takes several attempts."""
    from printmgmt.deprovisioning.models import DUE_STATES, DeprovisionStep  # noqa: PLC0415

    began, attempts = time.perf_counter(), 0
    while DeprovisionStep.objects.filter(state__in=DUE_STATES).exists():
        DeprovisionStep.objects.filter(state__in=DUE_STATES).update(due_at="2026-01-01T00:00:00Z")
        attempts += perform(1)
    if attempts:
        print(f"  {attempts} further attempts, {time.perf_counter() - began:.1f} s")


def perform(most: int) -> int:
    """Perform so many due steps, as one worker does."""
    from printmgmt.deprovisioning.performing import Steps  # noqa: PLC0415
    from printmgmt.work.claims import Claim, claim, new_owner  # noqa: PLC0415
    from printmgmt.work.runner import _perform, next_due  # noqa: PLC0415

    work, owner, done = Steps(), new_owner(), 0
    while done < most and (candidates := next_due(work)):
        for pk in candidates[: most - done]:
            if claim(work.rows(), pk, owner, work.lease):
                _perform(work, Claim(work.load(pk), owner, work.lease))
                done += 1
    return done


def one_round(server: Any) -> None:
    from django.utils import timezone  # noqa: PLC0415

    from printmgmt.printing.models import PrintServer, ServerRound  # noqa: PLC0415
    from printmgmt.printing.rounds.kind import Rounds  # noqa: PLC0415
    from printmgmt.work.runner import perform_due  # noqa: PLC0415

    now = timezone.now()
    ServerRound.objects.update(due_at=now, queues_due_at=now)
    perform_due(Rounds(), str(ServerRound.objects.get(server=server).pk))
    if problem := PrintServer.objects.get(pk=server.pk).problem:
        raise SystemExit(f"the round failed: {problem}")


def age() -> None:
    """Have all lists be read by the next round."""
    from printmgmt.printing.models import QueueList  # noqa: PLC0415

    QueueList.objects.update(read_at="2026-01-01T00:00:00Z")


def count_requests() -> None:
    """Count what is sent to print servers from now on, by operation, and the bytes of the largest answer."""
    from printmgmt.printing.ipp.transport import Transport  # noqa: PLC0415

    exchange = Transport._exchange

    def counting(self: Any, *rest: Any, asked: str, **more: Any) -> Any:
        counted[asked] += 1
        answer = exchange(self, *rest, asked=asked, **more)
        largest[asked] = max(largest[asked], len(answer))
        return answer

    Transport._exchange = counting  # type: ignore[method-assign]


def report(what: str, call: Callable[[], object], each: int = 1) -> None:
    """Print the time by the clock, and statements and requests, for each of so many."""
    from django.db import connection  # noqa: PLC0415

    statements = 0

    def noting(execute: Any, *arguments: Any) -> Any:
        nonlocal statements
        statements += 1
        return execute(*arguments)

    counted.clear()
    began, worked = time.perf_counter(), time.process_time()
    with connection.execute_wrapper(noting):
        call()
    took, worked = time.perf_counter() - began, time.process_time() - worked
    requests = ", ".join(f"{name} {number / each:.2f}" for name, number in counted.most_common())
    print(
        f"{what:<46}{took:>8.2f} s, CPU {worked:>7.2f} s; {statements / each:.1f} statements; {requests}",
        flush=True,
    )


if __name__ == "__main__":
    main()
