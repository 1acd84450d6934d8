"""Reading groups: those that a directory sees, with its link to each."""

from collections.abc import Sequence
from typing import Any, Final, cast
from uuid import UUID

from django.db.models import (
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    TextField,
    UUIDField,
)

from addons.models import Installation
from addons.others import beside, sources_of_others
from printmgmt.people.models import CONSOLE, PrintGroup, PrintGroupQuerySet
from printmgmt.statements import Among, Columns, Given, GivenList, Select
from scim_sync.models import ScimGroup


def groups_of(installation: Installation) -> QuerySet[PrintGroup]:
    """Return the groups that a directory sees: its own and those it could link, without deleted ones.

    Leaves out groups of other directories. Of two groups with one name, its own wins over the
    console's.
    """
    return kept_groups_of(installation).present()


def kept_groups_of(installation: Installation) -> PrintGroupQuerySet:
    """Return the same groups, and deleted ones that are not erased yet."""
    groups = PrintGroup.objects.of(installation.organization)
    others = Q(source__in=sources_of_others(installation))
    links = ScimGroup.objects.filter(installation=installation)
    return (
        _visible(groups, source=installation.source, others=others)
        .annotate(link=FilteredRelation("scim_links", condition=Q(scim_links__installation=installation)))
        .prefetch_related(Prefetch("scim_links", links, to_attr="links"))
    )


def read_groups(installation: Installation, ids: Sequence[UUID]) -> list[PrintGroup]:
    """Return the groups with these ids whom the directory sees, in the order of ``ids``; members not read."""
    given: dict[str, Any] = {
        "organization": installation.organization_id,
        "installation": installation.pk,
        "source": installation.source,
    }
    if len(ids) == 1:
        return _READ_ONE(**given, id=ids[0])
    found = {group.pk: group for group in _READ_MANY(**given, ids=ids)}
    return [found[pk] for pk in ids if pk in found]


def _visible(groups: PrintGroupQuerySet, *, source: str | Given, others: Q) -> PrintGroupQuerySet:
    own = groups.present().filter(source=source, display_name_key=OuterRef("display_name_key"))
    return groups.exclude(others).filter(~Q(source=CONSOLE) | ~Exists(own))


_GROUP: Final = Columns(PrintGroup)
_LINK: Final = Columns(ScimGroup, below="link")


def _read(which: Q | Among) -> QuerySet[PrintGroup, Any]:
    organization = Given("organization", UUIDField())
    installation = Given("installation", UUIDField())
    groups = PrintGroup.objects.filter(organization=organization)
    others = Q(source__in=beside(organization, installation).values("source"))
    link = Q(scim_links__installation=installation)
    return (
        _visible(groups, source=Given("source", TextField()), others=others)
        .present()
        .annotate(link=FilteredRelation("scim_links", condition=link))
        .filter(which)
        .values_list(*_GROUP.selected, *_LINK.selected)
    )


def _group(row: Sequence[Any]) -> PrintGroup:
    values = iter(row)
    group = cast(PrintGroup, _GROUP.take(values))
    link = _LINK.take(values)
    group.links = [link] if link else []  # type: ignore[attr-defined]  # as prefetched by `kept_groups_of`
    return group


_READ_ONE: Final = Select(lambda: _read(Q(pk=Given("id", UUIDField()))), _group)
_READ_MANY: Final = Select(lambda: _read(Among(F("pk"), GivenList("ids", UUIDField()))), _group)
