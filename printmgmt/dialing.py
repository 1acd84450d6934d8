"""Finds the addresses of a host and connects to one of them, within a time for both.

The operating system looks a name up for as long as it likes, and tries the next address of a host only when
the one before has failed. Here a name server that is silent, and an address that swallows everything, cost
no more than the caller allows.
"""

import socket
import threading
import time
from collections.abc import Sequence
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from typing import Final

MOST: Final = 8
"""Addresses of one host that are tried."""


def look_up(host: str, port: int, *, within: float) -> list[str]:
    """Return the IP addresses of a host in the order to try them; an IP address is its own.

    Raises OSError: TimeoutError if that takes longer than ``within`` seconds, else the name is not known.
    """
    try:
        return [str(ip_address(host))]
    except ValueError:
        pass
    answers: SimpleQueue[list[str] | OSError] = SimpleQueue()
    # A thread of its own, which dies when the resolver gives up: nothing can end its call.
    threading.Thread(target=_ask, args=(host, port, answers), name=f"DNS {host}", daemon=True).start()
    try:
        answer = answers.get(timeout=within)
    except Empty:
        raise TimeoutError(f"no answer about {host} within {within:.1f} s") from None
    if isinstance(answer, OSError):
        raise answer
    return answer


def dial(numbers: Sequence[str], port: int, *, within: float) -> socket.socket:
    """Return a connection to the first of these IP addresses that takes one.

    Each gets an equal share of what is left of ``within`` seconds, so that one that swallows everything
    leaves time for the others. Raises the OSError of the last that was tried.
    """
    deadline = time.monotonic() + within
    failure: OSError = TimeoutError("no time left to connect")
    for place, number in enumerate(numbers := numbers[:MOST]):
        left = deadline - time.monotonic()
        if left <= 0:
            break
        try:
            return socket.create_connection((number, port), timeout=left / (len(numbers) - place))
        except OSError as error:
            failure = error
    raise failure


def _ask(host: str, port: int, answers: "SimpleQueue[list[str] | OSError]") -> None:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        # A scope ("fe80::1%eth0") is no part of the address.
        answers.put(list(dict.fromkeys(str(address[0]).partition("%")[0] for *_rest, address in found)))
    except OSError as error:
        answers.put(error)
    except UnicodeError as error:
        answers.put(OSError(str(error)))
