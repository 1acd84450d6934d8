"""The resources of one type that a tenant has, and their representation."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from printmgmt.people.names import name_key
from scim_sync.adapters.columns import ResourceColumns, group_columns, user_columns
from scim_sync.adapters.groups import GroupAdapter, groups_of
from scim_sync.adapters.members import read_members
from scim_sync.adapters.users import UserAdapter, people_of
from scim_sync.credentials.calls import Call
from scim_sync.protocol.attributes import GROUP, USER, ResourceKind
from scim_sync.protocol.filters import filter_to_q
from scim_sync.protocol.rendering import Projection, project
from scim_sync.services import groups, users


class Collection:
    """What `/Users` and `/Groups` share."""

    kind: ResourceKind

    def __init__(self, call: Call) -> None:
        self.call = call

    @property
    def everything(self) -> QuerySet[Any]:
        """All resources of this type in the tenant."""
        raise NotImplementedError("Subclasses must implement everything")

    @cached_property
    def columns(self) -> ResourceColumns:
        """The columns that hold their attributes."""
        raise NotImplementedError("Subclasses must implement columns")

    def adapter_for(self, row: Any) -> Any:
        """The adapter of one of ``everything``."""
        raise NotImplementedError("Subclasses must implement adapter_for()")

    def matching(self, expression: str | None, others: Sequence[ResourceKind] = ()) -> QuerySet[Any]:
        """Those a filter matches, all without one; ``others`` are listed with them.

        Raises InvalidFilter, for white space alone too: someone meant to ask for less than everything.
        """
        if not expression:
            return self.everything
        return self.everything.filter(
            filter_to_q(
                expression.strip(), self.columns, comparison_key=name_key, kind=self.kind, others=others
            )
        )

    def complete(self, adapters: list[Any], projection: Projection) -> None:
        """Read, for all of these together, the parts of their representation that are not in the row."""

    def represent(self, rows: Iterable[Any], projection: Projection) -> list[dict[str, Any]]:
        """The representation of each of these."""
        adapters = [self.adapter_for(row) for row in rows]
        self.complete(adapters, projection)
        return [project(adapter.to_dict(), projection) for adapter in adapters]


class People(Collection):
    """The people of the tenant."""

    kind = USER

    @property
    def everything(self) -> QuerySet[Any]:
        return people_of(self.call.installation)

    @cached_property
    def columns(self) -> ResourceColumns:
        return user_columns(self.call.installation)

    def adapter_for(self, row: Any) -> UserAdapter:
        return users.adapter_for(row, self.call)


class Groups(Collection):
    """The groups of the tenant; members are read only if the projection shows them."""

    kind = GROUP

    @property
    def everything(self) -> QuerySet[Any]:
        return groups_of(self.call.installation)

    @cached_property
    def columns(self) -> ResourceColumns:
        return group_columns(self.call.installation)

    def adapter_for(self, row: Any) -> GroupAdapter:
        return groups.adapter_for(row, self.call)

    def complete(self, adapters: list[GroupAdapter], projection: Projection) -> None:
        if adapters and projection.asks_for("members"):
            members = read_members([adapter.obj.pk for adapter in adapters], self.call.installation)
            for adapter in adapters:
                adapter.members = members[adapter.obj.pk]
