"""Shares of a process's threads: requests of one tenant occupy half of them at most (ADR 40).

The rest wait their turn without a thread, so that a tenant with many or slow requests delays only itself.
"""

import re
from collections import Counter, defaultdict, deque
from typing import Final, Generic, TypeVar
from urllib.parse import unquote_to_bytes

from printmgmt.web.refusals import Refusal

WAITING_AT_MOST: Final = 50
"""Requests of one share that wait in a process; the next one is refused."""

_shares: dict[re.Pattern[bytes], Refusal] = {}

Waiting = TypeVar("Waiting")


def share_threads_below(prefix: str, refusal: Refusal) -> None:
    """Give each tenant a share whose paths start with ``/<prefix><tenant>``; ``refusal`` answers too many."""
    # The target of a request may be a whole URL (RFC 9112 §3.2.2).
    _shares[re.compile(rb"\S+ (?:\w+://[^/\s]*)?/%b([^/?\s]+)" % re.escape(prefix.encode()))] = refusal


def share_of(head: bytes) -> tuple[bytes, Refusal] | None:
    """Return the share of a request that starts with ``head``, or None; with the answer for one too many."""
    for pattern, refusal in _shares.items():
        if found := pattern.match(head):
            return unquote_to_bytes(found[1]).lower(), refusal
    return None


class Turns(Generic[Waiting]):
    """For each share, how many requests have a thread, and those that wait for one, in their order."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._busy: Counter[bytes] = Counter()
        self._waiting: defaultdict[bytes, deque[Waiting]] = defaultdict(deque)

    def is_full(self, share: bytes) -> bool:
        """Whether another request would be one too many."""
        return len(self._waiting.get(share, ())) >= WAITING_AT_MOST

    def take(self, share: bytes, request: Waiting) -> bool:
        """Whether ``request`` may have a thread now; else it waits, and `give_back` returns it."""
        if self._busy[share] >= self._at_once:
            self._waiting[share].append(request)
            return False
        self._busy[share] += 1
        return True

    def give_back(self, share: bytes) -> Waiting | None:
        """Return the request whose turn it is now that another one of ``share`` has ended, or None."""
        if waiting := self._waiting.get(share):
            following = waiting.popleft()
            if not waiting:
                del self._waiting[share]
            return following
        self._busy[share] -= 1
        if not self._busy[share]:
            del self._busy[share]
        return None
