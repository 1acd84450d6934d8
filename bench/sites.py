"""The servers that `bench.side_by_side` compares, all on one PostgreSQL, with fsync."""

import json
import os
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from bench.database import own_database
from bench.peers.token import TOKEN
from bench.scim_kinds import Directory
from bench.scim_requests import processor_seconds

THREADS = ("-k", "gthread", "-w", "2", "--threads", "4")


@dataclass(frozen=True)
class Site:
    """A server with a group of 100 and, if it has people for one, a large group."""

    name: str
    small: Directory
    large: Directory | None
    processes: dict[str, int]

    def cpu(self) -> dict[str, float]:
        """Seconds of processor so far, by group of processes."""
        return {name: processor_seconds(pid) for name, pid in self.processes.items()}


@contextmanager
def sites(people: int, members: int) -> Iterator[tuple[list[Site], Any]]:
    """Start everything; yield the floor, ours and plain django-scim2, and the PostgreSQL they share."""
    from printmgmt.services.listener import listen  # noqa: PLC0415

    with listen("127.0.0.1", 0) as listener, ExitStack() as stack:
        port: int = listener.getsockname()[1]
        postgres = stack.enter_context(
            own_database(
                durable=True,
                PORT=str(port),
                PUBLIC_URL=f"http://127.0.0.1:{port}",
                BROKER_URL="",
                SCIM_REQUESTS_PER_SECOND="10000",
                SCIM_REQUESTS_AT_ONCE="100000",
            )
        )
        found = [
            _peer("floor", stack, postgres, people, members),
            _ours(stack, postgres, listener.fileno(), port, people, members),
            _peer("plain", stack, postgres, people, members),
        ]
        yield found, postgres


def _ours(stack: ExitStack, postgres: Any, listener: int, port: int, people: int, members: int) -> Site:
    """The console as it is served: two processes of four threads, with its broker, without a worker."""
    import requests  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415

    from bench.group_members import filled_group  # noqa: PLC0415
    from bench.scim_requests import directory  # noqa: PLC0415
    from printmgmt.services import commands, process  # noqa: PLC0415
    from printmgmt.services.listener import is_ready  # noqa: PLC0415
    from printmgmt.services.valkey import Valkey  # noqa: PLC0415

    valkey = Valkey(settings.DATA_DIR)
    valkey.start()
    stack.callback(valkey.stop)
    web = process.start(commands.web(listener), pass_fds=[listener], output=subprocess.DEVNULL)
    stack.callback(process.stop, web, grace=10)
    process.wait_until(lambda: is_ready(port, f"http://127.0.0.1:{port}"), timeout=60)

    def with_group(number_of_people: int, size: int) -> Directory:
        url, token, ids = directory(number_of_people)
        session = requests.Session()
        session.headers["Authorization"] = f"Bearer {token}"
        names = [f"person{number}@contoso.example" for number in range(number_of_people)]
        group = filled_group(session, url, f"Group of {size}", ids[:size])
        return Directory(url, token, ids, names, group, deque(ids[size:]), enabled=deque(ids))

    small, large = with_group(people, min(100, people // 2)), with_group(members + people, members)
    return Site("ours", small, large, {"web": web.pid, "postgres": postgres.pid, "valkey": valkey.pid})


def _peer(name: str, stack: ExitStack, postgres: Any, people: int, members: int) -> Site:
    """A project of ``bench.peers`` on a database of its own."""
    import psycopg  # noqa: PLC0415

    from printmgmt.services import process  # noqa: PLC0415
    from printmgmt.services.listener import listen  # noqa: PLC0415

    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": f"bench.peers.{name}.settings",
        "DATABASE_URL": postgres.url.replace("/postgres?", f"/{name}?"),
    }
    filling = [sys.executable, "-m", "bench.peers.fill", "--people", str(people), "--members", str(members)]
    filled = subprocess.run(filling, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    found = json.loads(filled.stdout)
    listener = stack.enter_context(listen("127.0.0.1", 0))
    web = process.start(
        [
            *(sys.executable, "-m", "gunicorn", "--log-level", "error", *THREADS),
            *("--bind", f"fd://{listener.fileno()}", "bench.peers.wsgi"),
        ],
        env=environment,
        pass_fds=[listener.fileno()],
        output=subprocess.DEVNULL,
    )
    stack.callback(process.stop, web, grace=10)
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/scim"
    small, *large = [
        Directory(
            url,
            TOKEN,
            found["ids"],
            found["names"],
            group,
            deque(found["outside"]),
            enabled=deque(found["ids"]),
        )
        for group in found["groups"]
    ]
    return Site(name, small, large[0] if large else None, {"web": web.pid, "postgres": postgres.pid})
