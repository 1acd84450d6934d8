"""The console's menu: what stands in it, in which order, for whom, and which entry is the current one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from printmgmt.organizations.permissions import LOOK
from printmgmt.organizations.roles import Role

Text = str | Promise


class Section(TextChoices):
    """The parts of the menu, in their order; the first has no heading."""

    PRINTING = "printing", ""
    ADDONS = "addons", _("Extend")
    ORGANIZATION = "organization", _("Organization")


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """One entry of the menu; ``url_name`` is reversed with ``organization=<slug>`` and ``kwargs``.

    It is the current one on every page below its own, unless it stands ``alone``.
    """

    label: Text
    url_name: str
    icon: str
    order: int
    roles: frozenset[Role] = LOOK
    section: Section = Section.PRINTING
    kwargs: Mapping[str, str] = field(default_factory=dict)
    alone: bool = False


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """An entry as the template shows it."""

    label: Text
    url: str
    icon: str
    current: bool


@dataclass(frozen=True, slots=True)
class NavigationSection:
    """A heading (empty for the first part) and its entries."""

    label: Text
    entries: list[NavigationEntry]


def menu(
    items: Iterable[NavigationItem], *, organization: str, role: Role, path: str
) -> list[NavigationSection]:
    """Return the sections of the menu that ``role`` sees in the organization with this slug.

    A section without entries is left out. At most one entry is current: the one whose page is at ``path``,
    or the nearest above it.
    """
    visible = [
        (item, _url(item, organization))
        for item in sorted(items, key=lambda item: item.order)
        if role in item.roles
    ]
    above = [url for item, url in visible if path == url or (path.startswith(url) and not item.alone)]
    current = max(above, key=len, default="")
    sections = []
    for section in Section:
        entries = [
            NavigationEntry(item.label, url, item.icon, url == current)
            for item, url in visible
            if item.section == section
        ]
        if entries:
            sections.append(NavigationSection(section.label, entries))
    return sections


def landing(items: Iterable[NavigationItem], organization: str) -> str:
    """Return the URL where someone who enters the organization with this slug starts: the first entry's."""
    return _url(min(items, key=lambda item: (list(Section).index(item.section), item.order)), organization)


def _url(item: NavigationItem, organization: str) -> str:
    return reverse(item.url_name, kwargs={"organization": organization, **item.kwargs})
