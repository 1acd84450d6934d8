"""Times one organization's requests while another storms: `python -m bench.scim_storm`.

Its own PostgreSQL and Valkey, a real gunicorn (two processes of four threads). Eight clients of one directory
call without a pause; one client of another directory looks people up. *asked to wait* are answers 429.
"""

import argparse
import os
import statistics
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

from bench.database import own_database

CLIENTS = 8
PEOPLE = 1000
LOOKUPS = 300
STORMS = {
    "no storm": (True, False, 0),
    "8 clients, no limit": (False, False, CLIENTS),
    "8 clients that do not wait": (True, False, CLIENTS),
    "8 clients that wait as told": (True, True, CLIENTS),
}
"""Whether there is a limit, whether clients obey `Retry-After`, and how many there are."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.scim_storm")
    parser.add_argument("--lookups", type=int, default=LOOKUPS)
    parser.add_argument(
        "--rate", type=int, default=50, help="requests a second allowed, four times that at once"
    )
    arguments = parser.parse_args()
    print(f"{'the other one':<30}{'p50 ms':>8}{'p99 ms':>8}{'errors':>8}{'200/s':>8}{'asked to wait/s':>17}")
    with servers() as port:
        from bench.scim_requests import directory  # noqa: PLC0415

        storming, quiet = directory(PEOPLE), directory(PEOPLE + 1)
        for name, (limited, obeys, clients) in STORMS.items():
            with web(port, arguments.rate if limited else 0) as address:
                measure(name, address, storming, quiet, arguments.lookups, obeys=obeys, clients=clients)


@contextmanager
def servers() -> Iterator[int]:
    """Start PostgreSQL and Valkey; yield a free port."""
    from printmgmt.services.listener import listen  # noqa: PLC0415

    with listen("127.0.0.1", 0) as listener:
        port: int = listener.getsockname()[1]
    with own_database(PORT=str(port)):
        from django.conf import settings  # noqa: PLC0415

        from printmgmt.services.valkey import Valkey  # noqa: PLC0415

        valkey = Valkey(settings.DATA_DIR)
        valkey.start()
        try:
            yield port
        finally:
            valkey.stop()


@contextmanager
def web(port: int, rate: int) -> Iterator[str]:
    """Run gunicorn with so many requests a second allowed; yield its address."""
    from printmgmt.services import commands, process  # noqa: PLC0415
    from printmgmt.services.listener import is_ready, listen  # noqa: PLC0415

    address = f"http://127.0.0.1:{port}"
    with listen("127.0.0.1", port) as listener:
        running = process.start(
            commands.web(listener.fileno()),
            env={
                **os.environ,
                "SCIM_REQUESTS_PER_SECOND": str(rate),
                "SCIM_REQUESTS_AT_ONCE": str(max(1, 4 * rate)),
            },
            pass_fds=[listener.fileno()],
            output=subprocess.DEVNULL,
        )
        try:
            process.wait_until(lambda: is_ready(port, address), timeout=60)
            yield address
        finally:
            process.stop(running, grace=10)


def measure(
    name: str,
    address: str,
    storming: tuple[str, str, list[str]],
    quiet: tuple[str, str, list[str]],
    lookups: int,
    *,
    obeys: bool,
    clients: int,
) -> None:
    """Let ``clients`` storm, look people up in the meantime, and print how long that took."""
    over, began = Event(), time.perf_counter()
    with ThreadPoolExecutor(max(clients, 1)) as pool:
        storms = [pool.submit(storm, address, storming, over, obeys=obeys) for _client in range(clients)]
        times, errors = look_up(address, quiet, lookups)
        over.set()
        answers = sum((each.result() for each in storms), Counter[int]())
    seconds = time.perf_counter() - began
    p50, p99 = statistics.median(times), statistics.quantiles(times, n=100)[98]
    errors += sum(number for status, number in answers.items() if status not in (200, 429))
    done, refused = answers[200] / seconds, answers[429] / seconds
    print(f"{name:<30}{p50:>8.1f}{p99:>8.1f}{errors:>8}{done:>8.0f}{refused:>17.0f}")


def storm(address: str, directory: tuple[str, str, list[str]], over: Event, *, obeys: bool) -> Counter[int]:
    """Read people one after the other until it is over; return how often which status came."""
    import requests  # noqa: PLC0415

    url, token, ids = directory
    found: Counter[int] = Counter()
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {token}"
        while not over.is_set():
            answer = session.get(f"{_at(address, url)}/Users/{ids[found.total() % len(ids)]}")
            found[answer.status_code] += 1
            if answer.status_code == 429 and obeys:
                over.wait(int(answer.headers["Retry-After"]))
    return found


def look_up(address: str, directory: tuple[str, str, list[str]], lookups: int) -> tuple[list[float], int]:
    """Return the milliseconds of each lookup, and how many were refused."""
    import requests  # noqa: PLC0415

    url, token, _ids = directory
    times, errors = [], 0
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {token}"
        for number in range(lookups + 10):
            began = time.perf_counter()
            wanted = {"filter": f'userName eq "person{number % PEOPLE}@contoso.example"'}
            errors += session.get(f"{_at(address, url)}/Users", params=wanted).status_code != 200
            times.append((time.perf_counter() - began) * 1000)
            time.sleep(1 / 40)  # below what it may itself
    return times[10:], errors  # the first requests open connections


def _at(address: str, url: str) -> str:
    """The Tenant URL at the server's address."""
    return f"{address}/scim/v2/{url.rsplit('/', 1)[1]}"


if __name__ == "__main__":
    main()
