"""/Groups (RFC 7644 §3.3–§3.6): verb, service, answer."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from scim_sync.api.reading import CollectionView, Searching
from scim_sync.protocol.attributes import GROUP
from scim_sync.services import groups
from scim_sync.services.collections import Groups


class GroupEndpoint(CollectionView):
    kind = GROUP
    collection_class = Groups


class GroupsView(GroupEndpoint):
    """The groups of the tenant: list and create."""

    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.answer_list()

    def post(self, request: Request, **kwargs: Any) -> Response:
        return self.answer(self.write(groups.create_group, request.data), status=201)


class GroupsSearchView(Searching, GroupEndpoint):
    """The same list, requested by a body."""


class GroupView(GroupEndpoint):
    """One group: read, replace, patch, delete."""

    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.answer_one(groups.get_group(self.call, kwargs["group_id"]))

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
                shows_members=self.projection.asks_for("members"),
            )
        )

    def delete(self, request: Request, **kwargs: Any) -> Response:
        self.write(groups.delete_group, kwargs["group_id"], self.conditions)
        return Response(status=204)
