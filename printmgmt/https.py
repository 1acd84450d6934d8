"""HTTPS to a name whose IP addresses were checked before: TLS is verified, no redirects, no proxy."""

import http.client
import ssl
import time
from collections.abc import Sequence

from printmgmt.dialing import dial
from printmgmt.punctual import PunctualResponse


class CheckedConnection(http.client.HTTPSConnection):
    """Connects to one of the IP addresses ``numbers``; certificate and Host header are those of ``host``.

    TLS stands by ``deadline`` of the monotonic clock. From then on each write, and an answer as a whole, may
    take ``answer_within`` seconds; without that, everything is over by the deadline.
    Every method raises OSError or http.client.HTTPException.
    """

    response_class = PunctualResponse

    def __init__(
        self,
        host: str,
        port: int,
        numbers: Sequence[str],
        *,
        deadline: float,
        answer_within: float | None = None,
    ) -> None:
        self._tls = ssl.create_default_context()
        super().__init__(host, port, context=self._tls)
        self._numbers = numbers
        self._deadline = deadline
        self._answer_within = answer_within

    def connect(self) -> None:
        plain = dial(self._numbers, self.port, within=self._deadline - time.monotonic())
        try:
            plain.settimeout(self._left())
            self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)
            self.sock.settimeout(self._answer_within or self._left())
        except BaseException:
            plain.close()
            raise

    def _left(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:  # a timeout of 0 would mean: never wait
            raise TimeoutError("no time left")
        return left
