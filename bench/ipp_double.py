"""Print servers of any size in a process of their own: `python -m bench.ipp_double --servers 50 …`.

Each listens on a port of its own (printed, one line each) and answers what a round asks, as CUPS does: the
login, its queues, its jobs in pages of 1,000 (500 with expensive attributes), until one is empty. SIGUSR1
makes every tenth job a finished one.
"""

import argparse
import signal
import struct
import threading
import time
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from printmgmt.printing.ipp.codec import Attribute, Group, Message, Value, decode, encode
from printmgmt.printing.ipp.forms import CHARSET, LANGUAGE
from printmgmt.printing.ipp.operations import Operation
from printmgmt.printing.ipp.values import Tag

QUEUES, FIRST = 40, 20_001
HELD, COMPLETED = 4, 9


class Server(ThreadingHTTPServer):
    """One print server: ``jobs`` held jobs after as many past ones as the console knows already."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, number: int, jobs: int) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.number = number
        self.jobs = jobs
        self.state_of_tenth = HELD

    @cache  # noqa: B019 -- a server lives as long as the process
    def queues(self) -> bytes:
        """The answer to CUPS-Get-Printers."""
        return _answer([_queue(place) for place in range(QUEUES)], 4)

    @cache  # noqa: B019
    def page(self, first: int, size: int, rich: bool, tenth: int) -> bytes:
        """A page of Get-Jobs."""
        begin, end = max(first, FIRST), min(max(first, FIRST) + size, FIRST + self.jobs)
        return _answer([_job(place, self.number, rich, tenth) for place in range(begin, end)], 2)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_HEAD(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.send_header("Connection", "close")
        self.end_headers()

    def do_POST(self) -> None:
        asked = decode(self.rfile.read(int(self.headers["Content-Length"])))
        body = struct.pack(">BBHi", 1, 1, 0, asked.request_id) + self._answer_to(asked)[8:]
        self.send_response(200)
        self.send_header("Content-Type", "application/ipp")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _answer_to(self, asked: Message) -> bytes:
        told = {
            attribute.name: [value.value for value in attribute.values]
            for attribute in asked.groups[0].attributes
        }
        rich = "job-uuid" in told.get("requested-attributes", [])
        tenth = self.server.state_of_tenth
        if asked.code == Operation.CUPS_GET_PRINTERS:
            return self.server.queues()
        if asked.code == Operation.GET_JOB_ATTRIBUTES:
            return self.server.page(int(told["job-uri"][0].rpartition("/")[2]), 1, True, tenth)
        size = min(told["limit"][0], 500 if rich else 1_000)
        return self.server.page(told["first-job-id"][0], size, rich, tenth)

    def log_message(self, *_: Any) -> None:
        pass


def _answer(groups: list[list[Attribute]], tag: int) -> bytes:
    head = Group(1, [CHARSET, LANGUAGE])
    return encode(Message((1, 1), 0, 1, [head, *(Group(tag, attributes) for attributes in groups)]))


def _one(name: str, tag: Tag, value: object) -> Attribute:
    return Attribute(name, [Value(tag, value)])


def _queue(place: int) -> list[Attribute]:
    return [
        _one("printer-name", Tag.NAME, f"queue{place}"),
        _one("printer-uuid", Tag.URI, f"urn:uuid:00000000-0000-4000-8000-{place:012}"),
        _one("printer-state", Tag.ENUM, 3),
        _one("printer-state-reasons", Tag.KEYWORD, "none"),
        _one("printer-is-accepting-jobs", Tag.BOOLEAN, True),
        _one("printer-op-policy", Tag.NAME, "default"),
        _one("job-hold-until-default", Tag.KEYWORD, "no-hold"),
        _one("printer-info", Tag.TEXT, "On the first floor"),
        _one("printer-make-and-model", Tag.TEXT, "Generic PostScript Printer"),
        _one("cups-version", Tag.TEXT, "2.4.2"),
    ]


def _job(place: int, server: int, rich: bool, tenth: int) -> list[Attribute]:
    state = tenth if place % 10 == 0 else HELD
    cheap = [
        _one("job-id", Tag.INTEGER, place),
        _one("job-state", Tag.ENUM, state),
        _one("job-state-reasons", Tag.KEYWORD, "job-hold-until-specified"),
        _one("job-printer-uri", Tag.URI, f"ipp://127.0.0.1/printers/queue{place % QUEUES}"),
        _one("job-printer-up-time", Tag.INTEGER, int(BEGAN)),
        _one("job-originating-user-name", Tag.NAME, f"person{(place * 7 + server * 199) % 10_000}"),
        _one("job-name", Tag.NAME, f"Letter {place}"),
        _one("job-k-octets", Tag.INTEGER, 12),
        _one("time-at-creation", Tag.INTEGER, int(BEGAN) - 60),
    ]
    if not rich:
        return cheap
    return [
        *cheap,
        _one("job-uuid", Tag.URI, f"urn:uuid:{server:08}-0000-4000-8000-{place:012}"),
        _one("job-hold-until", Tag.KEYWORD, "indefinite"),
        _one("job-impressions-completed", Tag.INTEGER, 0),
        _one("job-media-sheets-completed", Tag.INTEGER, 0),
    ]


BEGAN = time.time()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.ipp_double")
    parser.add_argument("--servers", type=int, default=50)
    parser.add_argument("--jobs", type=int, default=200)
    wanted = parser.parse_args()
    servers = [Server(number, wanted.jobs) for number in range(wanted.servers)]

    def finish_some(*_: object) -> None:
        for server in servers:
            server.state_of_tenth = COMPLETED

    signal.signal(signal.SIGUSR1, finish_some)
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(server.server_port, flush=True)
    while True:
        signal.pause()


if __name__ == "__main__":
    main()
