"""How often someone may call: a steady rate with bursts, counted for all web processes together (ADR 40).

Counted in the broker's Redis, in one round trip and without SQL. Where Redis does not answer, and with a
broker of another kind, each process counts for itself: nobody is refused because Redis is down.
"""

import time
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Final

import redis
import structlog
from django.conf import settings
from redis.backoff import NoBackoff
from redis.commands.core import Script
from redis.retry import Retry

log = structlog.get_logger(__name__)

PATIENCE: Final = 0.25
"""Seconds that a request waits for Redis."""

PAUSE: Final = 5.0
"""Seconds in which Redis is not asked again after it did not answer."""

KEPT_AT_MOST: Final = 10_000
"""Callers that a process remembers."""

# Of each caller one moment is kept: when the next call would be due at the steady rate (GCRA). A burst is how
# far it may lie ahead of now. By Redis's clock, since those of hosts differ; one that was set back forgives.
TAKE: Final = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local due = tonumber(redis.call('GET', KEYS[1]) or now)
due = math.min(math.max(due, now), now + burst * interval)
local wait = due - now - (burst - 1) * interval
if wait > 0.000001 then return tostring(wait) end
redis.call('SET', KEYS[1], string.format('%.6f', due + interval), 'EX', math.ceil(burst * interval) + 1)
return '0'
"""


@dataclass(frozen=True)
class Rate:
    """Calls per second, and how many at once after a rest. Both are above zero."""

    per_second: float
    burst: int

    @property
    def interval(self) -> float:
        """Seconds between two calls at the steady rate."""
        return 1 / self.per_second


def seconds_to_wait(caller: str, rate: Rate) -> float:
    """Count a call of ``caller``: 0.0 if it is within ``rate``, else the seconds until the next one is.

    A call that must wait is not counted. Never raises.
    """
    if time.monotonic() >= _pause.until:
        try:
            take = _script(settings.BROKER_URL)
            if take is not None:
                return float(take(keys=[f"printmgmt:rate:{caller}"], args=[rate.interval, rate.burst]))
        except (redis.RedisError, OSError) as error:
            _pause.until = time.monotonic() + PAUSE
            log.warning("redis counts no calls, each process counts its own", error=str(error))
    return _own.take(caller, rate)


@cache
def _script(broker: str) -> Script | None:
    """The script on the broker's server; None for a broker that is no single Redis, such as a sentinel."""
    scheme, _colon, rest = broker.partition(":")
    if scheme == "redis+socket":  # Celery's spelling of what redis-py calls unix
        broker = f"unix:{rest}".replace("?virtual_host=", "?db=")
    elif scheme not in ("redis", "rediss"):
        return None
    client = redis.Redis.from_url(
        broker, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, retry=Retry(NoBackoff(), 0)
    )
    return client.register_script(TAKE)


class _Pause:
    """Until when Redis is left alone (monotonic seconds)."""

    until = 0.0


class _OwnCount:
    """The same count in this process."""

    def __init__(self) -> None:
        self._due: dict[str, float] = {}
        self._lock = Lock()

    def take(self, caller: str, rate: Rate) -> float:
        now = time.monotonic()
        with self._lock:
            due = max(self._due.get(caller, now), now)
            wait = due - now - (rate.burst - 1) * rate.interval
            if wait > 0.000001:
                return wait
            if len(self._due) >= KEPT_AT_MOST:
                self._due = {other: moment for other, moment in self._due.items() if moment > now}
            if len(self._due) >= KEPT_AT_MOST:
                self._due.clear()
            self._due[caller] = due + rate.interval
        return 0.0


_pause = _Pause()
_own = _OwnCount()
