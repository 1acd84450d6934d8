"""Requests given to the whole WSGI application in this process, as they would come from gunicorn."""

import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_to_bytes

from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from printmgmt.wsgi import application
from tests.scim_sync.client import ERROR, SCIM_JSON

LEAKS = re.compile(
    rb"Traceback|site-packages|psycopg|pydantic|sqlstate|\bSELECT\b|\bINSERT\b|\.py\b|object at 0x"
)


@dataclass(frozen=True)
class Sent:
    """A request: target as it stands in the request line, headers by name, body in bytes."""

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def environ(self) -> dict[str, Any]:
        path, _mark, query = self.target.partition("?")
        headers = {name.upper().replace("-", "_"): value for name, value in self.headers.items()}
        return {
            "REQUEST_METHOD": self.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "127.0.0.1",
            "CONTENT_TYPE": headers.pop("CONTENT_TYPE", SCIM_JSON),
            "CONTENT_LENGTH": headers.pop("CONTENT_LENGTH", str(len(self.body))),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(self.body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            **{f"HTTP_{name}": value for name, value in headers.items()},
        }


@dataclass(frozen=True)
class Got:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    raw: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.raw)

    @property
    def faults(self) -> Iterable[str]:
        """What must be in no answer, whatever was asked."""
        if self.status >= 500 and self.status != 501:
            yield f"status {self.status}"
        if LEAKS.search(self.raw):
            yield "it tells of our inside"
        if "Set-Cookie" in self.headers:
            yield "a cookie"
        if self.status in (204, 304):
            yield from ["a body"] if self.raw else []
            return
        if self.headers.get("Content-Type") != SCIM_JSON:
            yield f"media type {self.headers.get('Content-Type')}"
            return
        body = self.body
        if self.status >= 400 and not (
            body["schemas"] == [ERROR] and body["status"] == str(self.status) and body["detail"]
        ):
            yield "an error without SCIM's body"


def call(sent: Sent) -> Got:
    """Send a request; the answer is read to its end."""
    status, headers = 0, {}

    def start_response(line: str, pairs: list[tuple[str, str]], _error: object = None) -> None:
        nonlocal status, headers
        status, headers = int(line.split()[0]), dict(pairs)

    with _connection_kept():
        answer = application(sent.environ, start_response)  # type: ignore[arg-type]
        try:
            raw = b"".join(answer)
        finally:
            answer.close()  # type: ignore[attr-defined]
    return Got(status, headers, raw)


@contextmanager
def _connection_kept() -> Iterator[None]:
    """Keep the connection, which looks misused inside a test's transaction; Django's client does so, too."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)
