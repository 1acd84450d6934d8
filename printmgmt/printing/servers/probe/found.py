"""What a test found, as codes: JSON in `PrintServer.probe`, for pages and for steps of a leaving."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Final, Self

VERSION: Final = 1
"""Of the structure. What was kept in another one is read as "never tested"."""


class Right(StrEnum):
    """What someone may do to a job that is held."""

    RELEASE = "release"
    MOVE = "move"
    CHANGE = "change"
    HOLD = "hold"
    RESTART = "restart"
    AUTHENTICATE = "authenticate"


class Who(StrEnum):
    """Who may, besides the operator with the password.

    The first four only state a name, without a password. The last two log in: the owner of the job, and
    anyone with an account on the server.
    """

    STRANGER = "stranger"
    OWNER = "owner"
    OPERATOR_NAME = "operator-name"
    ROOT_NAME = "root-name"
    OWNER_LOGIN = "owner-login"
    ANY_LOGIN = "any-login"


MOST_NAMES: Final = 5
"""How many queues of a policy are kept by name."""


class Skipped(StrEnum):
    """Why nothing was tried on the queues of a policy."""

    CLOSED = "closed"
    FULL = "full"
    NOT_ACCEPTING = "not-accepting"
    FAILED = "failed"


class Compares(StrEnum):
    """How the server compares a user name with the names in a queue's list."""

    LOCAL_PART = "local-part"
    WHOLE_NAME = "whole-name"
    UNKNOWN = ""


FOREVER: Final = -1
"""`Found.kept_seconds`: the server never forgets the files of past jobs."""


@dataclass(frozen=True)
class PolicyFound:
    """The queues under one operation policy (`printer-op-policy`).

    ``queues`` is their number, ``names`` some of them. ``needs_login``: whether submitting needs a password,
    None where it was not seen. ``rights`` says who may do what; a right that is not in it is unknown.
    ``owners_shown`` and ``titles_shown``: to a stranger; ``operator_name_sees_owners``: to who states the
    operator's name, without the password.
    """

    name: str
    queues: int
    names: list[str] = field(default_factory=list)
    skipped: str = ""
    needs_login: bool | None = None
    owners_shown: bool | None = None
    titles_shown: bool | None = None
    operator_sees_owners: bool | None = None
    operator_name_sees_owners: bool | None = None
    rights: Mapping[str, list[str]] = field(default_factory=dict)

    def who_may(self, right: Right) -> frozenset[Who]:
        """Who has this right, as far as known."""
        return frozenset(Who(who) for who in self.rights.get(right, ()))

    def open_to(self, *who: Who) -> list[Right]:
        """The rights that any of these have."""
        return [right for right in Right if self.who_may(right) & set(who)]

    @property
    def holds_stay(self) -> bool:
        """Whether nobody but an operator with the password can undo a hold, by all that is known."""
        return set(Right) <= set(self.rights) and not self.open_to(*Who)


@dataclass(frozen=True)
class Found:
    """Everything a test found. None means unknown.

    ``open_jobs`` and ``max_jobs``: waiting, held and printing jobs, and how many the server takes; 0 is no
    limit. ``kept_seconds``: how long it keeps the files of past jobs, so that they can be printed again.
    ``left_over``: jobs of tests that could not be removed.
    """

    is_cups: bool
    cups_version: str = ""
    has_login: bool = False
    configuration_read: bool = False
    queues: int = 0
    policies: tuple[PolicyFound, ...] = ()
    default_policy: str = "default"
    open_jobs: int | None = None
    max_jobs: int | None = None
    max_hold_seconds: int | None = None
    kept_seconds: int | None = None
    compares: str = Compares.UNKNOWN
    left_over: int = 0
    version: int = VERSION

    def as_json(self) -> dict[str, Any]:
        """Return what is kept in the database."""
        return asdict(self)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self | None:
        """Return what `as_json` gave; None for nothing, and for another version of the structure."""
        if kept.get("version") != VERSION:
            return None
        try:
            policies = tuple(PolicyFound(**policy) for policy in kept["policies"])
            return cls(**{**kept, "policies": policies})
        except (TypeError, KeyError):  # whatever stands in a row, the page must open
            return None

    def policy(self, name: str) -> PolicyFound | None:
        """What was found about the queues under this policy."""
        return next((policy for policy in self.policies if policy.name == name), None)
