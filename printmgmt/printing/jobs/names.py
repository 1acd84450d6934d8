"""Who was called what, and when: the names of people that the names on a print server may mean."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Left

from printmgmt.organizations.models import Organization
from printmgmt.people.models import LIVE_STATES, PersonState, PrintAlias
from printmgmt.people.names import name_key

CLOCK_ERROR: Final = timedelta(seconds=2)
"""Servers tell times in whole seconds, so a job may seem this much older or younger than it is."""

CUT: Final = 32
"""Bytes of a name that a server keeps, if it cuts names (CUPS: the size of its buffers)."""

_PREFIX: Final = 8
"""Characters by which the full names of a cut name are looked up: 32 bytes of UTF-8 are at least as many."""


class Holding(NamedTuple):
    """A name that was, or is, a person's, as `PrintAlias` has it, with what matters of the person."""

    value: str
    key: str
    local_key: str
    since: datetime
    until: datetime | None
    person: UUID
    state: str
    removed_at: datetime | None
    created_at: datetime
    user_name_key: str

    @property
    def is_current(self) -> bool:
        """Whether it is the name of someone who is not removed."""
        return self.until is None and self.state in LIVE_STATES

    @property
    def is_erased(self) -> bool:
        """Whether the personal data of its holder have been erased."""
        return self.state == PersonState.ANONYMISED

    @property
    def is_older_than_known(self) -> bool:
        """Whether it may have been the person's before ``since``, which is only when the console heard of it:
        they came with it, or it is their user name, which a directory renames minutes after the fact.
        """
        return self.since <= self.created_at or (self.is_current and self.key == self.user_name_key)

    def covers(self, at: datetime) -> bool:
        """Whether the name was the person's then. Removing a person ends their names, too."""
        ends = [end for end in (self.until, self.removed_at) if end is not None]
        return self.since - CLOCK_ERROR <= at and all(at < end + CLOCK_ERROR for end in ends)

    def is_left_over(self, at: datetime) -> bool:
        """Whether the name was free then because its holder had been removed, and for no other reason."""
        return self.until is None and self.removed_at is not None and self.removed_at <= at


Holdings = Mapping[str, list[Holding]]
"""The key that was asked for → whose name it is."""


def names_like(organization: Organization, keys: Iterable[str]) -> Holdings:
    """Return the holders of whole names, by key. One statement."""
    found: dict[str, list[Holding]] = defaultdict(list)
    for holding in _holdings(PrintAlias.objects.filter(organization=organization, value_key__in=set(keys))):
        found[holding.key].append(holding)
    return found


def names_with_local_part(organization: Organization, keys: Iterable[str]) -> Holdings:
    """Return the holders of names that begin with one of ``keys`` and ``@``, or are one. One statement."""
    found: dict[str, list[Holding]] = defaultdict(list)
    for holding in _holdings(PrintAlias.objects.filter(organization=organization, local_key__in=set(keys))):
        found[holding.local_key].append(holding)
    return found


def names_cut_to(organization: Organization, texts: Iterable[str]) -> Holdings:
    """Return the holders of names of which a server keeps only ``texts``, by the key of the text.

    One statement. With the setting *local part too*, that part may be what was cut.
    """
    wanted = {name_key(text) for text in texts}
    rows = PrintAlias.objects.filter(organization=organization)
    found: dict[str, list[Holding]] = defaultdict(list)
    for holding in _holdings(alike(rows, cut=wanted)):
        whole = [holding.value]
        if organization.match_local_part:
            whole.append(holding.value.partition("@")[0])
        for key in {name_key(cut_name(name)) for name in whole if len(name.encode()) > CUT} & wanted:
            found[key].append(holding)
    return found


def alike(
    rows: QuerySet[PrintAlias], keys: Collection[str] = (), *, cut: Iterable[str] = ()
) -> QuerySet[PrintAlias]:
    """Return those of these names that are one of ``keys`` or begin with one and ``@``, and those that begin
    as one of ``cut``, the keys of names that a server may have cut: the caller compares the rest.
    """
    same = Q(value_key__in=keys) | Q(local_key__in=keys)
    if starts := {key[:_PREFIX] for key in cut}:
        rows = rows.annotate(start=Left("value_key", _PREFIX))
        same |= Q(start__in=starts)
    return rows.filter(same)


def may_be_cut(text: str) -> bool:
    """Whether a server may have cut the name: between characters, so that up to three bytes are missing."""
    return CUT - 3 <= len(text.encode()) <= CUT


def cut_name(name: str) -> str:
    """Return what is left of a name in 32 bytes."""
    return name.encode()[:CUT].decode(errors="ignore")


def _holdings(rows: QuerySet[PrintAlias]) -> Iterable[Holding]:
    columns = (
        *("value", "value_key", "local_key", "valid_from", "valid_until"),
        *("person_id", "person__state", "person__removed_at", "person__created_at", "person__user_name_key"),
    )
    return map(Holding._make, rows.order_by().values_list(*columns))
