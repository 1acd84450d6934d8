"""The bytes of IPP messages: nothing is lost out and back; bad bytes do nothing but `BadAnswer`."""

import struct
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printmgmt.printing.ipp import codec
from printmgmt.printing.ipp.codec import Attribute, Group, Message, Value, decode, encode
from printmgmt.printing.ipp.errors import BadAnswer
from printmgmt.printing.ipp.values import Tag
from tests.printmgmt.printing.ipp.messages import messages


@given(messages, st.binary(max_size=50))
def test_a_message_comes_back_as_it_was(message, document):
    assert decode(encode(message, document)) == message


@given(messages)
def test_the_bytes_of_what_was_read_are_the_same(message):
    raw = encode(message)

    assert encode(decode(raw)) == raw


def test_an_attribute_that_comes_twice_is_kept_twice_in_its_order():
    owner = "job-originating-user-name"
    forged = [Attribute(owner, [Value(Tag.NAME, "alice")]), Attribute(owner, [Value(Tag.NAME, "bob")])]

    group = decode(encode(Message((1, 1), 0, 7, [Group(2, forged)]))).groups[0]

    assert group.attributes == forged
    assert [value.value for value in group.values(owner)] == ["alice", "bob"]


@given(messages, st.data())
def test_a_message_cut_short_is_a_bad_answer(message, data):
    raw = encode(message)
    cut = data.draw(st.integers(0, len(raw) - 1))

    with pytest.raises(BadAnswer):
        decode(raw[:cut])


@given(messages, st.data())
def test_changed_bytes_are_a_message_or_a_bad_answer(message, data):
    raw = bytearray(encode(message))
    for _ in range(data.draw(st.integers(1, 8))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))

    _decode_or_bad_answer(bytes(raw))


@given(st.binary(max_size=300))
def test_any_bytes_are_a_message_or_a_bad_answer(raw):
    _decode_or_bad_answer(raw)
    _decode_or_bad_answer(struct.pack(">BBHi", 1, 1, 0, 1) + raw)


def _decode_or_bad_answer(raw: bytes) -> None:
    try:
        message = decode(raw)
    except BadAnswer:
        return
    # What could be read can be written: nothing half-understood is handed on.
    assert decode(encode(message)) == message


HEADER = struct.pack(">BBHi", 1, 1, 0, 1)


def field(tag: int, name: bytes, raw: bytes) -> bytes:
    return struct.pack(">BH", tag, len(name)) + name + struct.pack(">H", len(raw)) + raw


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="no end of attributes"),
        pytest.param(b"\x00\x03", id="reserved group"),
        pytest.param(field(0x21, b"job-id", bytes(4)) + b"\x03", id="attribute before a group"),
        pytest.param(b"\x02" + field(0x21, b"", bytes(4)) + b"\x03", id="value without attribute"),
        pytest.param(b"\x02" + field(0x21, b"job-id", bytes(3)) + b"\x03", id="integer of three bytes"),
        pytest.param(b"\x02" + field(0x22, b"flag", b"\x02") + b"\x03", id="boolean of two"),
        pytest.param(b"\x02" + field(0x33, b"range", bytes(7)) + b"\x03", id="half a range"),
        pytest.param(
            b"\x02" + field(0x36, b"name", b"\x00\x09en") + b"\x03", id="language longer than the value"
        ),
        pytest.param(
            b"\x02" + field(0x36, b"name", b"\x00\x00\x00\x00!") + b"\x03", id="rest after the text"
        ),
        pytest.param(b"\x02" + field(0x36, b"name", b"\x00") + b"\x03", id="half a length"),
        pytest.param(b"\x02\x21\xff\xff", id="negative length of a name"),
        pytest.param(b"\x02\x21\x00\x01a\x80\x00", id="negative length of a value"),
        pytest.param(b"\x02\x21\x7f\xffa", id="name beyond the end"),
        pytest.param(b"\x02" + field(0x37, b"media-col", b"") + b"\x03", id="end of no collection"),
        pytest.param(b"\x02" + field(0x4A, b"media-col", b"x") + b"\x03", id="member of no collection"),
        pytest.param(b"\x02" + field(0x34, b"media-col", b"") + b"\x03", id="collection without an end"),
        pytest.param(
            b"\x02" + field(0x34, b"c", b"") + field(0x21, b"", bytes(4)) + field(0x37, b"", b"") + b"\x03",
            id="value before the first member",
        ),
        pytest.param(
            b"\x02" + field(0x34, b"c", b"") + field(0x4A, b"", b"m") + field(0x37, b"", b"") + b"\x03",
            id="member without a value",
        ),
        pytest.param(
            b"\x02" + field(0x34, b"c", b"") + field(0x4A, b"", b"") + field(0x37, b"", b"") + b"\x03",
            id="member without a name",
        ),
        pytest.param(
            b"\x02" + field(0x34, b"c", b"") + field(0x21, b"x", bytes(4)) + field(0x37, b"", b"") + b"\x03",
            id="attribute inside a collection",
        ),
    ],
)
def test_malformed_bytes_are_a_bad_answer(body):
    with pytest.raises(BadAnswer):
        decode(HEADER + body)


def test_collections_nested_without_end_are_a_bad_answer():
    deep = field(0x34, b"c", b"") + (field(0x4A, b"", b"m") + field(0x34, b"", b"")) * 20_000

    with pytest.raises(BadAnswer, match="cannot make sense"):
        decode(HEADER + b"\x02" + deep + b"\x03")


def test_more_values_than_a_server_can_mean_are_a_bad_answer(monkeypatch):
    """32 MiB of empty values are 7 million objects."""
    monkeypatch.setattr(codec, "MOST_VALUES", 1000)
    values = field(0x13, b"a", b"") + field(0x13, b"", b"") * 999
    decode(HEADER + b"\x02" + values + b"\x03")

    raw = HEADER + b"\x02" + values + field(0x13, b"", b"") + b"\x03"

    with pytest.raises(BadAnswer) as caught:
        decode(raw)
    assert "too many values" in caught.value.technical


def test_a_date_that_no_calendar_has_does_not_cost_the_answer():
    unset_clock = bytes(8) + b"+" + bytes(2)

    message = decode(HEADER + b"\x04" + field(0x31, b"printer-current-time", unset_clock) + b"\x03")

    assert message.groups[0].values("printer-current-time") == [Value(Tag.DATE_TIME, unset_clock)]


def test_a_text_that_is_not_utf_8_does_not_cost_the_answer():
    message = decode(HEADER + b"\x02" + field(0x42, b"job-name", b"R\xe9sum\xe9") + b"\x03")

    assert message.groups[0].values("job-name")[0].value == "R�sum�"


@pytest.mark.parametrize(
    "attribute",
    [
        Attribute("", [Value(Tag.INTEGER, 1)]),
        Attribute("empty", []),
        Attribute("big", [Value(Tag.INTEGER, 2**31)]),
        Attribute("long", [Value(Tag.TEXT, "x" * 32768)]),
        Attribute("x" * 32768, [Value(Tag.INTEGER, 1)]),
        Attribute("naive", [Value(Tag.DATE_TIME, datetime(2026, 1, 1))]),
        Attribute("piece", [Value(Tag.END_COLLECTION, b"")]),
        Attribute("tag", [Value(0x04, b"")]),
        Attribute("collection", [Value(Tag.BEGIN_COLLECTION, [Attribute("member", [])])]),
        Attribute("surrogate", [Value(Tag.NAME, "\ud800")]),
    ],
    ids=lambda attribute: attribute.name[:10],
)
def test_what_has_no_form_as_ipp_is_not_written(attribute):
    with pytest.raises(ValueError, match=r"."):
        encode(Message((1, 1), 0, 1, [Group(1, [attribute])]))


@pytest.mark.parametrize("tag", [0x00, 0x03, 0x10])
def test_a_group_has_a_tag_of_a_group(tag):
    with pytest.raises(ValueError, match="no tag of a group"):
        encode(Message((1, 1), 0, 1, [Group(tag, [])]))
