"""A list as a CSV file: streamed, so that 100,000 rows cost no memory, and safe to open in a spreadsheet."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from django.db.models import Model
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from printmgmt.console.shell.columns import Column
from printmgmt.console.shell.paging import PagedList

Row = TypeVar("Row", bound=Model)
Fetched = TypeVar("Fetched", bound=Model, covariant=True)

CHUNK = 1_000
"""Rows fetched from the database at a time."""

BUFFER = 64 * 1024
"""Characters sent to the browser at a time."""


# Full-width signs are folded to plain ones by spreadsheets with an East Asian keyboard.
_FORMULA = re.compile(
    r"(^|[;\t\r\n\v\f\x85\u2028\u2029])(?=(?:[^\S\t\r\n\v\f\x85\u2028\u2029]|\")*[=+\-@＝＋－＠])"
)


class Rows(Protocol[Fetched]):
    """What a QuerySet is to an export: rows, fetched so many at a time."""

    def iterator(self, chunk_size: int) -> Iterator[Fetched]: ...


class CsvMixin(PagedList[Row]):
    """A list that answers ``?export=csv`` with everything its filters let through.

    State ``csv_name`` (the file's name without ending) and ``csv_columns``. Stands after the mixin that
    checks access. Its link is the template ``console/shell/_export.html``, inside the element that htmx
    replaces. Lists have it from `ListPage`.
    """

    csv_name: str

    @property
    def csv_columns(self) -> Sequence[Column[Row]]:
        """The columns of the file, in order."""
        raise NotImplementedError("Subclasses must implement csv_columns")

    # A download is no HttpResponse, as the stubs of ListView want, and dispatch() does not ask for one.
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        if request.GET.get("export") == "csv":
            return csv_response(self.csv_rows(), self.csv_columns, name=self.csv_name)
        return super().get(request, *args, **kwargs)

    def csv_rows(self) -> Rows[Row]:
        """The rows of the file: those of the list, unless the file says more of each."""
        return self.get_queryset()


def csv_response(rows: Rows[Row], columns: Sequence[Column[Row]], *, name: str) -> StreamingHttpResponse:
    """Return ``rows`` as a download ``<name>-<today>.csv``: UTF-8 with a byte order mark, for Excel."""
    chunks = _as_now(_chunks(rows, columns))
    response = StreamingHttpResponse(chunks, content_type="text/csv; charset=utf-8")
    filename = f"{name}-{timezone.localdate().isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["Cache-Control"] = "no-store"
    return response


def safe_cell(value: object) -> object:
    """Return a cell's content such that a spreadsheet takes it for text, never for a formula.

    What begins with ``= + - @`` gets an apostrophe in front (OWASP, "CSV Injection"): a text, also after
    blanks, and each part of it that a spreadsheet takes for a cell, since a French Excel separates cells by
    ``;``, others by tabs, and does not respect quotes in the middle of such a cell. Moments are ISO 8601 to
    the second with their offset, in the current zone.
    """
    if value is None:
        return ""
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(sep=" ", timespec="seconds")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        return value
    text = _FORMULA.sub(r"\1'", str(value))
    return f"'{text}" if text.startswith(("\t", "\r", "\n")) else text


def _chunks(rows: Rows[Row], columns: Sequence[Column[Row]]) -> Iterator[bytes]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow([safe_cell(column.heading) for column in columns])
    for row in rows.iterator(chunk_size=CHUNK):
        writer.writerow([safe_cell(column.read(row)) for column in columns])
        if buffer.tell() >= BUFFER:
            yield _drain(buffer)
    yield _drain(buffer)


def _as_now(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The body is made after the view has returned: keep the request's language and time zone for it."""
    language, zone = translation.get_language(), timezone.get_current_timezone()

    def made() -> Iterator[bytes]:
        while True:
            with translation.override(language), timezone.override(zone):
                chunk = next(chunks, None)
            if chunk is None:
                return
            yield chunk

    return made()


def _drain(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()
