"""Reading people: all that a directory sees of each of them, in one statement that is compiled once."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple, cast
from uuid import UUID

from django.db.models import F, FilteredRelation, OuterRef, Q, QuerySet, TextField, UUIDField
from django.db.models.functions import JSONObject

from addons.models import Installation
from printmgmt.people.models import GroupMembership, PersonState, PrintAlias, PrintUser
from printmgmt.people.names import name_key
from printmgmt.statements import Among, Columns, Given, GivenList, JsonRows, Select
from scim_sync.adapters.functions import IdText
from scim_sync.models import ScimUser
from scim_sync.protocol.limits import MAX_PAGE

FORMER_NAMES: Final = PrintAlias.objects.filter(valid_until__isnull=False)


class Seen(NamedTuple):
    """What a directory sees of a person beside the person's own row.

    ``link`` may be one that it dropped. A person who returned to a former name has it no longer among
    ``former_names``. ``groups`` have ``value`` (the id) and ``display``.
    """

    link: ScimUser | None = None
    former_names: Sequence[str] = ()
    groups: Sequence[dict[str, str]] = ()


def people_of(installation: Installation) -> QuerySet[PrintUser]:
    """Return the people that a directory sees, for filters: those of its organization who are not removed."""
    link = Q(scim_links__installation=installation, scim_links__dropped_at__isnull=True)
    people = PrintUser.objects.of(installation.organization).live()
    return people.annotate(link=FilteredRelation("scim_links", condition=link))


def tombstones_of(installation: Installation, user_name: str) -> QuerySet[PrintUser]:
    """Return removed people with this user name, from any source, the last removed first.

    Leaves out people who were merged into another one.
    """
    people = PrintUser.objects.of(installation.organization).unmerged()
    removed = people.filter(user_name_key=name_key(user_name), state=PersonState.REMOVED)
    return removed.order_by("-removed_at")


def read_people(installation: Installation, ids: Sequence[UUID]) -> list[PrintUser]:
    """Return the people with these ids whom the directory sees, with `seen_of`, in the order of ``ids``."""
    if len(ids) == 1:
        return _READ_ONE(**_of(installation), id=ids[0])
    found = {person.pk: person for person in _READ_MANY(**_of(installation), ids=ids)}
    return [found[pk] for pk in ids if pk in found]


def look_up(installation: Installation, attribute: str, text: str) -> list[PrintUser]:
    """Return the people whose ``attribute``, one of LOOKUPS, has the key ``text``, in the order of lists.

    At most one more than fit a page.
    """
    return LOOKUPS[attribute](**_of(installation), text=text)


def see(people: Sequence[PrintUser], installation: Installation) -> None:
    """Read `seen_of` for people of the directory's organization who were just locked."""
    found = dict(_SEE(**_of(installation), ids=[person.pk for person in people])) if people else {}
    for person in people:
        _keep(person, found.get(person.pk, Seen()))


def seen_of(person: PrintUser) -> Seen:
    """Return what was read of a person; nothing for a new one."""
    return cast(Seen, getattr(person, "_seen", Seen()))


def _keep(person: PrintUser, seen: Seen) -> None:
    person._seen = seen  # type: ignore[attr-defined]  # kept where the adapter of a host finds it, too


def _of(installation: Installation) -> dict[str, Any]:
    return {
        "organization": installation.organization_id,
        "installation": installation.pk,
        "source": installation.source,
    }


_PERSON: Final = Columns(PrintUser)
_LINK: Final = Columns(ScimUser, below="kept", without=["folded"])  # for filters only, and as large again


def _seen(people: QuerySet[PrintUser], *selected: str) -> QuerySet[PrintUser, Any]:
    """Select columns of people of the organization, and the parts of Seen."""
    link = Q(scim_links__installation=Given("installation", UUIDField()))
    names = FORMER_NAMES.filter(person=OuterRef("pk")).exclude(value_key=OuterRef("user_name_key"))
    groups = GroupMembership.objects.present().filter(
        person=OuterRef("pk"), source=Given("source", TextField())
    )
    group = JSONObject(value=IdText(F("group_id")), display="group__display_name")
    return (
        people.filter(organization=Given("organization", UUIDField()))
        .annotate(kept=FilteredRelation("scim_links", condition=link))
        .values_list(
            *selected,
            *_LINK.selected,
            JsonRows(names.values(item=JSONObject(value="value"))),
            JsonRows(groups.order_by("group_id").values(item=group)),
        )
    )


def _take_seen(values: Iterator[Any]) -> Seen:
    return Seen(_LINK.take(values), [name["value"] for name in next(values)], next(values))


def _person(row: Sequence[Any]) -> PrintUser:
    values = iter(row)
    person = cast(PrintUser, _PERSON.take(values))
    _keep(person, _take_seen(values))
    return person


def _id_and_seen(row: Sequence[Any]) -> tuple[UUID, Seen]:
    values = iter(row)
    return next(values), _take_seen(values)


def _read(which: Q | Among) -> QuerySet[PrintUser, Any]:
    return _seen(PrintUser.objects.live(), *_PERSON.selected).filter(which)


def _look_up(which: Q) -> Select[PrintUser]:
    return Select(lambda: _read(which).order_by("created_at", "id")[: MAX_PAGE + 1], _person)


_TEXT: Final = Given("text", TextField())
_AMONG_IDS: Final = Among(F("pk"), GivenList("ids", UUIDField()))
_READ_ONE: Final = Select(lambda: _read(Q(pk=Given("id", UUIDField()))), _person)
_READ_MANY: Final = Select(lambda: _read(_AMONG_IDS), _person)
_SEE: Final = Select(lambda: _seen(PrintUser.objects.filter(_AMONG_IDS), "pk"), _id_and_seen)

LOOKUPS: Final = {
    "userName": _look_up(Q(user_name_key=_TEXT)),
    "externalId": _look_up(Q(kept__external_id=_TEXT, kept__dropped_at__isnull=True)),
}
"""The attributes by which directories look for one person before they write, each with its index."""
