"""/Groups (RFC 7644 §3.3–§3.6): verb, service, answer."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from printmgmt.people.models import PrintGroup
from scim_sync.adapters.columns import group_columns
from scim_sync.adapters.groups import GroupAdapter, groups_of
from scim_sync.adapters.members import read_members
from scim_sync.api.reading import ReadingView
from scim_sync.protocol.attributes import GROUP
from scim_sync.services import groups


class GroupEndpoint(ReadingView):
    kind = GROUP

    def adapter_for(self, row: PrintGroup) -> GroupAdapter:
        return groups.adapter_for(row, self.call)

    @property
    def shows_members(self) -> bool:
        """Whether the client wants to see who is in it: what it leaves out is not read."""
        return self.projection.asks_for("members")

    def complete(self, adapters: list[GroupAdapter]) -> None:
        if adapters and self.shows_members:
            members = read_members([adapter.obj.pk for adapter in adapters], self.call.installation)
            for adapter in adapters:
                adapter.members = members[adapter.obj.pk]


class GroupsView(GroupEndpoint):
    """The groups of the tenant: list and create."""

    def get(self, request: Request, **kwargs: Any) -> Response:
        installation = self.call.installation
        return self.answer_list(groups_of(installation), group_columns(installation))

    def post(self, request: Request, **kwargs: Any) -> Response:
        return self.answer(self.write(groups.create_group, request.data), status=201)


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
                shows_members=self.shows_members,
            )
        )

    def delete(self, request: Request, **kwargs: Any) -> Response:
        self.write(groups.delete_group, kwargs["group_id"], self.conditions)
        return Response(status=204)
