"""What is proven: from signs of the log, and from rows that say it by themselves."""

from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Self

from django.db.models import Exists, Max, Min, OuterRef, Q

from addons.models import Installation
from printmgmt.people.models import GroupMembership, GroupNesting, PrintGroup
from scim_sync.models import ScimGroup, ScimUser, Visit
from scim_sync.monitoring.hints.evidence import Evidence, Seen, Sign
from scim_sync.monitoring.hints.kinds import HintKind
from scim_sync.monitoring.hints.people import WITHOUT_VALUE

FEWEST: Final = 3
"""One person without something may be a test; so many in a row, and none with it, are the mapping."""

FEWEST_DELETED: Final = 5
"""More, since who is deleted for good within one cycle is never disabled, whatever the mapping."""

FEWEST_ADDED: Final = 20
LONG: Final = timedelta(days=30)
"""That members are only added is worth a word after so many, and so long."""

GROUPS_NAMED: Final = 5


@dataclass(frozen=True)
class Found:
    """A hint as it is stored: the sign that proves it, how often, when last, and what to look at."""

    sign: str
    count: int
    at: datetime
    since: datetime
    event: int | None = None
    groups: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, sign: Sign, seen: Seen) -> Self:
        return cls(sign.value, seen.count, seen.at, seen.first_at, seen.event)

    @classmethod
    def read(cls, kept: dict[str, Any]) -> Self:
        moments = {name: datetime.fromisoformat(kept[name]) for name in ("at", "since")}
        return cls(**{**kept, **moments})

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "at": self.at.isoformat(), "since": self.since.isoformat()}


def decide(
    installation: Installation, evidence: Evidence, now: datetime, *, replace_adds: bool
) -> dict[HintKind, Found]:
    """The hints that hold now, in six queries at most."""
    proven = {
        HintKind.ACTIVE: _first(
            evidence, (Sign.CREATED_WITHOUT_ACTIVE, FEWEST), (Sign.DELETED_WHILE_ACTIVE, FEWEST_DELETED)
        ),
        HintKind.WHOLE_LISTS: _first(evidence, (Sign.WHOLE_LIST, FEWEST)) if replace_adds else None,
        HintKind.GROUPS_FIRST: _first(evidence, (Sign.UNKNOWN_MEMBERS, FEWEST))
        or _groups_first(installation),
        HintKind.NO_VALUE: _first(evidence, *((sign, FEWEST) for sign in WITHOUT_VALUE.values())),
        HintKind.NESTED: _nested(installation),
    }
    added = evidence.of(Sign.MEMBERS_ADDED, at_least=FEWEST_ADDED)
    if added and added.first_at <= now - LONG and not evidence.of(Sign.MEMBERS_REMOVED):
        proven[HintKind.NEVER_REMOVED] = Found.of(Sign.MEMBERS_ADDED, added)
    return {kind: found for kind, found in proven.items() if found is not None}


def _first(evidence: Evidence, *signs: tuple[Sign, int]) -> Found | None:
    for sign, fewest in signs:
        if seen := evidence.of(sign, at_least=fewest):
            return Found.of(sign, seen)
    return None


def _groups_first(installation: Installation) -> Found | None:
    """Groups that came in a sync before the first person, and are still empty.

    Within one sync groups may well come first, since their members come last.
    """
    first_person = ScimUser.objects.filter(installation=installation).aggregate(at=Min("linked_at"))["at"]
    early = ScimGroup.objects.filter(installation=installation, group__removed_at__isnull=True)
    if first_person is not None:
        visits = Visit.objects.filter(installation=installation, began_at__lte=first_person)
        began = visits.aggregate(at=Max("began_at"))["at"]
        if began is None:  # visits are kept for a while only
            return None
        early = early.filter(linked_at__lt=began)
    members = GroupMembership.objects.filter(group=OuterRef("group"), source=installation.source)
    return _of_groups(early.filter(~Exists(members)), "group", "linked_at", "groups-before-people")


def _nested(installation: Installation) -> Found | None:
    """Groups in groups of which no person arrived."""
    source = installation.source
    members = GroupMembership.objects.filter(group=OuterRef("child"), source=source)
    inner = GroupNesting.objects.filter(parent=OuterRef("child"), source=source)
    rows = GroupNesting.objects.present().filter(Q(parent__organization=installation.organization_id))
    empty = rows.filter(~Exists(members), ~Exists(inner), source=source)
    return _of_groups(empty, "child", "created_at", "empty-group-in-group")


def _of_groups(rows: Any, group: str, at: str, sign: str) -> Found | None:
    newest = list(rows.order_by(f"-{at}", "-pk").values_list(group, at)[:GROUPS_NAMED])
    if not newest:
        return None
    count = len(newest) if len(newest) < GROUPS_NAMED else rows.count()
    moments = [moment for _group, moment in newest]
    return Found(sign, count, max(moments), min(moments), groups=[str(pk) for pk, _at in newest])


def groups_of(found: Found, installation: Installation) -> list[PrintGroup]:
    """The groups of a hint that are still there."""
    groups = PrintGroup.objects.of(installation.organization).present()
    return list(groups.filter(pk__in=found.groups).order_by("display_name_key")) if found.groups else []
