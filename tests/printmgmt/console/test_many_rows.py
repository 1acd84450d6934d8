"""Every page and every export, at 3 rows and at 3,000, and with names that are no names."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from django.views.generic import ListView

from addons.models import Installation
from addons.services import get_addon, install
from directory_export.facts import SLUG as EXPORT
from printmgmt.console.shell.export import CsvMixin
from printmgmt.console.shell.filters import FilteredMixin
from printmgmt.console.shell.lists import ListPage
from printmgmt.organizations.models import Organization
from scim_sync.credentials.tokens import mint_first_token
from tests import factories, many
from tests.printmgmt.console.test_access import organization_views

# Choices among a few: the other pages with a search or filters.
NO_LIST = {"addons:catalogue", "console:person_same", "console:person_groups", "console:group_members"}
NO_LIST |= {"console:station_add", "console:station_change", "console:job_owner"}
NO_LIST |= {"console:secure_release_change"}
ARGUMENTS = {
    "console:bulk": {"operation": many.OPERATION},
    "console:group": {"group": many.EVERYONE},
    "console:printer": {"printer": many.PRINTER},
}


def views() -> Iterator[tuple[str, Any]]:
    for name, pattern in organization_views(get_resolver()):
        yield name, getattr(pattern.callback, "view_class", object)


# Those of an installation that is gone are the same views again.
LISTS = [name for name, view in views() if issubclass(view, ListPage) and not getattr(view, "is_past", False)]
# Queries: session, account, organization, menu; then the rows and how many there are.
USUAL, USUAL_EXPORT = 7, 4
PAGES = dict.fromkeys(LISTS, USUAL) | {
    "console:dashboard": 27,  # servers, jobs and printers are three, release queues one, who still holds one
    "console:groups": 8,
    "console:group": 12,
    "console:printers": 9,  # the servers, and what waits
    "console:printer": 10,  # the printer, its devices, stations and release queues; no count
    "console:bulk": 24,  # the operation, its items by state, who they are, and the preview of the leaving
    "console:jobs": 7,  # the servers, no count
    "console:unassigned_jobs": 9,  # as jobs, and two about people with such names
    "console:administrators": 9,
    "console:leaving_preview": 17,  # the policy, the administrators among them, the totals, the last reading
    "console:leavers_report": 12,  # the totals, and what each directory sent
    "console:leavers_report_print": 12,
    "console:still_holding": 13,  # merged rows, steps, cards, devices, jobs, administrators
    "console:settings": 10,  # whose turn comes soon
    "console:leavers": 9,  # the policy, and whose turn comes soon
    "addons:catalogue": 6,
    "addons:details": 19,
    "scim_sync:log": 10,  # events, and those whose counter moved them up
    "scim_sync:review": 12,
    "directory_export:history": 8,
}
EXPORTS = dict.fromkeys(LISTS, USUAL_EXPORT) | {
    "console:people": 5,  # which directories there are: a page reads that with its menu
    "console:groups": 5,
    "console:leavers": 5,
    "console:printers": 5,  # the servers, of which one may be chosen
    "console:printer": 6,  # the printer and its devices
    "console:bulk": 6,  # the operation, and who its items are
    "console:jobs": 5,  # the servers
    "console:unassigned_jobs": 5,
    "console:group": 7,
    "console:leaving_preview": 7,  # the policy, the administrators among them, the directories
    "console:leavers_report": 5,  # the steps of the runs
    "console:leavers_report_print": 5,
    "console:still_holding": 10,  # as the page, which counts
    "console:audit": 5,
    "scim_sync:log": 7,
    "scim_sync:review": 5,
    "directory_export:history": 5,
}
# One query more for each further 1,000 rows: what belongs to a row is read with its chunk.
EXPORTS_IN_CHUNKS = {
    "console:jobs": 7,
    "console:leavers_report": 7,
    "console:leavers_report_print": 7,
    "console:still_holding": 22,
}


@pytest.fixture
def installation(contoso: Organization) -> Installation:
    made = factories.installed(contoso)
    mint_first_token(made, by=factories.TESTER)
    return made


@pytest.fixture
def exporting(contoso: Organization) -> Installation:
    return install(contoso, get_addon(EXPORT), by=factories.TESTER)


def address(of: Organization, name: str) -> str:
    if name.startswith("console:") or name == "addons:catalogue":
        return reverse(name, kwargs={"organization": of.slug, **ARGUMENTS.get(name, {})})
    return factories.page_of(of, name)


def cost(client: Client, of: Organization, name: str, **query: str) -> int:
    """How many queries a page takes, to its last byte."""
    url = address(of, name)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(url, query)
        assert answer.status_code == 200
        body(answer)
    return len(captured)


def body(answer: object) -> str:
    content: bytes = answer.getvalue()  # type: ignore[attr-defined]
    return content.decode("utf-8-sig")


@pytest.mark.parametrize(
    ("size", "in_chunks"),
    [(160, {}), pytest.param(3_000, EXPORTS_IN_CHUNKS, marks=pytest.mark.proof)],
    ids=["160 rows", "3,000 rows"],
)
def test_pages_and_exports_cost_the_same_at_3_and_many_rows(
    client: Client,
    contoso: Organization,
    installation: Installation,
    exporting: Installation,
    size: int,
    in_chunks: dict[str, int],
) -> None:
    def measured() -> tuple[dict[str, int], dict[str, int]]:
        cost(client, contoso, "console:dashboard")  # the first request of a session costs more
        return (
            {name: cost(client, contoso, name) for name in PAGES},
            {name: cost(client, contoso, name, export="csv") for name in EXPORTS},
        )

    many.rows_everywhere(installation, exporting, range(3))
    at_3 = measured()
    many.rows_everywhere(installation, exporting, range(3, size))
    at_many = measured()

    assert at_3 == (PAGES, EXPORTS)
    assert at_many == (PAGES, {**EXPORTS, **in_chunks})


# The rows are made once for all lists; each list is a subtest of its own.
def test_a_long_list_shows_fifty_rows_and_the_way_to_the_others(
    client: Client,
    contoso: Organization,
    installation: Installation,
    exporting: Installation,
    subtests: pytest.Subtests,
) -> None:
    many.rows_everywhere(installation, exporting, range(120))

    for name in EXPORTS:
        if name == "console:leavers_report_print":  # 500 rows a page: `leavers/test_report.py`
            continue
        with subtests.test(name=name):
            url = address(contoso, name)
            first = client.get(url)
            context = first.context
            page = context.get("page_obj") or context["page"]

            assert len(getattr(page, "object_list", None) or page.rows) == 50
            assert 'rel="next"' in body(first)
            assert f'href="{url}?export=csv"' in body(first) or 'href="?export=csv"' in body(first)


def test_an_export_holds_every_row_and_no_formula(
    client: Client,
    contoso: Organization,
    installation: Installation,
    exporting: Installation,
    subtests: pytest.Subtests,
) -> None:
    many.rows_everywhere(installation, exporting, range(120))

    for name in EXPORTS:
        with subtests.test(name=name):
            answer = client.get(address(contoso, name), {"export": "csv"})

            cells = [cell for row in csv.reader(io.StringIO(body(answer))) for cell in row]
            assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "@", "-"))]
            assert len(cells) > 120, f"no rows of {name}: add them to tests/many.py"
            # These call people by their user names and email addresses.
            if name not in ("scim_sync:review", "console:policy_versions", "console:bulk"):
                assert any(cell.startswith("'=1+3") for cell in cells), f"no name is in the file of {name}"


def test_every_page_with_rows_or_filters_is_a_list() -> None:
    filtered = {name for name, view in views() if issubclass(view, ListView | FilteredMixin | CsvMixin)}

    assert filtered - NO_LIST == {name for name, view in views() if issubclass(view, ListPage)}
