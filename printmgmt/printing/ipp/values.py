"""Single values of IPP attributes and their bytes (RFC 8010 §3.9). A value whose syntax we do not know stays
bytes.
"""

import struct
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from enum import IntEnum
from typing import Any, NamedTuple


class Tag(IntEnum):
    """Value tags with a meaning of their own, RFC 8010 §3.5.2. Any other tag from 0x10 on is possible, with
    bytes as its value.
    """

    UNSUPPORTED = 0x10
    UNKNOWN = 0x12
    NO_VALUE = 0x13
    INTEGER = 0x21
    BOOLEAN = 0x22
    ENUM = 0x23
    OCTETS = 0x30
    DATE_TIME = 0x31
    RESOLUTION = 0x32
    RANGE = 0x33
    BEGIN_COLLECTION = 0x34
    TEXT_WITH_LANGUAGE = 0x35
    NAME_WITH_LANGUAGE = 0x36
    END_COLLECTION = 0x37
    TEXT = 0x41
    NAME = 0x42
    KEYWORD = 0x44
    URI = 0x45
    URI_SCHEME = 0x46
    CHARSET = 0x47
    NATURAL_LANGUAGE = 0x48
    MIME_TYPE = 0x49
    MEMBER_NAME = 0x4A


class Range(NamedTuple):
    lower: int
    upper: int


class Resolution(NamedTuple):
    """`units`: 3 dots per inch, 4 dots per centimeter."""

    across: int
    feed: int
    units: int


class WithLanguage(NamedTuple):
    language: str
    text: str


class Value(NamedTuple):
    """One value as its tag says it.

    `int` for integer and enum, `bool`, `str` for every kind of text, `WithLanguage`, `Range`, `Resolution`,
    an aware `datetime`, the list of its members (`Attribute`) for a collection, `None` for out-of-band values
    (0x10–0x1f: unknown, no-value, …), else `bytes`. A date that no calendar has, as printers send whose clock
    is not set, is `bytes` too.
    """

    tag: int
    value: Any


class Attribute(NamedTuple):
    """A name with at least one value. An attribute that comes twice in a group is two of these."""

    name: str
    values: list[Value]


class Malformed(ValueError):
    """Bytes that are no such value."""


def _exactly(layout: str) -> Callable[[bytes], tuple[Any, ...]]:
    unpacker = struct.Struct(layout)

    def unpack(raw: bytes) -> tuple[Any, ...]:
        if len(raw) != unpacker.size:
            raise Malformed(f"{len(raw)} bytes where {unpacker.size} were due")
        return unpacker.unpack(raw)

    return unpack


_integer = _exactly(">i")
_range = _exactly(">ii")
_resolution = _exactly(">iib")
_date_time = _exactly(">HBBBBBBcBB")


def _read_integer(raw: bytes) -> int:
    return int(_integer(raw)[0])


def _read_boolean(raw: bytes) -> bool:
    if raw not in (b"\0", b"\1"):
        raise Malformed("a boolean that is neither true nor false")
    return raw == b"\1"


def _read_text(raw: bytes) -> str:
    # A document's title can have any bytes; one that is not UTF-8 must not cost the whole answer.
    return raw.decode(errors="replace")


def _read_date_time(raw: bytes) -> datetime | bytes:
    year, month, day, hour, minute, second, tenths, sign, hours, minutes = _date_time(raw)
    try:
        offset = timedelta(hours=hours, minutes=minutes) * {b"+": 1, b"-": -1}[sign]
        return datetime(year, month, day, hour, minute, second, tenths * 100_000, timezone(offset))
    except (ValueError, KeyError):
        return raw


def _write_date_time(value: datetime | bytes) -> bytes:
    if isinstance(value, bytes):
        return value
    offset = value.utcoffset()
    if offset is None:
        raise ValueError("an IPP date needs a time zone")
    sign = b"-" if offset < timedelta(0) else b"+"
    hours, minutes = divmod(abs(offset) // timedelta(minutes=1), 60)
    date, time = value.timetuple()[:3], value.timetuple()[3:6]
    return struct.pack(">HBBBBBBcBB", *date, *time, value.microsecond // 100_000, sign, hours, minutes)


def _read_with_language(raw: bytes) -> WithLanguage:
    language, rest = _split(raw)
    text, rest = _split(rest)
    if rest:
        raise Malformed("more than a language and a text")
    return WithLanguage(_read_text(language), _read_text(text))


def _split(raw: bytes) -> tuple[bytes, bytes]:
    end = 2 + int.from_bytes(raw[:2])
    if len(raw) < max(end, 2):
        raise Malformed("a text shorter than it says")
    return raw[2:end], raw[end:]


def _write_with_language(value: WithLanguage) -> bytes:
    return b"".join(struct.pack(">H", len(part.encode())) + part.encode() for part in value)


def _read_out_of_band(raw: bytes) -> bytes | None:
    return raw or None


_TEXT = (
    Tag.TEXT,
    Tag.NAME,
    Tag.KEYWORD,
    Tag.URI,
    Tag.URI_SCHEME,
    Tag.CHARSET,
    Tag.NATURAL_LANGUAGE,
    Tag.MIME_TYPE,
)

_READERS: dict[int, Callable[[bytes], Any]] = {
    Tag.INTEGER: _read_integer,
    Tag.BOOLEAN: _read_boolean,
    Tag.ENUM: _read_integer,
    Tag.DATE_TIME: _read_date_time,
    Tag.RESOLUTION: lambda raw: Resolution(*_resolution(raw)),
    Tag.RANGE: lambda raw: Range(*_range(raw)),
    Tag.TEXT_WITH_LANGUAGE: _read_with_language,
    Tag.NAME_WITH_LANGUAGE: _read_with_language,
    **dict.fromkeys(_TEXT, _read_text),
    **dict.fromkeys(range(0x10, 0x20), _read_out_of_band),
}

_WRITERS: dict[int, Callable[[Any], bytes]] = {
    Tag.INTEGER: struct.Struct(">i").pack,
    Tag.BOOLEAN: struct.Struct(">?").pack,
    Tag.ENUM: struct.Struct(">i").pack,
    Tag.DATE_TIME: _write_date_time,
    Tag.RESOLUTION: lambda value: struct.pack(">iib", *value),
    Tag.RANGE: lambda value: struct.pack(">ii", *value),
    Tag.TEXT_WITH_LANGUAGE: _write_with_language,
    Tag.NAME_WITH_LANGUAGE: _write_with_language,
    **dict.fromkeys(_TEXT, str.encode),
    **dict.fromkeys(range(0x10, 0x20), lambda value: value or b""),
}


def read_value(tag: int, raw: bytes) -> Value:
    """Return the value of these bytes. Raises `Malformed` if the syntax of the tag does not fit them."""
    reader = _READERS.get(tag)
    return Value(tag, reader(raw) if reader else raw)


def write_value(value: Value) -> bytes:
    """Return the bytes of a value that is no collection. Raises `ValueError` or `TypeError` if data and tag
    do not fit.
    """
    writer = _WRITERS.get(value.tag)
    try:
        return writer(value.value) if writer else bytes(value.value)
    except struct.error as error:
        raise ValueError(f"no value of tag {value.tag:#04x}: {value.value!r}") from error
