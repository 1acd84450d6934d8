"""Plays the host where Microsoft publishes the keys of tenants: https on the loopback address."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.https_server import serving

Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers as the server was told."""

    server: "_Server"

    def do_GET(self) -> None:
        keys = self.server.keys
        keys.asked.append(self.path)
        keys.headers.append(dict(self.headers))
        keys.answer(self)

    def send(
        self, body: bytes, *, status: int = 200, content_type: str = "application/json", **more: str
    ) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": content_type, "Content-Length": str(len(body)), **more}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Tests read the requests, not a log."""


class _Server(ThreadingHTTPServer):
    keys: "KeyServer"
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that gives up hangs up; that is what some tests are about."""


@dataclass
class KeyServer:
    """``published`` are the tenant's keys (JWK); ``asked`` the paths of requests; ``answer`` what it does."""

    folder: Path
    published: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.answer: Answer = self.tell_keys

    @property
    def origin(self) -> str:
        return f"https://localhost:{self._server.server_port}"

    @property
    def authority(self) -> Path:
        return self.folder / "authority.pem"

    def reset(self) -> None:
        self.published.clear()
        self.asked.clear()
        self.headers.clear()
        self.answer = self.tell_keys

    def tell_keys(self, handler: Handler) -> None:
        handler.send(json.dumps({"keys": self.published}).encode())

    def hang_up(self, handler: Handler) -> None:
        handler.close_connection = True

    def say_nothing(self, handler: Handler) -> None:
        self.released.wait()

    def trickle(self, handler: Handler) -> None:
        """A byte now and then: never silent for long, and never done."""
        handler.send_response(200)
        handler.end_headers()
        while not self.released.wait(0.05):
            handler.wfile.write(b" ")

    def fail(self, handler: Handler) -> None:
        handler.send(b"{}", status=503)

    def redirect(self, handler: Handler) -> None:
        body = json.dumps({"keys": self.published}).encode()
        handler.send(body, status=302, Location=f"{self.origin}/elsewhere")

    def show_a_page(self, handler: Handler) -> None:
        handler.send(b"<!doctype html><title>Sign in</title>", content_type="text/html")

    def tell_no_keys(self, handler: Handler) -> None:
        handler.send(b'{"keys": []}')

    def tell_too_much(self, handler: Handler) -> None:
        handler.send(json.dumps({"keys": self.published, "padding": "x" * 300_000}).encode())

    def nest(self, handler: Handler) -> None:
        handler.send(b"[" * 100_000)

    def __enter__(self) -> "KeyServer":
        self._server = _Server(("127.0.0.1", 0), Handler)
        self._server.keys = self
        self._serving = serving(self._server, self.folder)
        self._serving.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.released.set()
        self._serving.__exit__(kind, error, trace)
