"""Bodies that would make a parser, a database or a renderer fail are refused first, as SCIM errors."""

import json

import pytest

from scim_sync.protocol import limits
from scim_sync.protocol.errors import InvalidSyntax, InvalidValue, PayloadTooLarge
from tests.scim_sync.protocol.helpers import comparison_key


def _nested(depth: int) -> bytes:
    return b'{"a":' * depth + b"1" + b"}" * depth


def test_object_is_returned_as_it_was_written():
    body = '{"userName": "Zoë", "n": 9223372036854775807, "f": 1.5, "l": [true, null]}'
    assert limits.parse_json(body.encode()) == json.loads(body)


def test_last_of_a_repeated_name_wins():
    assert limits.parse_json(b'{"a": 1, "a": 2}') == {"a": 2}


def test_byte_order_mark_is_no_obstacle():
    assert limits.parse_json(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


@pytest.mark.rfc("7644", "3.12")
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b"[]",
        b'"x"',
        b"1",
        b"null",
        b"{'a': 1}",
        b'{"a": 1,}',
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": "\xff"}',
        '{"a": 1}'.encode("utf-16"),
        b'{"a": "\n"}',
        b'{"a":' + b"9" * 5000 + b"}",
    ],
)
def test_what_is_no_json_object_is_invalid_syntax(body):
    with pytest.raises(InvalidSyntax):
        limits.parse_json(body)


def test_depth_ends_at_32():
    assert limits.parse_json(_nested(limits.MAX_NESTING))
    with pytest.raises(InvalidSyntax, match="32"):
        limits.parse_json(_nested(limits.MAX_NESTING + 1))


@pytest.mark.timeout(120)
@pytest.mark.parametrize("body", [_nested(10_000), b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}"])
def test_very_deep_json_is_refused_at_once_without_recursion_error(body):
    with pytest.raises(InvalidSyntax):
        limits.parse_json(body)


def test_depth_of_a_value_from_elsewhere_is_measured_without_recursion():
    deep: dict[str, object] = {}
    for _ in range(5000):
        deep = {"a": deep}
    with pytest.raises(InvalidSyntax):
        limits.check_document(deep)


def test_body_above_the_limit_is_too_large():
    body = b'{"a": "' + b"x" * limits.MAX_BODY_BYTES + b'"}'
    with pytest.raises(PayloadTooLarge):
        limits.parse_json(body)


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (rb'{"title": "a\u0000b"}', "title: text"),
        (rb'{"emails": [{"value": "\ud800"}]}', "value: text"),
        (rb'{"a\u0000": 1}', "a name: text"),
        (b'{"count": 1e999}', "count: the number"),
        (b'{"count": 9223372036854775808}', "count: the number"),
        (b'{"count": -9223372036854775809}', "count: the number"),
        (b'{"title": "' + b"x" * 4097 + b'"}', "title: 4097 characters, 4096"),
        (b'{"' + b"x" * 4097 + b'": 1}', "a name: 4097"),
    ],
)
def test_values_no_database_holds_are_refused_by_name(body, named):
    with pytest.raises(InvalidValue) as caught:
        limits.parse_json(body)
    assert caught.value.detail.startswith(named)


def test_characters_outside_the_basic_plane_are_welcome():
    assert limits.parse_json(rb'{"title": "\ud83d\ude00"}') == {"title": "😀"}


def test_indexed_text_ends_at_512_characters_and_its_key_at_2048_bytes():
    limits.check_indexed("x" * 512, "userName", comparison_key)
    with pytest.raises(InvalidValue, match="513 characters"):
        limits.check_indexed("x" * 513, "userName", comparison_key)
    # U+FDFA becomes 18 characters of two bytes each under NFKC.
    with pytest.raises(InvalidValue, match="2048 bytes"):
        limits.check_indexed("\ufdfa" * 200, "userName", comparison_key)


@pytest.mark.parametrize(
    ("text", "measured"),
    [
        ('userName eq "a"', (0, 1)),
        ('(a eq "x") and (b eq "y")', (1, 2)),
        ('a eq "((([" or b pr', (0, 2)),
        (r'a eq "\"((" and b pr', (0, 2)),
        ('a eq "((', (0, 1)),
        ('emails[type eq "work" AND value pr]', (1, 2)),
        ("not (not (a pr))", (2, 1)),
        ("android eq orange", (0, 1)),
    ],
)
def test_expressions_are_measured_outside_their_literals(text, measured):
    assert limits.measure_expression(text) == measured


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "text", ["(" * 100_000, '"' * 99_999, '\\"' * 50_000, '"' + "\\" * 99_999, "and " * 25_000]
)
def test_measuring_a_hostile_expression_comes_to_an_end(text):
    nesting, operands = limits.measure_expression(text)
    assert nesting <= len(text)
    assert operands <= len(text)
