"""An https server that remembers what it was sent and answers as it is told."""

from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.https_server import serving


@dataclass
class Received:
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """Answers ``statuses`` one after the other, then 204; ``authority`` is the certificate to trust."""

    folder: Path
    received: list[Received] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    redirect_to: str = ""

    @property
    def authority(self) -> Path:
        return self.folder / "authority.pem"

    @property
    def url(self) -> str:
        return f"https://localhost:{self._server.server_port}/people?key=hidden-in-the-query"

    def clear(self) -> None:
        self.received.clear()
        self.statuses.clear()
        self.redirect_to = ""

    def __enter__(self) -> "Receiver":
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.received.append(Received(self.path, dict(self.headers), body))
                self.send_response(receiver.statuses.pop(0) if receiver.statuses else 204)
                if receiver.redirect_to:
                    self.send_header("Location", receiver.redirect_to)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                """Tests read the requests, not a log."""

        self._server = _QuietServer(("127.0.0.1", 0), Handler)
        self._serving = serving(self._server, self.folder)
        self._serving.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._serving.__exit__(kind, error, trace)


class _QuietServer(HTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that does not trust us hangs up; that is what some tests are about."""
