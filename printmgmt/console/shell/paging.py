"""A list in numbered pages; any page number in the address gets a page."""

from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.views.generic import ListView

Row = TypeVar("Row", bound=Model)


class PagedList(ListView[Row]):
    """Shows the last page instead of one behind it, and the first instead of what is no number.

    A list gets shorter while its pages are in bookmarks and histories; a 404 would help nobody.
    """

    # The stubs say Sequence, Django hands over what get_queryset() returned.
    def paginate_queryset(  # type: ignore[override]
        self, queryset: QuerySet[Row], page_size: int
    ) -> tuple[Paginator[Row], Page[Row], QuerySet[Row], bool]:
        paginator: Any = self.get_paginator(queryset, page_size)
        page: Any = page_of(paginator, queryset, self.request.GET.get(self.page_kwarg))
        return paginator, page, page.object_list, page.has_other_pages()


def page_of(paginator: Paginator[Row], rows: QuerySet[Row], number: Any) -> Page[Row]:
    """Return the page of this number of ``paginator``, which pages ``rows``.

    Behind the first page only ids are read of the rows that are passed over: neither what is joined to them
    nor numbers that are computed for each. ``rows`` may be another sequence than a queryset.
    """
    page = paginator.get_page(number)
    if page.number > 1 and isinstance(rows, QuerySet):
        first, last = page.start_index() - 1, page.end_index()
        page.object_list = rows.filter(pk__in=rows.values("pk")[first:last])
    return page
