"""What must come of people, worked out from the file and the script."""

import pytest

from demo.changes import ACTS, Change, What
from demo.expected import (
    DEFAULT_COLUMNS,
    GALLERY_COLUMNS,
    Columns,
    Row,
    State,
    expected_states,
    read_people,
)
from demo.verdict import outcomes
from demo.walk import PEOPLE

BLANK = dict.fromkeys(read_people(PEOPLE)[0], "")


def row(name: str, **columns: str) -> Row:
    upn = f"{name}@contoso.example"
    known = {"id": name, "userPrincipalName": upn, "displayName": name.title(), "department": "IT"}
    return BLANK | known | {"accountEnabled": "True"} | columns


def default(*acts: tuple[Change, ...], rows: list[Row] | None = None) -> list[State]:
    return expected_states(rows or [row("ada")], acts, DEFAULT_COLUMNS, soft_delete=True)


def gallery(*acts: tuple[Change, ...]) -> list[State]:
    return expected_states([row("ada")], acts, GALLERY_COLUMNS, soft_delete=False)


def ada(what: What, **values: str) -> tuple[Change, ...]:
    return (Change("ada@contoso.example", what, values),)


LEAVING = [
    ada(What.UNASSIGN),
    ada(What.DISABLE),
    ada(What.DELETE),
    ada(What.EDIT, department="Contractors"),
]


@pytest.mark.parametrize("leave", LEAVING)
def test_leaving_by_the_default_mapping_suspends(leave: tuple[Change, ...]) -> None:
    states = default((), leave)
    assert states[0]["ada"] == {
        "userName": "ada@contoso.example",
        "displayName": "Ada",
        "department": "IT",
        "active": True,
    }
    assert states[1]["ada"] == {**(states[0]["ada"] or {}), "active": False}


@pytest.mark.parametrize("leave", LEAVING)
def test_leaving_by_the_gallery_mapping_removes(leave: tuple[Change, ...]) -> None:
    assert gallery((), leave)[1]["ada"] is None


@pytest.mark.parametrize("leave", LEAVING)
def test_who_was_never_there_is_skipped(leave: tuple[Change, ...]) -> None:
    assert outcomes(default(leave)) == {"skipped": 1}


def test_purge_removes_who_is_managed() -> None:
    assert default((), ada(What.PURGE))[1]["ada"] is None
    assert default((), ada(What.DELETE), ada(What.PURGE))[2]["ada"] is None


def test_purge_after_unassignment_is_not_reported() -> None:
    states = default((), ada(What.UNASSIGN), ada(What.PURGE))
    assert states[2]["ada"] == states[1]["ada"] != None  # noqa: E711 - the same, and someone


def test_coming_back_by_either_mapping_is_active_again() -> None:
    for states in (
        default((), ada(What.DISABLE), ada(What.ENABLE)),
        gallery((), ada(What.DISABLE), ada(What.ENABLE)),
    ):
        assert states[2]["ada"] == states[0]["ada"]


def test_emptied_value_stays() -> None:
    assert default((), ada(What.EDIT, displayName=""))[1]["ada"] == default(())[0]["ada"]


def test_person_without_a_department_is_filtered_out() -> None:
    assert default((), rows=[row("ada", department="")])[0]["ada"] is None


def test_manager_is_shown_only_once_both_are_there() -> None:
    rows = [row("ada", manager="boss@contoso.example"), row("boss")]
    absent = (Change("boss@contoso.example", What.UNASSIGN),)
    arrives = (Change("boss@contoso.example", What.ASSIGN),)
    touched = ada(What.EDIT, jobTitle="Countess")
    states = default(absent, arrives, touched, rows=rows)
    assert ["manager" in (state["ada"] or {}) for state in states] == [False, False, True]


@pytest.mark.parametrize(
    ("columns", "soft_delete", "counts"),
    [
        (DEFAULT_COLUMNS, True, {"created": 197, "updated": 18, "disabled": 16, "deleted": 4, "skipped": 7}),
        (GALLERY_COLUMNS, False, {"created": 200, "updated": 8, "disabled": 0, "deleted": 19, "skipped": 7}),
    ],
)
def test_counts_of_the_script(columns: Columns, soft_delete: bool, counts: dict[str, int]) -> None:
    found = outcomes(expected_states(read_people(PEOPLE), ACTS, columns, soft_delete=soft_delete))
    assert {name: found[name] for name in counts} == counts
