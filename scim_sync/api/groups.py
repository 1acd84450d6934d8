"""/Groups (RFC 7644 §3.3–§3.6): verb, service, answer."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from printmgmt.people.names import name_key
from scim_sync.adapters.columns import group_columns
from scim_sync.adapters.groups import groups_of
from scim_sync.adapters.members import read_members
from scim_sync.api.base import ScimView
from scim_sync.protocol.attributes import GROUP
from scim_sync.protocol.etags import check_preconditions
from scim_sync.protocol.filters import filter_to_q
from scim_sync.protocol.paging import parse_page
from scim_sync.protocol.rendering import list_response, project
from scim_sync.protocol.sorting import order_by
from scim_sync.services import groups
from scim_sync.services.groups import adapter_for


class GroupEndpoint(ScimView):
    kind = GROUP

    @property
    def shows_members(self) -> bool:
        """Whether the client wants to see who is in it: what it leaves out is not read."""
        return self.projection.asks_for("members")


class GroupsView(GroupEndpoint):
    """The groups of the tenant: list and create."""

    def get(self, request: Request, **kwargs: Any) -> Response:
        query = request.query_params
        page = parse_page(query.get("startIndex"), query.get("count"))
        columns = group_columns(self.call.installation)
        order = order_by(query.get("sortBy"), query.get("sortOrder"), columns, kind=GROUP)
        found = groups_of(self.call.installation)
        if expression := query.get("filter", "").strip():
            found = found.filter(filter_to_q(expression, columns, comparison_key=name_key, kind=GROUP))
        total = found.count()
        rows = list(found.order_by(*order)[page.window]) if page.count and total else []
        adapters = [adapter_for(group, self.call) for group in rows]
        if self.shows_members and rows:
            members = read_members([group.pk for group in rows], self.call.installation)
            for adapter in adapters:
                adapter.members = members[adapter.obj.pk]
        resources = [project(adapter.to_dict(), self.projection) for adapter in adapters]
        return Response(list_response(resources, total, page.start_index))

    def post(self, request: Request, **kwargs: Any) -> Response:
        return self.answer(self.write(groups.create_group, request.data), status=201)


class GroupView(GroupEndpoint):
    """One group: read, replace, patch, delete."""

    def get(self, request: Request, **kwargs: Any) -> Response:
        adapter = groups.get_group(self.call, kwargs["group_id"])
        headers = {"Location": adapter.location, "ETag": adapter.to_dict()["meta"]["version"]}
        conditions = self.conditions
        fresh = check_preconditions(
            adapter.obj.version, "GET", if_match=conditions.if_match, if_none_match=conditions.if_none_match
        )
        if not fresh:
            return Response(status=304, headers=headers)
        if self.shows_members:
            adapter.read_members()
        return Response(project(adapter.to_dict(), self.projection), headers=headers)

    def put(self, request: Request, **kwargs: Any) -> Response:
        return self.answer(
            self.write(groups.replace_group, kwargs["group_id"], request.data, self.conditions)
        )

    def patch(self, request: Request, **kwargs: Any) -> Response:
        return self.answer(
            self.write(
                groups.patch_group,
                kwargs["group_id"],
                request.data,
                self.conditions,
                shows_members=self.shows_members,
            )
        )

    def delete(self, request: Request, **kwargs: Any) -> Response:
        self.write(groups.delete_group, kwargs["group_id"], self.conditions)
        return Response(status=204)
