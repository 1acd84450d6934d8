"""Whether a web process needs more memory the longer it works: `python -m bench.memory --requests 50000`.

Its own PostgreSQL (settings of a test: no fsync), a real gunicorn that never replaces its processes, eight
clients. After each tenth of the requests it prints how much memory each process has.
"""

import argparse
import os
import re
import subprocess
from collections import deque
from pathlib import Path

from bench.clients import run
from bench.database import own_database
from bench.scim_kinds import OF_PEOPLE, Directory

CLIENTS = 8
PEOPLE = 1_000
PARTS = 10
FOREVER = 3600.0


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.memory")
    parser.add_argument("--requests", type=int, default=50_000)
    requests = parser.parse_args().requests
    from printmgmt.services.listener import listen  # noqa: PLC0415

    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        address = f"http://127.0.0.1:{port}"
        with own_database(PORT=str(port), PUBLIC_URL=address, BROKER_URL=""):
            measure(listener.fileno(), port, address, requests)


def measure(listener: int, port: int, address: str, requests: int) -> None:
    """Have every kind of request sent in turn, as often as the others."""
    from django.conf import settings  # noqa: PLC0415

    from bench.scim_requests import directory  # noqa: PLC0415
    from printmgmt.services import commands, process  # noqa: PLC0415
    from printmgmt.services.listener import is_ready  # noqa: PLC0415
    from printmgmt.services.valkey import Valkey  # noqa: PLC0415

    valkey = Valkey(settings.DATA_DIR)
    valkey.start()
    command = [*commands.web(listener), "--max-requests", "0"]
    web = process.start(command, pass_fds=[listener], output=subprocess.DEVNULL)
    try:
        process.wait_until(lambda: is_ready(port, address), timeout=60)
        url, token, ids = directory(PEOPLE)
        names = [f"person{number}@contoso.example" for number in range(PEOPLE)]
        of = Directory(url, token, ids, names, enabled=deque(ids))
        each = max(1, requests // PARTS // len(OF_PEOPLE))
        print(f"{requests:,} requests, load {os.getloadavg()[0]:.1f}; megabytes of each process")
        print(f"{'at first':>10}  {_memory(web.pid)}")
        for part in range(1, PARTS + 1):
            for kind in OF_PEOPLE.values():
                run(kind, of, clients=CLIENTS, requests=each, seconds=FOREVER, cpu=dict)
            print(f"{part * each * len(OF_PEOPLE):>10,}  {_memory(web.pid)}", flush=True)
    finally:
        process.stop(web, grace=10)
        valkey.stop()


def _memory(pid: int) -> str:
    """Megabytes that each child of a process has of its own (proc(5): private pages), Linux."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return "  ".join(f"{_private(child):7.1f}" for child in children)


def _private(pid: str) -> float:
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return sum(map(int, re.findall(r"^Private_\w+: +(\d+) kB", rollup, re.MULTILINE))) / 1024


if __name__ == "__main__":
    main()
