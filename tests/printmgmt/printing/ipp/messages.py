"""Hypothesis strategies for IPP messages: every value tag, nested collections, known and unknown groups."""

from datetime import datetime, timedelta, timezone

from hypothesis import strategies as st

from printmgmt.printing.ipp.codec import Attribute, Group, Message, Value
from printmgmt.printing.ipp.values import Range, Resolution, Tag, WithLanguage

integers = st.integers(-(2**31), 2**31 - 1)
texts = st.text(max_size=20)
names = st.text(min_size=1, max_size=10)
zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(min_value=datetime(1, 1, 1), timezones=zones).map(
    lambda moment: moment.replace(microsecond=moment.microsecond // 100_000 * 100_000)
)

TEXT_TAGS = [
    *(Tag.TEXT, Tag.NAME, Tag.KEYWORD, Tag.URI),
    *(Tag.URI_SCHEME, Tag.CHARSET, Tag.NATURAL_LANGUAGE, Tag.MIME_TYPE),
]
# Tags without a meaning, or that are bytes by their meaning: octetString, reserved ones, the extension tag.
OPAQUE_TAGS = sorted(set(range(0x20, 0x100)) - set(Tag) | {Tag.OCTETS})

plain_values = st.one_of(
    st.builds(Value, st.sampled_from([Tag.INTEGER, Tag.ENUM]), integers),
    st.builds(Value, st.just(Tag.BOOLEAN), st.booleans()),
    st.builds(Value, st.just(Tag.DATE_TIME), moments),
    st.builds(Value, st.just(Tag.RANGE), st.builds(Range, integers, integers)),
    st.builds(
        Value, st.just(Tag.RESOLUTION), st.builds(Resolution, integers, integers, st.integers(-128, 127))
    ),
    st.builds(
        Value,
        st.sampled_from([Tag.TEXT_WITH_LANGUAGE, Tag.NAME_WITH_LANGUAGE]),
        st.builds(WithLanguage, texts, texts),
    ),
    st.builds(Value, st.sampled_from(TEXT_TAGS), texts),
    st.builds(Value, st.integers(0x10, 0x1F), st.none() | st.binary(min_size=1, max_size=20)),
    st.builds(Value, st.sampled_from(OPAQUE_TAGS), st.binary(max_size=60)),
)


def attributes(values: st.SearchStrategy[Value]) -> st.SearchStrategy[Attribute]:
    return st.builds(Attribute, names, st.lists(values, min_size=1, max_size=3))


values = st.recursive(
    plain_values,
    lambda inner: st.builds(
        Value, st.just(Tag.BEGIN_COLLECTION), st.lists(attributes(inner | plain_values), max_size=3)
    ),
    max_leaves=6,
)
group_tags = st.integers(0x01, 0x0F).filter(lambda tag: tag != 0x03)
messages = st.builds(
    Message,
    st.tuples(st.integers(0, 255), st.integers(0, 255)),
    st.integers(0, 0xFFFF),
    integers,
    st.lists(st.builds(Group, group_tags, st.lists(attributes(values), max_size=3)), max_size=3),
)
