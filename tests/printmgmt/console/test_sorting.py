"""Every list that can be sorted, by everything that it says it can be sorted by."""

import csv
import io
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from addons.models import Installation
from addons.services import get_addon, install
from directory_export.facts import SLUG as EXPORT
from printmgmt.console.shell.export import safe_cell
from printmgmt.console.shell.list_checks import check_lists, model_of
from printmgmt.console.shell.lists import ListPage
from printmgmt.console.shell.order import Order, Sort
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintGroup
from printmgmt.printing.models import Printer
from tests import factories, many
from tests.printmgmt.console.test_access import organization_views
from tests.printmgmt.console.test_many_rows import address
from tests.printmgmt.printing import equipment
from tests.proofs import Deal
from tests.undoing import undone

ROWS = 60
"""Two pages."""


def _sorts() -> list[tuple[str, type[ListPage[Any]], Sort]]:
    found = []
    for name, pattern in organization_views(get_resolver()):
        view = getattr(pattern.callback, "view_class", object)
        if issubclass(view, ListPage) and not getattr(view, "is_past", False):
            found += [(name, view, sort) for column in view.columns for sort in column.sorts]
    return found


SORTS = _sorts()
# Files with lines for each of what a row has: the column that says which row it is, and its text.
LINES_EACH: dict[str, tuple[int, Callable[[Any], str]]] = {
    "console:still_holding": (1, lambda person: person.user_name),
}


@pytest.fixture
def full(contoso: Organization) -> Organization:
    """More than one page in every list."""
    installation: Installation = factories.installed(contoso)
    export = install(contoso, get_addon(EXPORT), by=factories.TESTER)
    many.rows_everywhere(installation, export, range(ROWS))
    return contoso


def ids(rows: Sequence[Any]) -> list[Any]:
    return [row.pk for row in rows]


def every_page(client: Client, url: str, **query: str) -> list[Any]:
    """The ids on one page after another."""
    found: list[Any] = []
    number = 1
    while True:
        context = client.get(url, {**query, "page": str(number)}).context
        found += ids(context["rows"])
        if not context["page_obj"].has_next():
            return found
        number += 1


def cost(client: Client, url: str, query: dict[str, str]) -> int:
    with CaptureQueriesContext(connection) as captured:
        client.get(url, query)
    return len(captured)


# The rows are made once for all lists; each column of a list is a subtest of its own.
def test_page_and_file_are_sorted_by_what_a_list_offers(
    client: Client, full: Organization, subtests: pytest.Subtests
) -> None:
    """Each row is there once, and the order costs no query."""
    for name, view, sort in SORTS:
        url, model = address(full, name), model_of(view)
        everything, usual = every_page(client, url), cost(client, url, {})
        for sign in ("", "-"):
            with subtests.test(name=name, sort=f"{sign}{sort.name}"):
                query = {"sort": f"{sign}{sort.name}"}

                found = every_page(client, url, **query)
                file = client.get(url, {**query, "export": "csv"}).getvalue().decode("utf-8-sig")  # type: ignore[attr-defined]

                assert len(found) == len(set(found)) >= ROWS
                assert set(found) == set(everything)
                # The database compares, since texts stand in the order of its language.
                in_order = list(
                    model._default_manager.filter(pk__in=found).order_by(*Order(sort, bool(sign)).fields)
                )
                assert found == ids(in_order)
                place, read = LINES_EACH.get(name, (0, view.csv[0].read))
                texts = [str(safe_cell(read(row))) for row in in_order]
                written = [line[place] for line in csv.reader(io.StringIO(file))][1:]
                assert (
                    [text for text, _lines in groupby(written)] if name in LINES_EACH else written
                ) == texts
                assert cost(client, url, query) == usual


def test_equal_rows_stand_in_the_order_of_their_ids(
    client: Client, full: Organization, subtests: pytest.Subtests
) -> None:
    """Without an order among them a row could stand on two pages, and another one on none."""
    for name, view, sort in SORTS:
        with subtests.test(name=name, sort=sort.name), undone():
            model = model_of(view)
            rows = model._default_manager.filter(organization=full)
            if model is PrintGroup:  # each source uses a name once
                rows.update(source=F("id"))
            if model is Printer:  # each server uses a name once
                for row in rows:
                    rows.filter(pk=row.pk).update(server=equipment.print_server(full))
            if sort.column == "user_name_key":  # who may print shares it with nobody
                rows.update(state="removed", active=False, removed_at=F("created_at"))
            rows.update(**{sort.column: getattr(rows[0], sort.column)})
            query = {"state": "removed"} if sort.column == "user_name_key" else {}

            for sign in ("", "-"):
                found = every_page(client, address(full, name), **query, sort=f"{sign}{sort.name}")

                assert len(found) >= ROWS
                assert found == sorted(found, reverse=sign == "-")


NO_ORDERS = (
    *("pk", "-organization", "organization__name", "NAME", "--name", "name,id", "?", "\0"),
    "x" * 5000,
)


def test_what_is_no_order_leaves_the_lists_own(
    client: Client, full: Organization, subtests: pytest.Subtests, deal: Deal
) -> None:
    for row, name in enumerate(sorted({name for name, _view, _sort in SORTS})):
        url = address(full, name)
        own = ids(client.get(url).context["rows"])
        for value in deal(row, NO_ORDERS):
            with subtests.test(name=name, sort=value[:20]):
                context = client.get(url, {"sort": value}).context
                assert ids(context["rows"]) == own
                assert context["view"].sorting.value == ""


def test_lists_are_sorted_by_indexes() -> None:
    assert check_lists(None) == []
    assert {"console:people", "console:groups", "console:leavers"} <= {name for name, _view, _sort in SORTS}
