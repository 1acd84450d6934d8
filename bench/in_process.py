"""Processor time of SCIM requests within one process: `python -m bench.in_process --people 1000`.

Its own PostgreSQL, and the WSGI application without a server: what a request costs us on a busy machine,
where a clock says little. One round to warm up, then the median of several.
"""

import argparse
import io
import json
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

from bench.database import own_database
from bench.scim_requests import directory

REQUESTS = 60
ROUNDS = 5

Send = Callable[..., bytes]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.in_process")
    parser.add_argument("--people", type=int, default=1_000)
    size: int = parser.parse_args().people
    with own_database():
        url, token, ids = directory(size)
        send = client(url, token)
        print(f"{'request':<20}{'ms':>8}{'statements':>12}")
        for name, call in requests(size, ids, send).items():
            print(f"{name:<20}{processor_time(call):>8.2f}{statements(call):>12}")


def client(url: str, token: str) -> Send:
    """Return a function that sends a request to the WSGI application and returns the answer's body."""
    from urllib.parse import urlsplit  # noqa: PLC0415

    from printmgmt.wsgi import application  # noqa: PLC0415

    parts = urlsplit(url)

    def send(method: str, path: str, query: str = "") -> bytes:
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": f"{parts.path}{path}",
            "QUERY_STRING": query,
            "SERVER_NAME": parts.hostname,
            "SERVER_PORT": str(parts.port),
            "HTTP_HOST": parts.netloc,
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_AUTHORIZATION": f"Bearer {token}",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": io.StringIO(),
        }
        answered: list[str] = []
        body = application(environ, lambda status, headers, exc_info=None: answered.append(status) or print)
        content = b"".join(body)
        close = getattr(body, "close", None)
        if close:
            close()
        if not answered[0].startswith("2"):
            raise SystemExit(f"{method} {path}: {answered[0]} {content.decode()}")
        return content

    return send


def requests(size: int, ids: list[str], send: Send) -> dict[str, Callable[[], object]]:
    """The requests that are measured, each for another person every time."""
    numbers: Iterator[int] = (number * 7919 % size for number in range(10**9))
    name = "userName%20eq%20%22PERSON{}%40contoso.example%22"
    return {
        "get": lambda: send("GET", f"/Users/{ids[next(numbers)]}"),
        "filter userName": lambda: found(send("GET", "/Users", f"filter={name.format(next(numbers))}")),
        "filter externalId": lambda: found(
            send("GET", "/Users", f"filter=externalId%20eq%20%22x{next(numbers)}%22")
        ),
        "filter nobody": lambda: send("GET", "/Users", "filter=userName%20eq%20%22nobody%22"),
        "list of 100": lambda: send("GET", "/Users", "count=100"),
        "discovery": lambda: send("GET", "/ServiceProviderConfig"),
    }


def found(content: bytes) -> None:
    """Stop unless the list has one person: a filter that finds nobody is cheap."""
    if json.loads(content)["totalResults"] != 1:
        raise SystemExit(content.decode())


def processor_time(call: Callable[[], object]) -> float:
    """Milliseconds of processor time that a call takes."""
    rounds = []
    for _round in range(ROUNDS + 1):
        began = time.process_time()
        for _request in range(REQUESTS):
            call()
        rounds.append((time.process_time() - began) * 1000 / REQUESTS)
    return statistics.median(rounds[1:])


def statements(call: Callable[[], object]) -> int:
    """The statements that a call sends to the database."""
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    with CaptureQueriesContext(connection) as queries:
        call()
    return len(queries)


if __name__ == "__main__":
    main()
