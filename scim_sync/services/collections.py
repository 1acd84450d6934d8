"""The resources of one type that a tenant has, and their representation."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from printmgmt.people.models import PrintUser
from printmgmt.people.names import name_key
from scim_sync.adapters.columns import ResourceColumns, group_columns, user_columns
from scim_sync.adapters.groups import GroupAdapter
from scim_sync.adapters.members import read_members
from scim_sync.adapters.reading_groups import groups_of, read_groups
from scim_sync.adapters.reading_people import LOOKUPS, look_up, people_of, read_people
from scim_sync.adapters.users import UserAdapter
from scim_sync.credentials.calls import Call
from scim_sync.protocol.attributes import GROUP, USER, ResourceKind
from scim_sync.protocol.filters import filter_to_q, lookup_of
from scim_sync.protocol.paging import Page
from scim_sync.protocol.rendering import Projection, project
from scim_sync.protocol.sorting import order_by
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

    def read(self, ids: Sequence[UUID]) -> list[Any]:
        """The adapters of those of ``everything`` with these ids, in this order."""
        raise NotImplementedError("Subclasses must implement read()")

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

    def page(
        self, expression: str | None, page: Page, *, sort_by: str | None = None, sort_order: str | None = None
    ) -> tuple[list[Any], int]:
        """The adapters of a page of those that a filter matches, and how many it matches in all.

        They are counted only where the page does not tell. Raises ScimError: InvalidFilter, InvalidValue.
        """
        order = order_by(sort_by, sort_order, self.columns, kind=self.kind)
        rows = self.matching(expression)
        ids = list(rows.order_by(*order).values_list("pk", flat=True)[page.window]) if page.count else []
        total = page.total_with(len(ids))
        return self.read(ids), rows.count() if total is None else total

    def complete(self, adapters: list[Any], projection: Projection) -> None:
        """Read, for all of these together, the parts of their representation that are not in the row."""

    def represent(self, adapters: list[Any], projection: Projection) -> list[dict[str, Any]]:
        """The representation of each of these."""
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

    def read(self, ids: Sequence[UUID]) -> list[UserAdapter]:
        return self._adapters(read_people(self.call.installation, ids) if ids else [])

    def page(
        self, expression: str | None, page: Page, *, sort_by: str | None = None, sort_order: str | None = None
    ) -> tuple[list[Any], int]:
        if expression and page.start_index == 1 and page.count and not (sort_by or sort_order):
            lookup = lookup_of(expression.strip(), comparison_key=name_key, kind=self.kind)
            if lookup is not None and lookup[0] in LOOKUPS:
                found = look_up(self.call.installation, *lookup)
                if len(found) <= page.count:
                    return self._adapters(found), len(found)
        return super().page(expression, page, sort_by=sort_by, sort_order=sort_order)

    def _adapters(self, people: list[PrintUser]) -> list[UserAdapter]:
        return [users.adapter_for(person, self.call) for person in people]


class Groups(Collection):
    """The groups of the tenant; members are read only if the projection shows them."""

    kind = GROUP

    @property
    def everything(self) -> QuerySet[Any]:
        return groups_of(self.call.installation)

    @cached_property
    def columns(self) -> ResourceColumns:
        return group_columns(self.call.installation)

    def read(self, ids: Sequence[UUID]) -> list[GroupAdapter]:
        found = read_groups(self.call.installation, ids) if ids else []
        return [groups.adapter_for(group, self.call) for group in found]

    def complete(self, adapters: list[GroupAdapter], projection: Projection) -> None:
        if adapters and projection.asks_for("members"):
            members = read_members([adapter.obj.pk for adapter in adapters], self.call.installation)
            for adapter in adapters:
                adapter.members = members[adapter.obj.pk]
