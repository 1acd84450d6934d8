"""Clients that keep their connection, as threads: how many requests a second a server answers."""

import http.client
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from bench.scim_kinds import Directory, Kind

MEDIA = "application/scim+json"


@dataclass(frozen=True)
class Phase:
    """So many requests of one kind. ``cpu``: milliseconds of processor for each, by group of processes."""

    requests: int
    seconds: float
    median: float
    cpu: dict[str, float]

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


def run(
    kind: Kind,
    of: Directory,
    *,
    clients: int,
    requests: int,
    seconds: float,
    cpu: Callable[[], dict[str, float]],
) -> Phase | None:
    """Have ``clients`` send ``requests`` in all, for ``seconds`` at most; None if none could be sent.

    ``cpu`` says the seconds of processor so far. Raises RuntimeError at an answer other than 2xx.
    """
    tickets = iter(range(requests))
    times: list[float] = []
    failures: list[Exception] = []
    before, began = cpu(), time.perf_counter()

    def work() -> None:
        try:
            times.extend(_send(kind, of, tickets, began + seconds))
        except Exception as error:  # noqa: BLE001 -- raised again below, where it is seen
            failures.append(error)

    threads = [threading.Thread(target=work) for _client in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    if not times:
        return None
    took, after = time.perf_counter() - began, cpu()
    each = {name: (after[name] - before[name]) * 1000 / len(times) for name in before}
    return Phase(len(times), took, statistics.median(times) * 1000, each)


def _send(kind: Kind, of: Directory, tickets: object, until: float) -> list[float]:
    """Send requests until there is no ticket, nobody left or no time; return how long each took."""
    address = urlsplit(of.url)
    connection = http.client.HTTPConnection(address.netloc, timeout=120)
    headers = {"Authorization": f"Bearer {of.token}", "Accept": MEDIA, "Content-Type": MEDIA}
    times: list[float] = []
    try:
        while time.perf_counter() < until and next(tickets, None) is not None:  # type: ignore[call-overload]
            try:
                request = kind(of)
            except IndexError:
                break
            began = time.perf_counter()
            connection.request(request.method, address.path + request.path, request.body, headers)
            answer = connection.getresponse()
            body = answer.read()
            times.append(time.perf_counter() - began)
            if answer.status // 100 != 2:  # noqa: PLR2004
                raise RuntimeError(f"{request.method} {request.path}: {answer.status} {body[:500]!r}")
            request.done()
    finally:
        connection.close()
    return times
