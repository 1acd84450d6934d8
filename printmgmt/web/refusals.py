"""A 429 that the server sends by itself, before a thread or Django has seen the request."""

from typing import Final

RETRY_SECONDS: Final = 5


class Refusal:
    """The bytes of a 429 with ``body``, after which the connection is closed."""

    def __init__(self, content_type: str, body: bytes) -> None:
        head = (
            "HTTP/1.1 429 Too Many Requests",
            f"Retry-After: {RETRY_SECONDS}",
            f"Content-Type: {content_type}",
            f"Content-Length: {len(body)}",
            "Cache-Control: no-store",
            "Connection: close",
        )
        self.raw: Final = "\r\n".join([*head, "", ""]).encode() + body
