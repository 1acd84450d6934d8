"""Times SCIM requests: `python -m bench.scim_requests --people 1000 100000`.

Its own PostgreSQL (settings of a test: no fsync), a real gunicorn, one client, keep-alive, over loopback.
*cpu ms* is the processor time of gunicorn alone (Linux): on a busy machine it says more than the clock.
"""

import argparse
import os
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from bench.database import own_database

REQUESTS = 300
_numbers = count()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.scim_requests")
    parser.add_argument("--people", type=int, nargs="+", default=[1_000, 100_000])
    sizes = parser.parse_args().people
    print(f"{'people':>8}  {'request':<28}{'p50 ms':>8}{'p99 ms':>8}{'req/s':>8}{'cpu ms':>8}")
    with servers() as (serve, web):
        for size in sizes:
            measure(size, serve, web)


@contextmanager
def servers() -> Iterator[tuple[Callable[[], str], int]]:
    """Start PostgreSQL and gunicorn; yield (a function that waits for it and returns its URL, its pid)."""
    from printmgmt.services import commands, process  # noqa: PLC0415
    from printmgmt.services.listener import is_ready, listen  # noqa: PLC0415

    listener = listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    address = f"http://127.0.0.1:{port}"

    def ready() -> str:
        process.wait_until(lambda: is_ready(port, address), timeout=30)
        return address

    with own_database(PORT=str(port)):
        web = process.start(
            commands.web(listener.fileno()), pass_fds=[listener.fileno()], output=subprocess.DEVNULL
        )
        try:
            yield ready, web.pid
        finally:
            process.stop(web, grace=5)


def measure(size: int, serve: Callable[[], str], web: int) -> None:
    """Create an organization with ``size`` people and time every kind of request."""
    import requests  # noqa: PLC0415

    serve()
    url, token, ids = directory(size)
    session = requests.Session()
    session.headers.update({"Authorization": f"Bearer {token}", "Content-Type": "application/scim+json"})

    def at(number: int) -> str:
        return ids[number * 7919 % len(ids)]

    def renamed(number: int) -> dict[str, object]:
        return {"Operations": [{"op": "Replace", "path": "displayName", "value": f"Renamed {number}"}]}

    kinds: dict[str, Callable[[int], requests.Response]] = {
        "GET by id": lambda n: session.get(f"{url}/Users/{at(n)}"),
        "GET userName eq": lambda n: session.get(
            f"{url}/Users", params={"filter": f'userName eq "PERSON{n * 7919 % size}@contoso.example"'}
        ),
        "GET externalId eq": lambda n: session.get(
            f"{url}/Users", params={"filter": f'externalId eq "x{n * 7919 % size}"'}
        ),
        "GET list of 100": lambda n: session.get(f"{url}/Users", params={"count": 100}),
        "POST": lambda n: session.post(
            f"{url}/Users", json={"userName": f"new{next(_numbers)}@contoso.example"}
        ),
        "PATCH displayName": lambda n: session.patch(f"{url}/Users/{at(n)}", json=renamed(n)),
        "PATCH active False, True": lambda n: session.patch(
            f"{url}/Users/{at(n // 2)}",
            json={"Operations": [{"op": "Replace", "path": "active", "value": str(bool(n % 2))}]},
        ),
    }
    for name, call in kinds.items():
        report(size, name, call, web)


def report(size: int, name: str, call: Callable[[int], "object"], web: int) -> None:
    """Time one kind of request and print the result."""
    times = []
    busy = processor_seconds(web)
    for number in range(REQUESTS):
        began = time.perf_counter()
        answer = call(number)
        times.append((time.perf_counter() - began) * 1000)
        if not getattr(answer, "ok", False):
            raise SystemExit(f"{name}: {getattr(answer, 'status_code', '')} {getattr(answer, 'text', '')}")
    busy = processor_seconds(web) - busy
    times = times[10:]  # the first requests open connections
    p50, p99 = statistics.median(times), statistics.quantiles(times, n=100)[98]
    print(
        f"{size:>8}  {name:<28}{p50:>8.1f}{p99:>8.1f}{1000 / statistics.mean(times):>8.0f}"
        f"{busy * 1000 / REQUESTS:>8.1f}"
    )


def processor_seconds(pid: int) -> float:
    """Return the processor time of a process and its children, including ended ones."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:  # it ended in this moment, such as an autovacuum
        return 0.0
    own = stat.rpartition(")")[2].split()[11:15]  # utime stime cutime cstime
    ticks = sum(map(int, own)) / os.sysconf("SC_CLK_TCK")
    return ticks + sum(processor_seconds(int(child)) for child in children)


def directory(size: int) -> tuple[str, str, list[str]]:
    """Create an organization with ``size`` synced people; return (tenant URL, token, ids of the people)."""
    from django.db import connection  # noqa: PLC0415

    from addons.services import get_addon, install  # noqa: PLC0415
    from printmgmt.audit.actors import system  # noqa: PLC0415
    from printmgmt.organizations.services import create_organization  # noqa: PLC0415
    from printmgmt.people.models import PrintAlias, PrintUser  # noqa: PLC0415
    from scim_sync.credentials.tokens import mint_first_token, tenant_url  # noqa: PLC0415
    from scim_sync.models import ScimUser  # noqa: PLC0415

    by = system("bench")
    organization, _owner = create_organization(f"Bench {size}", owner_email="owner@contoso.example")
    installation = install(organization, get_addon("azure-ad-user-sync"), by=by)
    names = [f"person{number}@contoso.example" for number in range(size)]
    people = [
        PrintUser(
            organization=organization,
            user_name=name,
            user_name_key=name,
            display_name=f"Person {name}",
            display_name_key=f"person {name}",
            work_email=name,
            work_email_key=name,
            source=installation.source,
        )
        for name in names
    ]
    PrintUser.objects.bulk_create(people, batch_size=2000)
    PrintAlias.objects.bulk_create(
        (
            PrintAlias(
                organization=organization, person=person, value=person.user_name, value_key=person.user_name
            )
            for person in people
        ),
        batch_size=2000,
    )
    ScimUser.objects.bulk_create(
        (
            ScimUser(installation=installation, person=person, external_id=f"x{number}")
            for number, person in enumerate(people)
        ),
        batch_size=2000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # autovacuum is off in this cluster
    return (
        tenant_url(installation),
        mint_first_token(installation, by=by),
        [str(person.pk) for person in people],
    )


if __name__ == "__main__":
    main()
