"""What a list can be sorted by, and what its headings and its select say."""

import pytest
from django.http import QueryDict

from printmgmt.console.shell.columns import Column
from printmgmt.console.shell.list_checks import check_list, is_indexed
from printmgmt.console.shell.lists import GrowingListPage, ListPage
from printmgmt.console.shell.order import Sort
from printmgmt.console.shell.sorting import Sorting
from printmgmt.people.models import PrintUser

NAME = Column[PrintUser](
    "Person", str, sorts=[Sort("name", "display_name_key"), Sort("login", "user_name_key", "User name")]
)
SINCE = Column[PrintUser]("Since", str, sorts=[Sort("state_since")])
SOURCE = Column[PrintUser]("Source", str)


def sorting(query: str, *own: str) -> Sorting:
    people = PrintUser.objects.order_by(*(own or ("display_name_key", "id")))
    return Sorting([NAME, SOURCE, SINCE], lambda: people, QueryDict(query))


def links(query: str, *own: str) -> dict[str, tuple[str | None, str]]:
    """What each link of the headings says in the address, and the order now."""
    headings = sorting(query, *own).headings
    return {str(link.label): (link.value, link.aria) for heading in headings for link in heading.links}


def test_the_lists_own_order_is_not_in_the_address() -> None:
    assert links("") == {
        "Person": ("-name", "ascending"),
        "User name": ("login", ""),
        "Since": ("-state_since", ""),
    }
    assert links("sort=-name")["Person"] == (None, "descending")
    assert sorting("sort=name").value == ""


def test_moments_begin_with_the_newest_and_the_same_heading_turns_the_order() -> None:
    assert links("sort=-state_since") == {
        "Person": (None, ""),
        "User name": ("login", ""),
        "Since": ("state_since", "descending"),
    }


def test_a_list_in_an_order_that_no_heading_offers_has_no_arrow() -> None:
    assert links("", "-created_at")["Person"] == ("name", "")
    assert sorting("", "-created_at").options[0] == ("", "Default order")


def test_the_select_names_every_order() -> None:
    assert sorting("").options == [
        ("", "Person: A to Z"),
        ("-name", "Person: Z to A"),
        ("login", "User name: A to Z"),
        ("-login", "User name: Z to A"),
        ("-state_since", "Since: newest first"),
        ("state_since", "Since: oldest first"),
    ]


def test_rows_are_asked_for_only_where_a_column_sorts() -> None:
    def rows() -> None:
        raise AssertionError("a list of two models has none")

    plain = Sorting([SOURCE], rows, QueryDict("sort=name"))  # type: ignore[arg-type]

    assert plain.options == []
    assert [heading.links for heading in plain.headings] == [[]]
    assert plain.apply("rows") == "rows"


@pytest.mark.parametrize("field", ["department", "removed_at", "organization__name", "state", "nothing"])
def test_what_no_index_sorts_cannot_be_offered(field: str) -> None:
    class Unsorted(ListPage[PrintUser]):
        columns = (Column("x", str, sorts=[Sort("x", field)]),)

    [message] = check_list(Unsorted)

    assert message.id == "console.E001"
    assert f"“{field}”, for which PrintUser has no index" in message.msg
    assert not is_indexed(Sort(field), PrintUser)


def test_names_are_used_once_and_a_growing_list_is_not_sorted() -> None:
    class Twice(ListPage[PrintUser]):
        columns = (NAME, NAME)

    class Growing(GrowingListPage[PrintUser]):
        columns = (NAME,)

    assert {message.id for message in check_list(Twice)} == {"console.E002"}
    assert [message.id for message in check_list(Growing)] == ["console.E003"]
