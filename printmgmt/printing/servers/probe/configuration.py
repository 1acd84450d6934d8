"""Reads a cupsd.conf: who may do what under each policy (man 5 cupsd.conf).

Within a policy the first limit that names an operation counts, then the first for all operations.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from printmgmt.printing.servers.probe.found import FOREVER, Who

DEFAULT_MAX_JOBS: Final = 500
DAY: Final = 86_400

_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": DAY, "w": 7 * DAY}
_YES: Final = {"yes", "on", "true"}
_NO: Final = {"no", "off", "false"}


@dataclass
class Limit:
    """One ``<Limit …>`` of a policy; operations in small letters."""

    operations: frozenset[str]
    authenticates: bool = False
    required: tuple[str, ...] = ()
    any_account: bool = False
    denies: bool = False


@dataclass
class Configuration:
    """Directives outside of sections by their name in small letters, and the limits of each policy."""

    directives: dict[str, str] = field(default_factory=dict)
    policies: dict[str, list[Limit]] = field(default_factory=dict)

    @property
    def max_jobs(self) -> int:
        """How many jobs, open and past, the server keeps at most; 0 is no limit."""
        value = self.directives.get("maxjobs", "")
        return int(value) if value.isdecimal() else DEFAULT_MAX_JOBS

    @property
    def max_hold_seconds(self) -> int:
        """After how many seconds a held job is canceled; 0 is never."""
        return _seconds(self.directives.get("maxholdtime", "0"), default=0)

    @property
    def kept_seconds(self) -> int:
        """How long the files of past jobs are kept; `FOREVER` without end."""
        value = self.directives.get("preservejobfiles", "").lower()
        if self.directives.get("preservejobhistory", "").lower() in _NO or value in _NO:
            return 0
        return FOREVER if value in _YES else _seconds(value, default=DAY)

    @property
    def default_policy(self) -> str:
        """The policy of queues that name none, and of the server itself."""
        return self.directives.get("defaultpolicy", "default")

    def who_may(self, policy: str, operation: str) -> frozenset[Who] | None:
        """Who may use an operation without being the operator; None where there is no such policy."""
        limits = self.policies.get(policy.lower())
        if limits is None:
            return None
        for wanted in (operation.lower(), "all"):
            for limit in limits:
                if wanted in limit.operations:
                    return _allowed(limit)
        return frozenset()  # cupsd: no limit, no operation


def read_configuration(text: str) -> Configuration:
    """Return what a cupsd.conf says. Never raises: what is not understood is passed over."""
    found = Configuration()
    policy: list[Limit] | None = None
    limit: Limit | None = None
    elsewhere = 0
    for name, value in _lines(text):
        if name == "<policy":
            policy = found.policies.setdefault(value.lower(), [])
        elif name == "</policy>":
            policy = limit = None
        elif name == "<limit" and policy is not None:
            limit = Limit(frozenset(value.lower().split()))
            policy.append(limit)
        elif name == "</limit>":
            limit = None
        elif name.startswith("<"):
            elsewhere += -1 if name.startswith("</") else 1
        elif limit is not None:
            _read_limit(limit, name, value, found.directives.get("defaultauthtype", "basic"))
        elif policy is None and not elsewhere:
            found.directives[name] = value
    return found


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """The name of each directive in small letters, with its value; ``<Policy default>`` is one of them."""
    for line in text.splitlines():
        plain = line.partition("#")[0].strip()
        if not plain:
            continue
        name, _blank, value = plain.partition(" ")
        if plain.startswith("<") and not plain.startswith("</"):
            value = value.rstrip("> ")
        yield name.lower().strip(), value.strip()


def _read_limit(limit: Limit, name: str, value: str, default_auth: str) -> None:
    words = value.split()
    if name == "authtype" and words:
        kind = default_auth if words[0].lower() == "default" else words[0]
        limit.authenticates = kind.lower() != "none"
    elif name == "require" and words:
        kind = words[0].lower()
        if kind == "valid-user":
            limit.any_account = True
        else:
            names = [f"@{group}" for group in words[1:]] if kind == "group" else words[1:]
            limit.required = (*limit.required, *names)
    elif name == "deny" and words and words[-1].lower() == "all":
        limit.denies = True
    elif name == "allow" and words and words[-1].lower() == "all":
        limit.denies = False


def _allowed(limit: Limit) -> frozenset[Who]:
    if limit.denies:
        return frozenset()
    if limit.any_account or not limit.required:
        logged_in = {Who.OWNER_LOGIN, Who.ANY_LOGIN}
        return frozenset(logged_in if limit.authenticates else {*Who})
    who: set[Who] = set()
    for required in (name.lower() for name in limit.required):
        if required == "@owner":
            who |= {Who.OWNER_LOGIN} if limit.authenticates else {Who.OWNER_LOGIN, Who.OWNER}
        elif required == "@system" and not limit.authenticates:
            who |= {Who.OPERATOR_NAME}
        elif required == "root" and not limit.authenticates:
            who |= {Who.ROOT_NAME}
    return frozenset(who)


def _seconds(value: str, *, default: int) -> int:
    number, unit = (value[:-1], value[-1]) if value[-1:] in _UNITS else (value, "s")
    return int(number) * _UNITS[unit] if number.isdecimal() else default
