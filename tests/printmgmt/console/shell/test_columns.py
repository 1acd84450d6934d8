"""Columns: what they show in a cell, and what they say in a file."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.template import Context, Template

from printmgmt.console.shell.columns import Column, person, status
from printmgmt.console.shell.statuses import Statuses
from printmgmt.deprovisioning.models import RunState
from printmgmt.people.models import PrintUser

ADA = PrintUser(user_name="ada@contoso.example", display_name="Ada")
STATES = Statuses(RunState, {RunState.WORKING: "blue"}, busy=frozenset({RunState.WORKING}))


def shown(column: Column[Any], row: object, *, row_url: str = "") -> str:
    """The cell in the first column of a list; ``row_url`` is the page of the row."""
    template = Template("{% load console %}{% cell column row linked=True %}")
    view = SimpleNamespace(row_url=lambda row: row_url)
    contoso = SimpleNamespace(slug="contoso")
    context = Context({"column": column, "row": row, "view": view, "organization": contoso})
    return " ".join(template.render(context).split())


def test_a_person_is_linked_to_the_rows_page_or_else_to_their_own() -> None:
    column: Column[Any] = person("Person", lambda row: row)

    assert f'href="/o/contoso/people/{ADA.pk}/"' in shown(column, ADA)
    assert 'href="/o/contoso/leavers/1/"' in shown(column, ADA, row_url="/o/contoso/leavers/1/")
    assert column.read(ADA) == "ada@contoso.example"


def test_nobody_is_a_dash_and_nothing_in_a_file() -> None:
    column: Column[Any] = person("Person", lambda row: None)

    assert re.sub("<[^>]+>", "", shown(column, ADA)).strip() == "–"
    assert column.read(ADA) is None


@pytest.mark.parametrize("state", [RunState.WORKING, "working"])
def test_a_state_has_its_word_and_its_color(state: str) -> None:
    column: Column[Any] = status("State", lambda row: state, STATES)

    dot = '<span class="status-dot status-dot-animated"></span>'
    assert shown(column, None) == f'<span class="status status-blue">{dot}In progress</span>'
    assert column.read(None) == "In progress"


def test_a_state_without_a_color_is_gray() -> None:
    assert 'class="status"' in shown(status("State", lambda row: RunState.UNDONE, STATES), None)


def test_a_column_says_what_its_cell_shows() -> None:
    assert Column[Any]("Buttons", template="console/shell/_undo.html").read(ADA) is None
    with pytest.raises(TypeError, match="“Nothing” needs a value or a template"):
        Column("Nothing")
