"""startIndex and count (RFC 7644 §3.4.2.4)."""

import pytest

from scim_sync.protocol.errors import InvalidValue
from scim_sync.protocol.paging import Page, parse_page


@pytest.mark.rfc("7644", "3.4.2.4")
@pytest.mark.parametrize(
    ("start_index", "count", "page"),
    [
        (None, None, Page(1, 100)),
        ("", "", Page(1, 100)),
        ("6", "5", Page(6, 5)),
        (6, 5, Page(6, 5)),
        ("0", "0", Page(1, 0)),
        ("-3", "-1", Page(1, 0)),
        (" 2 ", "+3", Page(2, 3)),
        ("1", "1001", Page(1, 1000)),
        ("1", "9" * 4000, Page(1, 1000)),
        ("1" + "0" * 30, "1", Page(2**53 - 1, 1)),
        (10**30, 1, Page(2**53 - 1, 1)),
    ],
)
def test_numbers_are_brought_into_range(start_index, count, page):
    assert parse_page(start_index, count) == page


@pytest.mark.parametrize("value", ["x", "1.5", "1e3", "1_000", "٣", "0x10", "9" * 5000, True, 1.5, [], {}])
def test_what_is_no_integer_is_an_invalid_value_naming_the_parameter(value):
    with pytest.raises(InvalidValue, match="count: "):
        parse_page(None, value)
    with pytest.raises(InvalidValue, match="startIndex: "):
        parse_page(value, None)


def test_window_is_a_slice_that_any_database_takes():
    assert parse_page("11", "5").window == slice(10, 15)
    assert parse_page("9" * 40, "1000").window.stop < 2**63
