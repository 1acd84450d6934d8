"""A page that is a list: a view declares it, `console/shell/list.html` shows it.

What a view states: ``roles``, ``title``, ``lead``, ``columns``, ``filters``, ``placeholder``, ``empty``,
``nothing_fits``, and two methods: ``rows`` and ``find``. docs/recipes.md walks through it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from printmgmt.console.shell.columns import Column
from printmgmt.console.shell.export import CsvMixin, Rows
from printmgmt.console.shell.filters import FilteredMixin
from printmgmt.console.shell.keyset import KeysetPage, keyset_page
from printmgmt.console.shell.navigation import Text
from printmgmt.console.shell.positions import page_by_moment
from printmgmt.console.shell.sorting import Sorting
from printmgmt.console.shell.turns import InTurns
from printmgmt.organizations.roles import EVERYONE, Role

Row = TypeVar("Row", bound=Model)

PAGE = 50
"""Rows on a page."""


@dataclass(frozen=True)
class Action:
    """A button that leads to another page: ``url``, or ``url_name`` with what the list's own URL names."""

    label: Text
    url_name: str = ""
    icon: str = "plus"
    roles: frozenset[Role] = EVERYONE
    primary: bool = True
    url: str = ""


@dataclass(frozen=True)
class Button:
    """An action as the template shows it."""

    label: Text
    url: str
    icon: str
    primary: bool


@dataclass(frozen=True)
class Empty:
    """What stands in place of rows: an icon, a short line, a sentence on what would be here, a way on."""

    icon: str
    title: Text
    text: Text = ""
    action: Action | None = None


class ListPage(FilteredMixin, CsvMixin[Row], Generic[Row]):
    """A list that is searched, filtered, sorted, paged and exported.

    Where one cell is unusual, its column names a partial; where rows are not those of a table,
    ``rows_template`` shows them; and a template may extend `console/shell/list.html` to add cards around it.
    """

    template_name = "console/shell/list.html"
    rows_template = "console/shell/_table.html"
    foot_template = "console/shell/_pagination.html"
    paginate_by: int | None = PAGE

    title: Text
    lead: Text = ""
    actions: Sequence[Action] = ()
    alike: Sequence[Action] = ()
    """Pages that show the same rows, by the same filters: linked with them beside the export."""
    columns: Sequence[Column[Row]] = ()
    csv: Sequence[Column[Row]] = ()
    """The columns of the file, where they are not those of the page."""
    placeholder: Text = _("Name, user name or email")
    empty: Empty
    nothing_fits: Text
    nothing_fits_hint: Text = ""
    row_page: tuple[str, str] | None = None
    """The page of one row: the name of its URL, and of the parameter that is the row's id."""

    def rows(self) -> QuerySet[Row]:
        """Every row of the list, in its order: of this organization, before search and filters."""
        raise NotImplementedError("Subclasses must implement rows()")

    def find(self, rows: Any, text: str) -> QuerySet[Row]:
        """The rows that the text searched for means."""
        raise NotImplementedError("Subclasses must implement find()")

    def shown(self, rows: Sequence[Row]) -> Sequence[Any]:
        """The rows of one page, or what the page shows of them where it needs more than a row says."""
        return rows

    def nothing(self, *, hidden: bool) -> Empty:
        """What to say while nothing is searched or chosen; ``hidden``: a filter would show rows, though."""
        return self.empty

    @property
    def has_headings(self) -> bool:
        """Whether the rows are those of a table."""
        return self.rows_template == ListPage.rows_template

    @property
    def target(self) -> str:
        """The id of the element that holds the list."""
        return self.csv_name

    @property
    def csv_columns(self) -> Sequence[Column[Row]]:
        columns = [column.of(self.request) for column in self.visible(self.csv or self.columns)]
        return [column for column in columns if column.value]

    @cached_property
    def page_columns(self) -> Sequence[Column[Row]]:
        """The columns that who looks may see; the template asks for them in every row."""
        return self.visible(self.columns)

    def visible(self, columns: Sequence[Column[Row]]) -> Sequence[Column[Row]]:
        """Those of the columns that who looks may see."""
        return [column for column in columns if self.administrator.role in column.roles]

    @cached_property
    def sorting(self) -> Sorting:
        """The order of the rows; `shown` asks it for theirs where it reads them again."""
        return Sorting(self.page_columns, self.rows, self.request.GET)

    def get_queryset(self) -> QuerySet[Row]:
        rows = self.narrowed(self.rows())
        found = self.find(rows, self.search) if self.search else rows
        ordered: QuerySet[Row] = self.sorting.apply(found)
        return ordered

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        rows = self.shown(self.page_rows(context))
        hidden = not rows and not self.is_filtered and self.has_hidden()
        return {
            **context,
            "rows": rows,
            "has_filters": bool(rows) or self.is_filtered or hidden,
            **self._in_place_of(rows, hidden=hidden),
            "alike": [button for action in self.alike if (button := self.button(action))],
            "actions": [button for action in self.actions if (button := self.button(action))],
        }

    def _in_place_of(self, rows: Sequence[Any], *, hidden: bool) -> dict[str, Any]:
        """``empty`` and ``empty_button``, where there is no row and nothing is searched or chosen."""
        if rows or self.is_filtered:
            return {}
        empty = self.nothing(hidden=hidden)
        return {"empty": empty, "empty_button": self.button(empty.action) if empty.action else None}

    def page_rows(self, context: dict[str, Any]) -> Sequence[Row]:
        """The rows of the page asked for."""
        return list(context["object_list"])

    def has_hidden(self) -> bool:
        """Whether there are rows that are shown only when a filter asks for them; costs a query at most."""
        return any(declared.otherwise for declared in self.filters) and self.rows().exists()

    def button(self, action: Action) -> Button | None:
        """The action, where who looks may take it."""
        if self.administrator.role not in action.roles:
            return None
        url = action.url or self.url_beside(action.url_name)
        return Button(action.label, url, action.icon, action.primary)

    def row_url(self, row: Row) -> str:
        """The page of a row; empty where it has none."""
        if self.row_page is None:
            return ""
        name, parameter = self.row_page
        return self.url_beside(name, **{parameter: row.pk})

    def url_beside(self, name: str, **more: object) -> str:
        """The URL of another page, which names what this page's URL names, and ``more``."""
        match: Any = self.request.resolver_match  # the stubs do not know extra_kwargs
        named = {key: value for key, value in self.kwargs.items() if key not in match.extra_kwargs}
        return reverse(name, kwargs={**named, **more})


class GrowingListPage(ListPage[Row]):
    """A list that only grows, the newest first: paged by position, which costs the same at any length.

    ``newest_by`` is the field that it is read by; without it the id.
    """

    newest_by = ""
    foot_template = "console/shell/_keyset.html"
    paginate_by = None

    @property
    def oldest_first(self) -> bool:
        """Whether the page begins with the oldest rows; only with ``newest_by``."""
        return False

    def page_of(self, rows: QuerySet[Row], query: QueryDict) -> KeysetPage[Row]:
        """The page that the URL asks for."""
        if self.newest_by:
            return page_by_moment(
                rows, query, moment=self.newest_by, size=PAGE, oldest_first=self.oldest_first
            )
        return keyset_page(rows, query, size=PAGE)

    def csv_rows(self) -> Rows[Row]:
        return InTurns(self.get_queryset(), self.newest_by)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, page=self.page_of(self.get_queryset(), self.request.GET))

    def page_rows(self, context: dict[str, Any]) -> Sequence[Row]:
        page: KeysetPage[Row] = context["page"]
        return page.rows
