"""Times rounds of print servers and the matching of owners: `python -m bench.printing`.

50 servers with 40 queues and 200 waiting jobs each, played by `bench.ipp_double` over HTTP, beside 1,000,000
past jobs; then one real cupsd. With `--pages` the pages of the console instead, at the same numbers and
beside 50,000 people who left. Its own PostgreSQL (settings of a test: no fsync).
"""

import argparse
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from bench.database import own_database

PEOPLE = 10_000
LEAVERS = 50_000


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.printing")
    parser.add_argument("--servers", type=int, default=50, help="0 for the real cupsd only")
    parser.add_argument("--waiting", type=int, default=10_000, help="waiting jobs, in all")
    parser.add_argument("--past", type=int, default=1_000_000, help="past jobs, in all")
    parser.add_argument("--cups", type=int, default=1_000, help="jobs in the real cupsd; 0 for none")
    parser.add_argument("--pages", action="store_true", help="time pages, not rounds")
    parser.add_argument(
        "--switch", action="store_true", help="time how past jobs follow a setting, not rounds"
    )
    wanted = parser.parse_args()
    servers = wanted.servers
    with own_database(ALLOWED_HOSTS="testserver", OUTBOUND_ALLOW="127.0.0.0/8"):
        if wanted.switch:
            switch(servers, wanted.past // servers)
        elif wanted.pages:
            pages(servers, wanted.waiting // servers, wanted.past // servers)
        else:
            if servers:
                many_servers(servers, wanted.waiting // servers, wanted.past // servers)
            if wanted.cups:
                real_cups(wanted.cups)


def pages(servers: int, waiting: int, past: int) -> None:
    """Time the pages about printing and leavers; no server is asked."""
    from bench import printing_rows  # noqa: PLC0415
    from bench.printing_pages import time_pages  # noqa: PLC0415
    from printmgmt.organizations.models import Administrator  # noqa: PLC0415
    from printmgmt.printing.models import Printer, PrintJob  # noqa: PLC0415

    made = organization(list(range(servers)), past, add_queues=printing_rows.add_queues)
    printing_rows.add_waiting(waiting)
    printing_rows.add_leavers(made, LEAVERS)
    printing_rows.tidy()
    print(
        f"{servers} servers, {Printer.objects.count():,} queues, {waiting * servers:,} waiting jobs of "
        f"{PrintJob.objects.count():,}, {PEOPLE:,} people, {LEAVERS:,} leavers"
    )
    time_pages(made, Administrator.objects.get(organization=made).account)


def switch(servers: int, past: int) -> None:
    """Time how all past jobs follow the setting *local part too*, when it is switched off and on."""
    from django.db import transaction  # noqa: PLC0415
    from django.db.models import F, Value  # noqa: PLC0415
    from django.db.models.functions import Replace  # noqa: PLC0415

    from bench.printing_rows import tidy  # noqa: PLC0415
    from printmgmt.printing.jobs.rematching import Rematches, order_rematch  # noqa: PLC0415
    from printmgmt.printing.models import PrintJob, Rematch  # noqa: PLC0415
    from printmgmt.work.runner import perform_due  # noqa: PLC0415

    made = organization(list(range(servers)), past)
    local = Replace(F("owner_text"), Value("@contoso.example"))
    PrintJob.objects.update(owner_text=local, owner_key=local)
    tidy()
    print(f"{PrintJob.objects.count():,} past jobs under the part before @, {PEOPLE:,} people")

    def matched() -> str:
        while Rematch.objects.get().finished_at is None:
            perform_due(Rematches())
        row = Rematch.objects.get()
        return f"{row.checked:,} jobs, {row.assigned:,} assigned, {row.unassigned:,} unassigned"

    for is_on in (False, True):
        with transaction.atomic():
            made.match_local_part = is_on
            made.save()
            order_rematch(made)
        tidy()  # what autovacuum does between the one and the other
        report(f"past jobs matched again, the setting {'on' if is_on else 'off'}", matched)


def many_servers(servers: int, waiting: int, past: int) -> None:
    """Time rounds of all servers, as one worker process does them, and the matching of all their owners."""
    from printmgmt.printing.models import PrintJob  # noqa: PLC0415

    double = subprocess.Popen(
        [sys.executable, "-m", "bench.ipp_double", "--servers", str(servers), "--jobs", str(waiting)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert double.stdout is not None
    try:
        made = organization([int(double.stdout.readline()) for _server in range(servers)], past)
        print(
            f"{servers} servers with 40 queues and {waiting:,} waiting jobs each, "
            f"{PrintJob.objects.count():,} past jobs, {PEOPLE:,} people"
        )
        report("all servers, everything new", lambda: round_of_all(whole=True))
        report("all servers, nothing new", lambda: round_of_all(whole=False))
        report("all servers, nothing new, queues too", lambda: round_of_all(whole=True))
        double.send_signal(signal.SIGUSR1)
        time.sleep(0.2)
        report("all servers, one job in ten finished", lambda: round_of_all(whole=False))
        report("one server, nothing new", lambda: round_of_one(made))
        match_names(made)
    finally:
        double.kill()


def organization(ports: list[int], past: int, add_queues: Callable[[], None] = lambda: None) -> Any:
    """Create an organization with people, a server at each port, and past jobs on them."""
    from datetime import timedelta  # noqa: PLC0415

    from django.utils import timezone  # noqa: PLC0415

    from bench.printing_rows import add_past, tidy  # noqa: PLC0415
    from printmgmt.organizations.services import create_organization  # noqa: PLC0415
    from printmgmt.people.models import PrintAlias, PrintUser  # noqa: PLC0415

    made, _owner = create_organization("Bench", owner_email="owner@contoso.example")
    long_ago = timezone.now() - timedelta(days=400)
    people = PrintUser.objects.bulk_create(
        PrintUser(
            organization=made,
            user_name=f"person{n}@contoso.example",
            user_name_key=f"person{n}@contoso.example",
            created_at=long_ago,
            updated_at=long_ago,
        )
        for n in range(PEOPLE)
    )
    PrintAlias.objects.bulk_create(
        PrintAlias(
            organization=made,
            person=person,
            value=person.user_name,
            value_key=person.user_name_key,
            valid_from=person.created_at,
        )
        for person in people
    )
    for port in ports:
        server_at(made, f"127.0.0.1:{port}", "bench", past)
    add_queues()
    add_past(past)
    tidy()
    return made


def server_at(of: Any, key: str, password: str, past: int = 0, operator: str = "operator") -> Any:
    """Create a server, of which ``past`` jobs are known."""
    from django.utils import timezone  # noqa: PLC0415

    from printmgmt.printing.models import PrintServer, ServerRound  # noqa: PLC0415
    from printmgmt.printing.servers.connecting import BOX  # noqa: PLC0415

    server = PrintServer.objects.create(
        organization=of,
        name=key,
        uri=f"ipp://{key}/",
        address_key=key,
        user_name=operator,
        sealed_secret=BOX.seal(password),
        job_count=past,
    )
    ServerRound.objects.create(
        organization=of,
        server=server,
        last_job_id=past,
        last_job_at=timezone.now() if past else None,
        jobs_read_at=timezone.now(),
    )
    return server


def round_of_all(*, whole: bool) -> str:
    """Read every server once, by the threads of one process."""
    from printmgmt.printing.models import PrintServer, ServerRound  # noqa: PLC0415
    from printmgmt.printing.rounds.kind import Rounds  # noqa: PLC0415
    from printmgmt.printing.rounds.threads import Threads  # noqa: PLC0415

    order(whole=whole)
    from django.utils import timezone  # noqa: PLC0415

    began = timezone.now()
    threads = Threads(Rounds())
    threads.start_due()
    while ServerRound.objects.filter(due_at__lte=began).exists():
        time.sleep(0.02)
        if problems := set(PrintServer.objects.exclude(problem="").values_list("problem", flat=True)):
            raise SystemExit(f"a round failed: {problems}")
    return counts()


def round_of_one(of: Any) -> str:
    """Read one server, in this thread."""
    from printmgmt.printing.models import ServerRound  # noqa: PLC0415
    from printmgmt.printing.rounds.kind import Rounds  # noqa: PLC0415
    from printmgmt.work.runner import perform_due  # noqa: PLC0415

    order(whole=False)
    perform_due(Rounds(), str(ServerRound.objects.filter(organization=of).latest("pk").pk))
    return ""


def order(*, whole: bool) -> None:
    """Have every server due, its queues too or only its jobs."""
    from datetime import timedelta  # noqa: PLC0415

    from django.utils import timezone  # noqa: PLC0415

    from printmgmt.printing.models import ServerRound  # noqa: PLC0415

    now = timezone.now()
    ServerRound.objects.update(due_at=now, queues_due_at=now if whole else now + timedelta(hours=1))


def counts() -> str:
    from printmgmt.printing.models import OPEN, Printer, PrintJob  # noqa: PLC0415

    waiting = PrintJob.objects.filter(state__in=OPEN, gone_at=None)
    nobodys = waiting.filter(person=None).count()
    return f"{waiting.count():,} open, {nobodys:,} nobody's, {Printer.objects.count():,} queues"


def match_names(of: Any) -> None:
    """Time who the owners are, as a round finds them, and the search for past jobs of changed people."""
    from django.utils import timezone  # noqa: PLC0415

    from printmgmt.people.models import PrintUser  # noqa: PLC0415
    from printmgmt.printing.jobs.matching import match_jobs, nobodys_jobs  # noqa: PLC0415
    from printmgmt.printing.jobs.owners import Submission, find_owners  # noqa: PLC0415

    now = timezone.now()
    for kind, form in (
        ("user names", "person{}@contoso.example"),
        ("local parts", "PERSON{}"),
        ("unknown names", "x{}"),
    ):
        asked = [Submission([form.format(place)], now) for place in range(PEOPLE)]
        report(f"owners of {PEOPLE:,} jobs by {kind}", lambda asked=asked: f"{len(find_owners(of, asked)):,}")  # type: ignore[misc]
    report(
        "past jobs that are nobody's, matched again", lambda: f"{match_jobs(of, nobodys_jobs(of)):,} found"
    )
    PrintUser.objects.filter(organization=of).update(updated_at=now)
    report("one server, after all people changed", lambda: round_of_one(of))


def real_cups(jobs: int) -> None:
    """Time rounds of a real cupsd with so many held jobs."""
    from demo.cupsd import OPERATOR, PrivateCups  # noqa: PLC0415
    from printmgmt.organizations.models import Organization  # noqa: PLC0415
    from printmgmt.organizations.services import create_organization  # noqa: PLC0415
    from printmgmt.printing.ipp.address import ServerAddress  # noqa: PLC0415
    from printmgmt.printing.ipp.client import Client  # noqa: PLC0415
    from printmgmt.printing.models import PrintServer  # noqa: PLC0415

    PrintServer.objects.update(paused_at="2026-01-01T00:00:00Z")
    with PrivateCups({"MaxJobs": "0"}) as cups:
        queues = [cups.add_queue() for _queue in range(20)]
        with Client(ServerAddress.parse(cups.uri)) as client:
            for place in range(jobs):
                client.create_job(queues[place % 20], f"person{place}")
        made, _owner = create_organization("Real", owner_email="owner@real.example")
        assert isinstance(made, Organization)
        server_at(made, cups.host, cups.passwords[OPERATOR], operator=OPERATOR)
        print(f"a real cupsd with 20 queues and {jobs:,} held jobs")
        report("everything new", lambda: round_of_one(made))
        report("nothing new", lambda: round_of_one(made))
        client = Client(ServerAddress.parse(cups.uri))
        for place in range(10):
            client.create_job(queues[place], "late")
        report("ten new", lambda: round_of_one(made))


def report(what: str, call: Callable[[], str]) -> None:
    """Print how long a call took by the clock, and of the processor in this process."""
    began, worked = time.perf_counter(), time.process_time()
    found = call()
    took, worked = time.perf_counter() - began, time.process_time() - worked
    print(f"{what:<48}{took:>8.2f} s, CPU {worked:>6.2f} s  {found}", flush=True)


if __name__ == "__main__":
    main()
