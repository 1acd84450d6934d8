"""Reads of people and groups: a list (RFC 7644 §3.4.2), and one of them unless the client has it already."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.response import Response

from printmgmt.people.names import name_key
from scim_sync.adapters.base import ResourceAdapter
from scim_sync.adapters.columns import ResourceColumns
from scim_sync.api.base import ScimView
from scim_sync.protocol.etags import check_preconditions
from scim_sync.protocol.filters import filter_to_q
from scim_sync.protocol.paging import parse_page
from scim_sync.protocol.rendering import list_response, project
from scim_sync.protocol.sorting import order_by


class ReadingView(ScimView):
    """What `/Users` and `/Groups` share."""

    def adapter_for(self, row: Any) -> ResourceAdapter:
        """The adapter of one row."""
        raise NotImplementedError("each endpoint says its own")

    def complete(self, adapters: list[Any]) -> None:
        """Read for all of these together what their representation shows and a row does not hold."""

    def answer_list(self, rows: QuerySet[Any], columns: ResourceColumns) -> Response:
        """A page of those of ``rows`` that the query asks for."""
        query = self.request.query_params
        page = parse_page(query.get("startIndex"), query.get("count"))
        order = order_by(query.get("sortBy"), query.get("sortOrder"), columns, kind=self.kind)
        projection = self.projection
        if expression := query.get("filter", "").strip():
            rows = rows.filter(filter_to_q(expression, columns, comparison_key=name_key, kind=self.kind))
        total = rows.count()
        found = rows.order_by(*order)[page.window] if page.count and total else []
        adapters = [self.adapter_for(row) for row in found]
        self.complete(adapters)
        resources = [project(adapter.to_dict(), projection) for adapter in adapters]
        return Response(list_response(resources, total, page.start_index))

    def answer_one(self, adapter: ResourceAdapter) -> Response:
        """One resource, or 304 when the client says that it has this version."""
        headers, conditions = {"Location": adapter.location, "ETag": adapter.tag}, self.conditions
        fresh = check_preconditions(
            adapter.obj.version, "GET", if_match=conditions.if_match, if_none_match=conditions.if_none_match
        )
        if not fresh:
            return Response(status=304, headers=headers)
        self.complete([adapter])
        return Response(project(adapter.to_dict(), self.projection), headers=headers)
