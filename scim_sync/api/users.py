"""/Users (RFC 7644 §3.3–§3.6): verb, service, answer."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from printmgmt.people.names import name_key
from scim_sync.adapters.columns import user_columns
from scim_sync.adapters.users import people_of
from scim_sync.api.base import ScimView
from scim_sync.protocol.etags import check_preconditions
from scim_sync.protocol.filters import filter_to_q
from scim_sync.protocol.paging import parse_page
from scim_sync.protocol.rendering import list_response, project
from scim_sync.protocol.sorting import order_by
from scim_sync.services import users
from scim_sync.services.users import adapter_for


class UsersView(ScimView):
    """The people of the tenant: list and create."""

    def get(self, request: Request, **kwargs: Any) -> Response:
        query = request.query_params
        page = parse_page(query.get("startIndex"), query.get("count"))
        projection = self.projection
        columns = user_columns(self.call.installation)
        order = order_by(query.get("sortBy"), query.get("sortOrder"), columns)
        people = people_of(self.call.installation)
        if expression := query.get("filter", "").strip():
            people = people.filter(filter_to_q(expression, columns, comparison_key=name_key))
        total = people.count()
        rows = people.order_by(*order)[page.window] if page.count and total else []
        resources = [project(adapter_for(person, self.call).to_dict(), projection) for person in rows]
        return Response(list_response(resources, total, page.start_index))

    def post(self, request: Request, **kwargs: Any) -> Response:
        return self.answer(self.write(users.create_user, request.data), status=201)


class UserView(ScimView):
    """One person: read, replace, patch, delete."""

    def get(self, request: Request, **kwargs: Any) -> Response:
        adapter = users.get_user(self.call, kwargs["user_id"])
        resource = adapter.to_dict()
        tag = resource["meta"]["version"]
        conditions = self.conditions
        fresh = check_preconditions(
            adapter.obj.version, "GET", if_match=conditions.if_match, if_none_match=conditions.if_none_match
        )
        if not fresh:
            return Response(status=304, headers={"ETag": tag})
        return Response(
            project(resource, self.projection), headers={"Location": adapter.location, "ETag": tag}
        )

    def put(self, request: Request, **kwargs: Any) -> Response:
        return self.answer(self.write(users.replace_user, kwargs["user_id"], request.data, self.conditions))

    def patch(self, request: Request, **kwargs: Any) -> Response:
        return self.answer(self.write(users.patch_user, kwargs["user_id"], request.data, self.conditions))

    def delete(self, request: Request, **kwargs: Any) -> Response:
        self.write(users.delete_user, kwargs["user_id"], self.conditions)
        return Response(status=204)
