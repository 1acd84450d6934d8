"""The key function: one comparison for every name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printmgmt.people.names import is_storable, name_key


@given(st.text())
def test_key_of_a_key_is_the_key(text: str) -> None:
    assert name_key(name_key(text)) == name_key(text)


@given(st.text())
def test_key_does_not_depend_on_letter_case(text: str) -> None:
    assert name_key(text.casefold()) == name_key(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada", "ADA"),
        ("straße", "STRASSE"),
        ("ſ", "s"),
        ("\u212a", "k"),  # KELVIN SIGN
        ("ａｄａ", "ada"),  # noqa: RUF001 -- full width on purpose
        ("ﬁona", "FIONA"),
        ("e\u0301", "é"),
        ("ΣΊΣΥΦΟΣ", "σίσυφοσ"),
    ],
)
def test_same_name(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("mıke", "mike"),  # Django CVE-2019-19844
        ("i̇", "i"),
        ("İ", "i"),
        ("é", "e"),
        ("ada\u200b", "ada"),
    ],
)
def test_not_the_same_name(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize("text", ["\0", "a\0b", "\ud800", "a\udfffb"])
def test_what_no_database_keeps_is_not_storable(text: str) -> None:
    assert not is_storable(text)


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_everything_else_is_storable(text: str) -> None:
    assert is_storable(text)
