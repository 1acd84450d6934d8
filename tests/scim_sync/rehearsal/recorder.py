"""A SCIM server of a few lines that writes down what it was asked: a stand-in for any server there may be."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

LIST_RESPONSE = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
TOKEN = "invented-token"  # noqa: S105 - nobody's secret


@dataclass
class RecordedRequest:
    """One request as it came over the wire; `target` is path and query, undecoded."""

    method: str
    target: str
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.raw)


@dataclass
class Answer:
    """What to send back; a dict becomes JSON."""

    status: int
    body: Any = None
    content_type: str = "application/scim+json"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Recorder:
    """`users` are its resources by id; `answer` may take over any request by returning an Answer."""

    url: str
    requests: list[RecordedRequest] = field(default_factory=list)
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    answer: Callable[[RecordedRequest], Answer | None] = lambda request: None
    lock: Lock = field(default_factory=Lock)

    def sent(self, method: str) -> list[RecordedRequest]:
        return [request for request in self.requests if request.method == method]

    def patches(self) -> list[Any]:
        return [request.body["Operations"] for request in self.sent("PATCH")]

    def reply(self, request: RecordedRequest) -> Answer:
        with self.lock:
            self.requests.append(request)
            return self.answer(request) or self._serve(request)

    def _serve(self, request: RecordedRequest) -> Answer:
        target = urlsplit(request.target)
        user_id = target.path.removeprefix("/scim/v2/Users").lstrip("/")
        if request.method == "POST":
            user = {**request.body, "id": f"u{len(self.users) + 1}"}
            self.users[user["id"]] = user
            return Answer(201, user)
        if not user_id:
            return Answer(200, listing(self._found(parse_qs(target.query)["filter"][0])))
        if user_id not in self.users:
            return Answer(404, {"detail": f"no user {user_id}"})
        if request.method == "DELETE":
            del self.users[user_id]
            return Answer(204)
        return Answer(200, self.users[user_id])

    def _found(self, query: str) -> list[dict[str, Any]]:
        attribute, _, literal = query.partition(" eq ")
        if attribute != "userName":
            return []
        return [user for user in self.users.values() if user["userName"] == json.loads(literal)]


def listing(resources: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "schemas": [LIST_RESPONSE],
        "totalResults": len(resources),
        "startIndex": 1,
        "Resources": resources,
    }


@contextmanager
def running() -> Iterator[Recorder]:
    """Serve a fresh Recorder on a free port of the loopback."""

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            answer = recorder.reply(RecordedRequest(self.command, self.path, dict(self.headers), raw))
            body = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
            self.send_response(answer.status)
            if answer.content_type:
                self.send_header("Content-Type", answer.content_type)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            if answer.status != 204:
                self.wfile.write(body.encode())

        do_GET = do_POST = do_PATCH = do_DELETE = handle_any

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    recorder = Recorder(url=f"http://127.0.0.1:{server.server_port}/scim/v2")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield recorder
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
