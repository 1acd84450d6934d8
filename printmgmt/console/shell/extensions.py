"""Where add-ons hang what they show in the console. Filled by `addons` at start; nothing here imports one.

Most hooks are *providers*: functions that are called per organization or person, because what an add-on
shows depends on where it is installed. One provider may answer for many add-ons (and ask the database once).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any, Protocol, TypeVar

from django.db.models import Prefetch, QuerySet

from printmgmt.console.shell.navigation import NavigationItem, Text
from printmgmt.organizations.models import Organization
from printmgmt.people.models import CONSOLE, PrintUser

PeopleQuery = TypeVar("PeopleQuery", bound=QuerySet[PrintUser])


@dataclass(frozen=True, slots=True)
class DashboardTile:
    """A card on the dashboard: a template and what it is rendered with."""

    title: Text
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    order: int = 100


@dataclass(frozen=True, slots=True)
class Attention:
    """Something that needs a person now: a line at the top of the dashboard that leads where it is mended."""

    text: Text
    url: str
    note: Text = ""
    icon: str = "alert-triangle"
    urgent: bool = False
    """Whether something is broken already; otherwise it waits or will be."""


@dataclass(frozen=True, slots=True)
class PersonPanel:
    """A card on a person's page."""

    title: Text
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    order: int = 100


@dataclass(frozen=True, slots=True)
class PersonText:
    """A text about people that an add-on keeps, beside our attributes: on their page and in their CSV file.

    ``name`` is what the audit calls it. ``read`` returns the text of a person that
    `with_person_texts` fetched.
    """

    name: str
    label: Text
    read: Callable[[PrintUser], str]


@dataclass(frozen=True, slots=True)
class Source:
    """Where people and groups come from, as the console calls it: label and icon."""

    label: Text
    icon: str


@dataclass(frozen=True, slots=True)
class PeopleSource:
    """Something in an organization that brings people, and the page where it is looked after."""

    label: Text
    url: str


@dataclass(frozen=True, slots=True)
class PeriodicTask:
    """A Celery task that an add-on wants run every ``seconds``."""

    name: str
    task: str
    seconds: float


@dataclass(frozen=True, slots=True)
class DirectoryLeavings:
    """What a directory ordered in a time, and what came of it.

    ``disabled`` and ``deleted`` are orders as they came in, ``started`` the runs of this source in that time.
    ``differences`` say in words why the numbers are not equal, each with how many it explains. Nothing
    explains ``orders_alone``, orders that no run followed, and ``runs_alone``, runs that no order began.
    """

    label: Text
    disabled: int
    deleted: int
    started: int
    differences: tuple[tuple[Text, int], ...] = ()
    url: str = ""
    orders_alone: int = 0
    runs_alone: int = 0

    @property
    def unexplained(self) -> int:
        """How many orders and runs nothing explains: added up, so that one does not hide another."""
        explained = sum(number for _why, number in self.differences) + self.orders_alone - self.runs_alone
        left = abs(self.disabled + self.deleted - self.started - explained)
        return self.orders_alone + self.runs_alone + left


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened to a person: a line, who did it, and optionally a template with the details."""

    at: datetime
    icon: str
    title: Text
    by: str = ""
    url: str = ""
    template: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)


LeavingsProvider = Callable[[Organization, datetime, datetime], Iterable[DirectoryLeavings]]
"""What directories ordered from one moment up to another, one entry a directory."""


class TimelineProvider(Protocol):
    """What happened to a person before a moment (None: up to now): newest first, at most ``limit``.

    ``person.row_ids`` are all the ids the person's history may stand under.
    """

    def __call__(
        self, person: PrintUser, *, before: datetime | None, limit: int
    ) -> Iterable[TimelineEntry]: ...


class Extensions:
    """What is registered, by kind. Reads return fresh lists in the order in which they are shown."""

    def __init__(self) -> None:
        self._navigation: list[Callable[[Organization], Iterable[NavigationItem]]] = []
        self._tiles: list[Callable[[Organization], Iterable[DashboardTile]]] = []
        self._attention: list[Callable[[Organization], Iterable[Attention]]] = []
        self._panels: list[Callable[[PrintUser], Iterable[PersonPanel]]] = []
        self._person_texts: list[
            tuple[Callable[[], Iterable[PersonText]], Callable[[], Prefetch[str, Any, str]]]
        ] = []
        self._owned_fields: list[Callable[[PrintUser], Iterable[str]]] = []
        self._timeline: list[TimelineProvider] = []
        self._sources: dict[str, Source] = {}
        self._leavings: list[LeavingsProvider] = []
        self._people_sources: list[Callable[[Organization], Iterable[PeopleSource]]] = []
        self._source_names: list[Callable[[Organization], Mapping[str, str]]] = []
        self._verbs: dict[str, tuple[Text, str]] = {}
        self._object_types: dict[str, Text] = {}
        self._tasks: dict[str, PeriodicTask] = {}

    def register_navigation(self, provider: Callable[[Organization], Iterable[NavigationItem]]) -> None:
        """Add menu entries; called on every page, so it should cost one query at most."""
        self._navigation.append(provider)

    def register_dashboard_tiles(self, provider: Callable[[Organization], Iterable[DashboardTile]]) -> None:
        """Add cards to the dashboard."""
        self._tiles.append(provider)

    def register_attention(self, provider: Callable[[Organization], Iterable[Attention]]) -> None:
        """Name what needs a person now; called whenever the dashboard is shown, so a few queries at most."""
        self._attention.append(provider)

    def register_person_panels(self, provider: Callable[[PrintUser], Iterable[PersonPanel]]) -> None:
        """Add cards to a person's page."""
        self._panels.append(provider)

    def register_person_texts(
        self, texts: Callable[[], Iterable[PersonText]], prefetch: Callable[[], "Prefetch[str, Any, str]"]
    ) -> None:
        """Add texts to what is shown of people; ``prefetch`` fetches what they are read from."""
        self._person_texts.append((texts, prefetch))

    def register_owned_fields(self, provider: Callable[[PrintUser], Iterable[str]]) -> None:
        """Name the fields of a person that the console shows locked, because ``person.source`` owns them."""
        self._owned_fields.append(provider)

    def register_timeline(self, provider: TimelineProvider) -> None:
        """Add to the timeline on a person's page; called for each page of it, so one query is plenty."""
        self._timeline.append(provider)

    def register_leavings(self, provider: LeavingsProvider) -> None:
        """Count what a directory ordered, for the leavers report."""
        self._leavings.append(provider)

    def register_source(self, prefix: str, source: Source) -> None:
        """Name the sources that begin with ``prefix:`` (an add-on's slug) or are equal to it."""
        self._sources[prefix] = source

    def register_people_sources(self, provider: Callable[[Organization], Iterable[PeopleSource]]) -> None:
        """Name what brings people into an organization; called while its list of people is empty."""
        self._people_sources.append(provider)

    def register_source_names(self, provider: Callable[[Organization], Mapping[str, str]]) -> None:
        """Tell apart the sources of one organization that are called the same: stored source → name.

        Asked on every page that shows a source, so it should cost no query where there is one of each.
        """
        self._source_names.append(provider)

    def register_audit_words(
        self, *, verbs: Mapping[str, tuple[Text, str]], object_types: Mapping[str, Text] | None = None
    ) -> None:
        """Say in words what an add-on writes into the audit: its verbs, each with an icon, and objects."""
        self._verbs |= verbs
        self._object_types |= object_types or {}

    def register_periodic_task(self, task: PeriodicTask) -> None:
        """Have a task run by beat. Registering the same name again replaces it."""
        self._tasks[task.name] = task

    def navigation(self, organization: Organization) -> list[NavigationItem]:
        """Return the menu entries that add-ons have in this organization."""
        items = [item for provider in self._navigation for item in provider(organization)]
        return sorted(items, key=attrgetter("order"))

    def dashboard_tiles(self, organization: Organization) -> list[DashboardTile]:
        """Return the dashboard cards of this organization."""
        tiles = [tile for provider in self._tiles for tile in provider(organization)]
        return sorted(tiles, key=attrgetter("order"))

    def attention(self, organization: Organization) -> list[Attention]:
        """Return what needs a person now in this organization, what is broken already first."""
        needs = [need for provider in self._attention for need in provider(organization)]
        return sorted(needs, key=lambda need: not need.urgent)

    def person_panels(self, person: PrintUser) -> list[PersonPanel]:
        """Return the cards of this person's page."""
        panels = [panel for provider in self._panels for panel in provider(person)]
        return sorted(panels, key=attrgetter("order"))

    def person_texts(self) -> list[PersonText]:
        """Return what add-ons add to the attributes of people."""
        return [text for texts, _prefetch in self._person_texts for text in texts()]

    def with_person_texts(self, people: PeopleQuery) -> PeopleQuery:
        """Fetch what `person_texts` are read from: a query more for each add-on that has some."""
        return people.prefetch_related(*(prefetch() for texts, prefetch in self._person_texts if [*texts()]))

    def owned_fields(self, person: PrintUser) -> frozenset[str]:
        """Return the names of the person's fields that an add-on owns."""
        return frozenset(name for provider in self._owned_fields for name in provider(person))

    def timeline(self, person: PrintUser, *, before: datetime | None, limit: int) -> list[TimelineEntry]:
        """Return what each add-on has to tell, ``limit`` entries of each at most, in no order."""
        return [
            entry for provider in self._timeline for entry in provider(person, before=before, limit=limit)
        ]

    def directory_leavings(
        self, organization: Organization, since: datetime, until: datetime
    ) -> list[DirectoryLeavings]:
        """Return what each directory ordered in a time, beside the runs that followed."""
        return [found for provider in self._leavings for found in provider(organization, since, until)]

    def source(self, text: str) -> Source | None:
        """Return what to call a stored ``source``; None for the console and for sources nobody registered."""
        return None if text == CONSOLE else self._sources.get(text.partition(":")[0])

    def sources(self) -> list[tuple[str, Source]]:
        """Return the registered sources with the prefix they stand under."""
        return list(self._sources.items())

    def people_sources(self, organization: Organization) -> list[PeopleSource]:
        """Return what brings people into this organization."""
        return [source for provider in self._people_sources for source in provider(organization)]

    def source_names(self, organization: Organization) -> dict[str, str]:
        """Return the names of those sources of this organization that are called the same otherwise."""
        return {
            source: name for provider in self._source_names for source, name in provider(organization).items()
        }

    def verbs(self) -> dict[str, tuple[Text, str]]:
        """Return the add-ons' verbs of the audit in words, with their icons."""
        return dict(self._verbs)

    def object_types(self) -> dict[str, Text]:
        """Return what the add-ons' objects in the audit are called."""
        return dict(self._object_types)

    def periodic_tasks(self) -> list[PeriodicTask]:
        """Return the tasks that beat has to run."""
        return list(self._tasks.values())


extensions = Extensions()
