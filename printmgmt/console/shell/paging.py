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
        page = paginator.get_page(self.request.GET.get(self.page_kwarg))
        return paginator, page, page.object_list, page.has_other_pages()
