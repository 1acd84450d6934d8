"""Messages and their bytes (RFC 8010 §3.1). Nothing is lost: order, empty groups, attributes that come twice,
unknown tags.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from printmgmt.printing.ipp.errors import BadAnswer
from printmgmt.printing.ipp.values import Attribute, Malformed, Tag, Value, read_value, write_value

__all__ = ["END_OF_ATTRIBUTES", "Attribute", "Group", "Message", "Value", "decode", "encode"]

END_OF_ATTRIBUTES = 0x03
FIRST_VALUE_TAG = 0x10
LONGEST_FIELD = 32767  # Lengths are SIGNED-SHORT.
DEEPEST_COLLECTION = 16
MOST_VALUES = 1_000_000  # 32 MiB of empty values would otherwise become 7 million objects.

_TAG_AND_LENGTH = struct.Struct(">Bh").unpack_from
_LENGTH = struct.Struct(">h").unpack_from
_OF_COLLECTIONS = frozenset(map(int, [Tag.BEGIN_COLLECTION, Tag.END_COLLECTION, Tag.MEMBER_NAME]))


class Group(NamedTuple):
    """Attributes below one delimiter tag: 1 operation, 2 job, 4 printer, 5 unsupported, others up to 15."""

    tag: int
    attributes: list[Attribute]

    def values(self, name: str) -> list[Value]:
        """Return the values of every attribute of that name, in their order."""
        return [
            value for attribute in self.attributes if attribute.name == name for value in attribute.values
        ]


class Message(NamedTuple):
    """A request, whose `code` is an operation, or an answer, whose `code` is a status."""

    version: tuple[int, int]
    code: int
    request_id: int
    groups: list[Group]


def encode(message: Message, data: bytes = b"") -> bytes:
    """Return the message as bytes, with a document after it. Raises `ValueError` if it cannot be IPP."""
    parts = [struct.pack(">BBHi", *message.version, message.code, message.request_id)]
    for group in message.groups:
        if not 0 < group.tag < FIRST_VALUE_TAG or group.tag == END_OF_ATTRIBUTES:
            raise ValueError(f"no tag of a group: {group.tag:#04x}")
        parts.append(bytes([group.tag]))
        for attribute in group.attributes:
            _write(parts, attribute)
    parts.append(bytes([END_OF_ATTRIBUTES]))
    parts.append(data)
    return b"".join(parts)


def _write(parts: list[bytes], attribute: Attribute) -> None:
    name = attribute.name.encode()
    if not name or not attribute.values:
        raise ValueError(f"an attribute needs a name and a value: {attribute!r}")
    for value in attribute.values:
        _write_value(parts, name, value)
        name = b""


def _write_value(parts: list[bytes], name: bytes, value: Value) -> None:
    if value.tag in (Tag.END_COLLECTION, Tag.MEMBER_NAME):
        raise ValueError(f"a piece of a collection is no value: {value!r}")
    if value.tag != Tag.BEGIN_COLLECTION:
        _write_field(parts, value.tag, name, write_value(value))
        return
    _write_field(parts, value.tag, name, b"")
    for member in value.value:
        if not member.name or not member.values:
            raise ValueError(f"a member needs a name and a value: {member!r}")
        _write_field(parts, Tag.MEMBER_NAME, b"", member.name.encode())
        for inner in member.values:
            _write_value(parts, b"", inner)
    _write_field(parts, Tag.END_COLLECTION, b"", b"")


def _write_field(parts: list[bytes], tag: int, name: bytes, raw: bytes) -> None:
    if not FIRST_VALUE_TAG <= tag <= 0xFF or max(len(name), len(raw)) > LONGEST_FIELD:
        raise ValueError(f"no IPP field: tag {tag:#04x}, {len(name)} and {len(raw)} bytes")
    parts.append(struct.pack(">BH", tag, len(name)) + name + struct.pack(">H", len(raw)) + raw)


def decode(raw: bytes) -> Message:
    """Return the message at the beginning of these bytes; a document after it is left alone.

    Raises `BadAnswer` for anything that is not IPP, and for more than a million values or 16 collections in
    one another.
    """
    try:
        major, minor, code, request_id = struct.unpack_from(">BBHi", raw)
        return Message((major, minor), code, request_id, _Reader(raw).groups())
    except (struct.error, IndexError, Malformed) as error:
        raise BadAnswer(technical=f"IPP cannot be decoded: {error}") from None


class _Reader:
    """Reads fields one after another, from byte 8 on."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.at = 8
        self.fields = 0

    def groups(self) -> list[Group]:
        groups: list[Group] = []
        while (tag := self.raw[self.at]) != END_OF_ATTRIBUTES:
            if tag == 0:
                raise Malformed("the reserved group 0x00")
            if tag < FIRST_VALUE_TAG:
                groups.append(Group(tag, []))
                self.at += 1
                continue
            if not groups:
                raise Malformed("an attribute before the first group")
            tag, name, raw = self.field()
            attributes = groups[-1].attributes
            if name:
                attributes.append(Attribute(name.decode(errors="replace"), []))
            elif not attributes:
                raise Malformed("a value without an attribute")
            attributes[-1].values.append(self.value(tag, raw, 0))
        return groups

    def field(self) -> tuple[int, bytes, bytes]:
        """Take one field: tag, name, value."""
        self.fields += 1
        if self.fields > MOST_VALUES:
            raise Malformed("too many values")
        tag, name_length = _TAG_AND_LENGTH(self.raw, self.at)
        name_at = self.at + 3
        value_at = name_at + name_length + 2
        (value_length,) = _LENGTH(self.raw, value_at - 2)
        self.at = value_at + value_length
        if name_length < 0 or value_length < 0 or self.at > len(self.raw):
            raise Malformed("a length that leads outside")
        return tag, self.raw[name_at : value_at - 2], self.raw[value_at : self.at]

    def value(self, tag: int, raw: bytes, depth: int) -> Value:
        if tag not in _OF_COLLECTIONS:
            return read_value(tag, raw)
        if tag != Tag.BEGIN_COLLECTION:
            raise Malformed("a piece of a collection outside of one")
        if depth >= DEEPEST_COLLECTION:
            raise Malformed("collections too deep in one another")
        return Value(tag, list(self.members(depth + 1)))

    def members(self, depth: int) -> Iterator[Attribute]:
        """RFC 8010 §3.1.6: each member is its name as a value of its own, then its values."""
        member: Attribute | None = None
        while True:
            if self.raw[self.at] < FIRST_VALUE_TAG:
                raise Malformed("a collection without an end")
            tag, name, raw = self.field()
            if name:
                raise Malformed("a member with the name of an attribute")
            if tag in (Tag.END_COLLECTION, Tag.MEMBER_NAME):
                if member is not None:
                    if not member.values:
                        raise Malformed("a member without a value")
                    yield member
                if tag == Tag.END_COLLECTION:
                    return
                if not raw:
                    raise Malformed("a member without a name")
                member = Attribute(raw.decode(errors="replace"), [])
            elif member is None:
                raise Malformed("a value before the first member")
            else:
                member.values.append(self.value(tag, raw, depth))
