"""Long lists in pages that hang together: by cursor, so that page 1,000 costs what page 1 does."""

from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.core import signing
from django.db.models import Model, Q, QuerySet
from rest_framework import exceptions
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

PAGE: Final = 100
LARGEST_PAGE: Final = 1000


class BadParameter(exceptions.APIException):
    status_code = 400


class CursorPages(BasePagination):
    """Rows by (``created_at``, primary key), the oldest first; rows added in between come at the end.

    ``limit`` and ``cursor`` are the query's. A cursor is signed for its list, so that what a client makes up
    never reaches the database. Models of such lists have ``created_at``.
    """

    def paginate_queryset(  # type: ignore[override]  # a list has no cursors
        self, queryset: QuerySet[Any], request: Request, view: APIView | None = None
    ) -> list[Any]:
        """Return one page. Raises BadParameter."""
        limit = _limit(request.query_params.get("limit"))
        rows = queryset.order_by("created_at", "pk")
        if cursor := request.query_params.get("cursor"):
            at, pk = _position(cursor, request)
            rows = rows.filter(Q(created_at__gt=at) | Q(pk__gt=pk), created_at__gte=at)
        found = list(rows[: limit + 1])
        page = found[:limit]
        self.next = _link(request, page[-1]) if len(found) > limit else None
        return page

    def get_paginated_response(self, data: Any) -> Response:
        """Answer ``items`` and ``next``, the address of the next page or null."""
        return Response({"items": data, "next": self.next})


def _limit(text: str | None) -> int:
    if text is None:
        return PAGE
    limit = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_PAGE)) else 0
    if not 1 <= limit <= LARGEST_PAGE:
        raise BadParameter(f"limit must be a number from 1 to {LARGEST_PAGE}.")
    return limit


def _position(cursor: str, request: Request) -> tuple[datetime, str]:
    try:
        at, pk = signing.loads(cursor, salt=_salt(request))
    except signing.BadSignature as error:
        raise BadParameter("cursor must be one that this list has given.") from error
    return datetime.fromisoformat(at), pk


def _link(request: Request, last: Model) -> str:
    """The address of the page after ``last``; under PUBLIC_URL, never under the Host that was asked."""
    at: datetime = last.created_at  # type: ignore[attr-defined]  # not every model has one
    cursor = signing.dumps([at.isoformat(), str(last.pk)], salt=_salt(request))
    query = request.query_params.copy()
    query["cursor"] = cursor
    return f"{settings.PUBLIC_URL}{request.path}?{query.urlencode()}"


def _salt(request: Request) -> str:
    return f"printmgmt.api.cursor:{request.path}"
