"""`ipptool`, that is libcups, reads what our codec writes."""

from datetime import datetime, timedelta, timezone
from typing import Any

from demo.ipptool import Group as Judged
from demo.ipptool import request
from printmgmt.printing.ipp.codec import Attribute, Group, Value
from printmgmt.printing.ipp.values import Range, Resolution, Tag, WithLanguage
from tests.printmgmt.printing.ipp.serving import Server, ipp

MOMENT = datetime(2026, 2, 3, 4, 5, 6, 700_000, tzinfo=timezone(-timedelta(hours=3, minutes=30)))
PAPER = [
    Attribute("copies", [Value(Tag.INTEGER, 1), Value(Tag.INTEGER, 2)]),
    Attribute("size", [Value(Tag.BEGIN_COLLECTION, [Attribute("name", [Value(Tag.KEYWORD, "a4")])])]),
]

# Attribute, its values, what ipptool says they are.
WRITTEN: list[tuple[str, list[Value], Any]] = [
    ("integers", [Value(Tag.INTEGER, -5), Value(Tag.INTEGER, 2**31 - 1)], [-5, 2**31 - 1]),
    ("booleans", [Value(Tag.BOOLEAN, True), Value(Tag.BOOLEAN, False)], [True, False]),
    ("enum", [Value(Tag.ENUM, 77)], 77),
    ("octets", [Value(Tag.OCTETS, b"ab\xff")], "YWL/"),
    ("date", [Value(Tag.DATE_TIME, MOMENT)], "2026-02-03T07:35:06Z"),
    (
        "resolution",
        [Value(Tag.RESOLUTION, Resolution(300, 600, 3))],
        {"xres": 300, "yres": 600, "units": "dpi"},
    ),
    ("range", [Value(Tag.RANGE, Range(-1, 9))], {"lower": -1, "upper": 9}),
    (
        "text-in-french",
        [Value(Tag.TEXT_WITH_LANGUAGE, WithLanguage("fr", "été"))],
        {"language": "fr", "string": "été"},
    ),
    (
        "name-in-german",
        [Value(Tag.NAME_WITH_LANGUAGE, WithLanguage("de", "süß"))],
        {"language": "de", "string": "süß"},
    ),
    ("texts", [Value(Tag.TEXT, "x & <y>"), Value(Tag.TEXT, "")], ["x & <y>", ""]),
    ("name", [Value(Tag.NAME, "山田 太郎")], "山田 太郎"),
    ("keyword", [Value(Tag.KEYWORD, "none")], "none"),
    ("uri", [Value(Tag.URI, "ipp://localhost/")], "ipp://localhost/"),
    ("scheme", [Value(Tag.URI_SCHEME, "ipp")], "ipp"),
    ("charset", [Value(Tag.CHARSET, "utf-8")], "utf-8"),
    ("language", [Value(Tag.NATURAL_LANGUAGE, "en")], "en"),
    ("mime-type", [Value(Tag.MIME_TYPE, "text/plain")], "text/plain"),
    (
        "collections",
        [Value(Tag.BEGIN_COLLECTION, PAPER), Value(Tag.BEGIN_COLLECTION, [])],
        [{"copies": [1, 2], "size": {"name": "a4"}}, {}],
    ),
    ("unknown", [Value(Tag.UNKNOWN, None)], "<<unknown>>"),
    ("no-value", [Value(Tag.NO_VALUE, None)], "<<no-value>>"),
    ("unsupported", [Value(Tag.UNSUPPORTED, None)], "<<unsupported>>"),
    ("owner", [Value(Tag.NAME, "alice")], "alice"),
    ("owner", [Value(Tag.NAME, "bob")], "bob"),
]


def plain(value: Any) -> Any:
    if isinstance(value, Judged):
        return {name: plain(inner) for name, inner in value.attributes}
    return [plain(inner) for inner in value] if isinstance(value, list) else value


def test_ipptool_reads_every_kind_of_value():
    printer = Group(4, [Attribute(name, values) for name, values, _ in WRITTEN])
    subscription = Group(6, [Attribute("notify-subscription-id", [Value(Tag.INTEGER, 3)])])
    document = Group(9, [Attribute("document-number", [Value(Tag.INTEGER, 4)])])

    with Server(lambda request, _: ipp(request, printer, subscription, document)) as server:
        answer = request(f"{server.address}", "Get-Printer-Attributes", ("uri printer-uri ipp://localhost/",))

    assert answer.status == "successful-ok"
    first, second, third = answer.groups
    assert [(name, plain(value)) for name, value in first.attributes] == [
        (name, expected) for name, _, expected in WRITTEN
    ]
    assert second.attributes == [("notify-subscription-id", 3)]
    assert third.attributes == [("document-number", 4)]
