"""Members of groups in SCIM (RFC 7643 §4.2). A directory sees only the rows it wrote."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Value

from addons.models import Installation
from printmgmt.people.models import LIVE_STATES, GroupMembership, GroupNesting
from scim_sync.credentials.tokens import tenant_url

Member = dict[str, Any]


def read_members(
    groups: Collection[UUID],
    installation: Installation,
    *,
    at_most: int | None = None,
    among: Collection[UUID] | None = None,
) -> dict[UUID, list[Member]]:
    """Return the members of each of these groups, at most ``at_most`` in all. One query.

    Leaves out removed people and deleted groups. ``among`` limits the members to these ids; None means all.
    Without ``at_most`` they are sorted by id.
    """
    person = {} if among is None else {"person__in": among}
    child = {} if among is None else {"child__in": among}
    people = GroupMembership.objects.filter(
        group__in=groups, source=installation.source, person__state__in=LIVE_STATES, **person
    ).values_list("group", "person", "person__display_name", "person__user_name", Value("User"))
    rows = GroupNesting.objects.present().filter(parent__in=groups, source=installation.source, **child)
    nested = rows.values_list("parent", "child", "child__display_name", Value(""), Value("Group"))
    if at_most is not None and connection.features.supports_slicing_ordering_in_compound:
        # PostgreSQL ignores the limit of a union and would read all members first.
        people, nested = people[:at_most], nested[:at_most]
    together = people.union(nested, all=True)
    base = tenant_url(installation)
    members: dict[UUID, list[Member]] = defaultdict(list)
    for group, pk, display_name, user_name, kind in together if at_most is None else together[:at_most]:
        members[group].append(
            {
                "value": str(pk),
                "$ref": f"{base}/{kind}s/{pk}",
                "type": kind,
                "display": display_name or user_name,
            }
        )
    for found in members.values():
        found.sort(key=lambda member: str(member["value"]))
    return members
