"""The listening socket of the console. It is opened once and passed to each web process."""

import http.client
import socket
from urllib.parse import urlsplit

BACKLOG = 512  # requests that may wait while a dead web process is replaced


def listen(address: str, port: int) -> socket.socket:
    """Return a socket listening on ``address`` and ``port`` (0: any free one); ``OSError`` if it is taken."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address, port))
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def is_ready(port: int, public_url: str, address: str = "127.0.0.1") -> bool:
    """Whether ``/readyz`` returns 200 there. Sends the host name of ``public_url``, as a proxy would."""
    connection = http.client.HTTPConnection(address, port, timeout=2)
    try:
        connection.request("GET", "/readyz", headers={"Host": urlsplit(public_url).netloc})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
