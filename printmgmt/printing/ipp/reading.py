"""Reading fields out of a group of attributes."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from urllib.parse import unquote, urlsplit

from printmgmt.printing.ipp.codec import Group
from printmgmt.printing.ipp.errors import BadAnswer
from printmgmt.printing.ipp.values import Tag, WithLanguage

# CUPS counts its "seconds since the printer was started" from 1970. A device that has been on for thirty
# years has not.
_UNIX_TIME = 1_000_000_000


T = TypeVar("T")


def single(group: Group, name: str, kind: type[T]) -> T | None:
    """Return the last value of an attribute that is of this type, or None: not sent, unknown, no-value, of
    another type.
    """
    # Anyone can submit a job that states its own number or state twice: cupsd 2.4.2 adds the true one last.
    for value in reversed(group.values(name)):
        # A bool is an int to Python, not to IPP.
        if isinstance(value.value, kind) and (kind is bool or not isinstance(value.value, bool)):
            return value.value
    return None


def required(group: Group, name: str, kind: type[T]) -> T:
    """Return the value of an attribute without which the rest is worth nothing. Raises `BadAnswer`."""
    value = single(group, name, kind)
    if value is None:
        raise BadAnswer(technical=f"no {name}")
    return value


def text(group: Group, name: str) -> str | None:
    """Return the first text of an attribute, or None."""
    return next(iter(texts(group, name)), None)


def texts(group: Group, name: str) -> tuple[str, ...]:
    """Return every text of an attribute, fit to be stored: what no database takes is U+FFFD."""
    return tuple(
        _storable(value.value.text if isinstance(value.value, WithLanguage) else value.value)
        for value in group.values(name)
        if isinstance(value.value, str | WithLanguage)
    )


def hold_until(group: Group) -> str | None:
    """Return until when a job is held, or None.

    Anyone can state `job-hold-until` a second time. cupsd 2.4.2 acts on the first keyword, else on the first
    name, wherever they stand; Hold-Job rewrites the same one.
    """
    stated = [value for value in group.values("job-hold-until") if isinstance(value.value, str)]
    stated.sort(key=lambda value: value.tag != Tag.KEYWORD)
    return _storable(stated[0].value) if stated else None


def keywords(group: Group, name: str) -> tuple[str, ...]:
    """Return the keywords of an attribute; `none` is no keyword."""
    last = [attribute for attribute in group.attributes if attribute.name == name][-1:]
    return tuple(keyword for keyword in texts(Group(group.tag, last), name) if keyword != "none")


def last_segment(uri: str) -> str:
    """Return what is behind the last slash of a URI's path: the name of a queue. Its host is the one that
    someone used.
    """
    try:
        return _storable(unquote(urlsplit(uri).path.rpartition("/")[2]))
    except ValueError:
        return ""


def moment(group: Group, event: str, *, now: datetime, up_time: int | None) -> datetime | None:
    """Return when `event` (creation, processing, completed) was, or None if it was not yet or nobody knows.

    From `date-time-at-…` or else `time-at-…`, which CUPS counts from 1970 and others from their start (RFC
    8011 §5.3.14); `up_time` is printer-up-time at `now`.
    """
    if (exact := single(group, f"date-time-at-{event}", datetime)) is not None:
        with suppress(OverflowError):
            return exact.astimezone(UTC)
    seconds = single(group, f"time-at-{event}", int)
    if seconds is None or seconds < 0:
        return None
    if seconds >= _UNIX_TIME:
        return datetime.fromtimestamp(seconds, UTC)
    if up_time is None or up_time < seconds:
        return None
    return now - timedelta(seconds=up_time - seconds)


def _storable(value: str) -> str:
    return value.replace("\0", "\ufffd")
