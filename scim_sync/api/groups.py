"""/Groups: no group is kept yet, so the list is empty and valid; Azure's probe needs nothing more."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from scim_sync.api.base import ScimView
from scim_sync.protocol.errors import NotFound, NotImplementedHere, shown
from scim_sync.protocol.paging import parse_page
from scim_sync.protocol.rendering import list_response


class GroupsView(ScimView):
    def get(self, request: Request, **kwargs: Any) -> Response:
        page = parse_page(request.query_params.get("startIndex"), request.query_params.get("count"))
        return Response(list_response([], 0, page.start_index))

    def post(self, request: Request, **kwargs: Any) -> Response:
        raise NotImplementedHere("Groups are not provisioned yet; switch the group mapping off in Azure")


class GroupView(ScimView):
    def _unknown(self, request: Request, **kwargs: Any) -> Response:
        raise NotFound(f"Group {shown(kwargs['group_id'])} is not known")

    get = put = patch = delete = _unknown
