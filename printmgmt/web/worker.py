"""gunicorn's threaded worker, except that slow clients do not block threads.

gunicorn gives a connection to a thread at its first byte, and the thread waits for the rest of the request
without a limit: eight incomplete headers block eight threads (docs/adr/0022-server-and-limits.md).
"""

import errno
import time
from functools import partial
from selectors import EVENT_READ
from typing import Any, Final

from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, ThreadWorker

from printmgmt.web.connection import GATHERED_AT_MOST, PatientConnection
from printmgmt.web.draining import draining
from printmgmt.web.shares import Turns, share_of

GATHER_SECONDS: Final = 10.0
"""Seconds from the first byte of a request (or from connecting) until a thread must be able to start."""

SEND_SECONDS: Final = 30.0
"""Seconds that the client may take to receive one piece of a response."""


class PatientWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Buffers requests in its event loop. ``pending_conns`` are the incomplete ones, oldest first.

    ``unused_until`` is when a stopping worker closes connections without a request (monotonic seconds).
    """

    wsgi: Any
    unused_until: float | None = None

    def init_process(self) -> None:
        self.turns: Turns[PatientConnection] = Turns(max(1, self.cfg.threads // 2))
        super().init_process()

    def load_wsgi(self) -> None:
        super().load_wsgi()
        self.wsgi = draining(self.wsgi)

    def accept(self, listener: Any) -> None:
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK):
                raise
            return
        self.nr_conns += 1
        self._gather(PatientConnection(self.cfg, client, address, listener.getsockname()))

    def on_client_socket_readable(self, conn: PatientConnection, client: Any) -> None:
        """Start to buffer the next request of a keep-alive connection."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._gather(conn)

    def on_pending_socket_readable(self, conn: PatientConnection, client: Any) -> None:
        try:
            data = client.recv(GATHERED_AT_MOST)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        conn.gathered += data
        if not data:
            self._forget(conn)
            self._close(conn)
        elif conn.is_worth_a_thread():
            self._forget(conn)
            self._hand_over(conn)

    def _hand_over(self, conn: PatientConnection) -> None:
        """Let a thread process the request as soon as its tenant's share has one free."""
        found = share_of(bytes(conn.gathered))
        conn.share = None
        if found is not None:
            share, refusal = found
            if self.turns.is_full(share):
                conn.refuse(refusal.raw)
                self._close(conn)
                return
            conn.share = share
        conn.hand_over()
        if conn.share is None or self.turns.take(conn.share, conn):
            self.enqueue_req(conn)

    def enqueue_req(self, conn: PatientConnection) -> None:
        conn.begin()
        super().enqueue_req(conn)

    def finish_request(self, conn: PatientConnection, fs: Any) -> None:
        """Give the thread to the next of the share, and buffer data of the client's next request.

        That data may have come early, and half a request must not block a thread.
        """
        if conn.share is not None:
            following = self.turns.give_back(conn.share)
            conn.share = None
            if following is not None:
                self.enqueue_req(following)
        stays = not fs.cancelled() and fs.exception() is None and fs.result() is True
        early = conn.parser.unreader.take_buffered() if stays else b""
        if not early:
            super().finish_request(conn, fs)
            return
        conn.gathered += early
        if conn.is_worth_a_thread():
            self._hand_over(conn)
        else:
            self._gather(conn)

    def murder_pending(self) -> None:
        """Close connections that took too long; while stopping, also unused ones, which browsers open.

        These stay as long as kept-alive ones, since the first request of a client that has just connected
        may be on its way: closed at once, it would be reset.
        """
        if not self.alive:
            now = time.monotonic()
            self.unused_until = self.unused_until or now + STOP_KEEPALIVE_LINGER
            if now >= self.unused_until:
                for conn in [conn for conn in self.pending_conns if not conn.gathered]:
                    self._forget(conn)
                    self._close(conn)
        super().murder_pending()

    def handle_request(self, req: Any, conn: PatientConnection) -> Any:
        conn.sock.settimeout(SEND_SECONDS)
        return super().handle_request(req, conn)

    def _gather(self, conn: PatientConnection) -> None:
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + GATHER_SECONDS
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def _forget(self, conn: PatientConnection) -> None:
        self.poller.unregister(conn.sock)
        self.pending_conns.remove(conn)

    def _close(self, conn: PatientConnection) -> None:
        self.nr_conns -= 1
        conn.close()
