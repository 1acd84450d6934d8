"""CSV files: safe in a spreadsheet, filtered as the list is, streamed."""

import csv
import io
import tracemalloc
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from printmgmt.console.shell.columns import Column
from printmgmt.console.shell.export import csv_response, safe_cell
from printmgmt.deprovisioning.models import Trigger
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser
from tests import factories
from tests.printmgmt.console.conftest import Page


class Listed(list[str]):
    def iterator(self, chunk_size: int) -> Iterator[str]:
        return iter(self)


COLUMNS: Any = [Column("a", str), Column("b", str)]


def table(answer: object) -> list[list[str]]:
    assert isinstance(answer, StreamingHttpResponse)
    assert isinstance(answer.streaming_content, Iterable)
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


@pytest.mark.parametrize(
    "text",
    ["=1+3", "+31 6", "-2", "@SUM(A1)", "\tx", "\rx", "\nx", "  =1+3", "\u00a0=1", "＝1+3", "=\0"],
)
def test_a_formula_becomes_text(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("a;=HYPERLINK(0);b", "a;'=HYPERLINK(0);b"),
        ("a; =1", "a;' =1"),
        ('a;"=1', "a;'\"=1"),
        ("a\t=1", "a\t'=1"),
        ("a\n=1\r\n+2", "a\n'=1\r\n'+2"),
        ("a;b;-1;@x", "a;b;'-1;'@x"),
        ("a;＝1", "a;'＝1"),
        (" \t=1", " \t'=1"),
        ("=1;=2", "'=1;'=2"),
        ("a\u2028=1", "a\u2028'=1"),
    ],
)
def test_a_part_that_a_spreadsheet_takes_for_a_cell_is_no_formula_either(text: str, cell: str) -> None:
    assert safe_cell(text) == cell


@pytest.mark.parametrize("separator", [";", "\t", ","])
@pytest.mark.parametrize("signs", list("=+-@"))
def test_read_with_any_separator_no_cell_is_a_formula(separator: str, signs: str) -> None:
    """As a spreadsheet of another country does: it splits at its own sign, whatever was meant."""
    hostile = f'x;{signs}1\t{signs}2\r\n{signs}3;"{signs}4"\n {signs}5'
    text = b"".join(csv_response(Listed([hostile, f"{signs}6"]), COLUMNS, name="x")).decode("utf-8-sig")  # type: ignore[arg-type]

    cells = [cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) for cell in row]

    assert [cell for cell in cells if cell.lstrip().lstrip('"').lstrip().startswith(tuple("=+-@"))] == []


@pytest.mark.parametrize(
    "text", ["Ada", "a=b", "a@b.example", "1-2", "", "a; b", "a;b=c", "a\nb", "'=1", "שלום"]
)
def test_text_that_is_no_formula_stays_as_it_is(text: str) -> None:
    assert safe_cell(text) == text


def test_numbers_stay_numbers_and_nothing_is_empty() -> None:
    assert [safe_cell(-3), safe_cell(0.5), safe_cell(None), safe_cell(True)] == [-3, 0.5, "", "yes"]


def test_moments_are_written_in_the_current_zone() -> None:
    with timezone.override(ZoneInfo("Europe/Amsterdam")):
        assert safe_cell(datetime(2026, 7, 1, 12, 0, 0, 5, tzinfo=UTC)) == "2026-07-01 14:00:00+02:00"


@pytest.mark.django_db
def test_the_list_is_exported_as_it_is_filtered(client: Client, contoso: Organization) -> None:
    hostile = factories.person(contoso, "ada@contoso.example", display_name='=HYPERLINK("http://x","a,b")')
    factories.leaver(contoso, Trigger.REMOVED, who=hostile)
    factories.leaver(contoso, Trigger.SUSPENDED, who=factories.person(contoso, "grace@contoso.example"))
    url = reverse("console:leavers", kwargs={"organization": contoso.slug})

    answer = client.get(url, {"export": "csv", "trigger": "removed"})

    heading, *rows = table(answer)
    assert heading[:2] == ["Display name", "User name"]
    assert [row[:2] for row in rows] == [['\'=HYPERLINK("http://x","a,b")', "ada@contoso.example"]]
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith('attachment; filename="leavers-20')
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_a_file_begins_with_the_mark_by_which_excel_knows_utf_8(
    client: Client, contoso: Organization
) -> None:
    url = reverse("console:leavers", kwargs={"organization": contoso.slug})

    assert b"".join(client.get(url, {"export": "csv"})).startswith(b"\xef\xbb\xbf")  # type: ignore[arg-type]


@pytest.mark.django_db
def test_rows_of_another_organization_are_not_exported(client: Client, contoso: Organization) -> None:
    factories.leaver(factories.organization("Fabrikam"))
    url = reverse("console:leavers", kwargs={"organization": contoso.slug})

    assert len(table(client.get(url, {"export": "csv"}))) == 1


@pytest.mark.django_db
def test_the_link_keeps_the_filters_and_drops_the_page(page: Page, contoso: Organization) -> None:
    factories.leaver(contoso)

    html = page("console:leavers", {"trigger": "suspended", "page": "1"})

    assert 'href="?trigger=suspended&amp;export=csv"' in html


@pytest.mark.django_db
def test_the_zone_of_the_request_holds_for_the_body_made_after_it(contoso: Organization) -> None:
    factories.person(contoso)
    columns = [Column[PrintUser](gettext_lazy("Since"), lambda person: person.state_since)]

    with timezone.override(ZoneInfo("Asia/Tokyo")):
        answer = csv_response(PrintUser.objects.of(contoso), columns, name="people")

    assert table(answer)[1][0].endswith("+09:00")


@pytest.mark.django_db
def test_a_long_list_is_never_in_memory_as_a_whole(contoso: Organization) -> None:
    PrintUser.objects.bulk_create(
        PrintUser(
            organization=contoso,
            user_name=f"p{number}@contoso.example",
            user_name_key=f"p{number}@contoso.example",
            display_name="x" * 1000,
        )
        for number in range(20_000)
    )
    columns = [Column[PrintUser]("Name", lambda person: person.display_name)]
    answer = csv_response(PrintUser.objects.of(contoso), columns, name="people")
    assert isinstance(answer.streaming_content, Iterable)

    tracemalloc.start()
    size = sum(len(chunk) for chunk in answer.streaming_content)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert size > 20_000_000
    assert peak < 10_000_000
