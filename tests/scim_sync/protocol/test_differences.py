"""The log tells what became of each value of a list, also of two that are of one type."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scim_sync.protocol.differences import Difference, differences
from tests.scim_sync.protocol.helpers import ENTERPRISE

VALUE = 'phoneNumbers[type eq "work"].value'
TYPE = 'phoneNumbers[type eq "work"].type'


def phone(value, kind="work", **more):
    return {"type": kind, "value": value, **more}


def changes(before, after, name="phoneNumbers"):
    return differences({name: before}, {name: after})


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([phone("1"), phone("2")], [phone("9"), phone("2")], [(VALUE, "1", "9")]),
        ([phone("1"), phone("2")], [phone("1"), phone("9")], [(VALUE, "2", "9")]),
        ([phone("1"), phone("2")], [phone("8"), phone("9")], [(VALUE, "1", "8"), (VALUE, "2", "9")]),
        ([phone("1"), phone("2")], [phone("2")], [(TYPE, "work", None), (VALUE, "1", None)]),
        ([phone("1"), phone("2")], [phone("1")], [(TYPE, "work", None), (VALUE, "2", None)]),
        ([phone("1")], [phone("2"), phone("1")], [(TYPE, None, "work"), (VALUE, None, "2")]),
        ([phone("1"), phone("1")], [phone("1")], [(TYPE, "work", None), (VALUE, "1", None)]),
        ([phone("1"), phone("2")], [phone("2"), phone("1")], []),
        ([phone("1"), phone("2", "fax")], [phone("2", "fax"), phone("1")], []),
        (
            [phone("1"), phone("2")],
            [phone("2", primary=True), phone("3")],
            [('phoneNumbers[type eq "work"].primary', None, True), (VALUE, "1", "3")],
        ),
        ([phone("1")], [phone("1", "home")], [(TYPE, "work", "home")]),
        (
            [phone("1")],
            [phone("2", "home")],
            [
                ('phoneNumbers[type eq "home"].type', None, "home"),
                ('phoneNumbers[type eq "home"].value', None, "2"),
                (TYPE, "work", None),
                (VALUE, "1", None),
            ],
        ),
        (
            [{"value": "1"}, {"value": "2"}],
            [{"value": "1"}, {"value": "3"}],
            [("phoneNumbers[1].value", "2", "3")],
        ),
        ([{"value": "1"}], [phone("2")], [(TYPE, None, "work"), (VALUE, "1", "2")]),
        ([], [phone("1")], [(TYPE, None, "work"), (VALUE, None, "1")]),
    ],
)
def test_each_value_of_a_list_is_a_difference(before, after, expected):
    assert changes(before, after) == [Difference(*each) for each in expected]


def test_the_loss_of_one_of_two_work_addresses_is_a_difference():
    paris = {"type": "work", "locality": "Paris", "country": "FR"}
    rome = {"type": "work", "locality": "Rome", "country": "IT"}
    path = 'addresses[type eq "work"]'
    lost = [
        Difference(f"{path}.type", "work", None),
        Difference(f"{path}.locality", "Paris", None),
        Difference(f"{path}.country", "FR", None),
    ]
    assert changes([paris, rome], [rome], "addresses") == lost
    moved = changes([paris, rome], [paris, {**rome, "locality": "Milan"}], "addresses")
    assert moved == [Difference(f"{path}.locality", "Rome", "Milan")]


def test_single_values_and_extensions_are_named_by_their_path():
    before = {
        "title": "x",
        "name": {"givenName": "A"},
        ENTERPRISE: {"manager": {"value": "1"}},
        "tags": ["a"],
    }
    after = {
        "name": {"givenName": "B"},
        ENTERPRISE: {"department": "IT"},
        "active": False,
        "tags": ["b", "a"],
    }
    assert differences(before, after) == [
        Difference("name.givenName", "A", "B"),
        Difference(f"{ENTERPRISE}:department", None, "IT"),
        Difference(f"{ENTERPRISE}:manager.value", "1", None),
        Difference("active", None, False),
        Difference("tags[0]", None, "b"),
        Difference("title", "x", None),
    ]


elements = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["work", "home"]),
        "value": st.sampled_from(["1", "2", "3"]),
        "primary": st.booleans(),
    },
).filter(bool)


@settings(max_examples=300, deadline=None, database=None, derandomize=True)
@given(before=st.lists(elements, max_size=4), after=st.lists(elements, max_size=4))
def test_there_is_no_difference_exactly_where_the_same_values_are_there(before, after):
    def in_order(values):
        return sorted(values, key=lambda element: sorted(map(str, element.items())))

    assert (changes(before, after) == []) == (in_order(before) == in_order(after))
