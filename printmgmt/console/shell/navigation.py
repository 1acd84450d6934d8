"""The console's menu: what stands in it, in which order, for whom, and which entry is the current one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from printmgmt.organizations.permissions import LOOK, OVERSEE
from printmgmt.organizations.roles import Role

Text = str | Promise


class Section(TextChoices):
    """The parts of the menu, in their order; the first has no heading."""

    PRINTING = "printing", ""
    ADDONS = "addons", _("Extend")
    ORGANIZATION = "organization", _("Organization")


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """One entry of the menu.

    ``url_name`` is reversed with ``organization=<slug>`` and ``kwargs``. ``match`` names further views on
    which the entry is the current one; a name that ends in ``:`` or ``*`` stands for all that begin so.
    """

    label: Text
    url_name: str
    icon: str
    order: int
    roles: frozenset[Role] = LOOK
    match: tuple[str, ...] = ()
    section: Section = Section.PRINTING
    kwargs: Mapping[str, str] = field(default_factory=dict)

    def is_current(self, view_name: str) -> bool:
        """Tell whether a page of this view belongs to the entry."""
        return view_name == self.url_name or any(
            view_name.startswith(name.rstrip("*")) if name.endswith(("*", ":")) else view_name == name
            for name in self.match
        )


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


CORE_ITEMS = (
    NavigationItem(_("Dashboard"), "console:dashboard", "layout-dashboard", 10),
    NavigationItem(_("People"), "console:people", "users", 20, match=("console:person*",)),
    NavigationItem(_("Groups"), "console:groups", "users-group", 30, match=("console:group*",)),
    NavigationItem(_("Printers"), "console:printers", "printer", 40, match=("console:printer*",)),
    NavigationItem(_("Jobs"), "console:jobs", "file-text", 50, match=("console:job*",)),
    NavigationItem(_("Leavers"), "console:leavers", "door-exit", 60, match=("console:run*",)),
    NavigationItem(
        _("Add-ons"), "addons:catalogue", "puzzle", 10, match=("addons:",), section=Section.ADDONS
    ),
    NavigationItem(_("Audit"), "console:audit", "history", 10, roles=OVERSEE, section=Section.ORGANIZATION),
    NavigationItem(
        _("Administrators"),
        "console:administrators",
        "shield-lock",
        20,
        roles=OVERSEE,
        match=("console:administrator*",),
        section=Section.ORGANIZATION,
    ),
    NavigationItem(
        _("Settings"),
        "console:settings",
        "settings",
        30,
        roles=OVERSEE,
        match=("console:settings*",),
        section=Section.ORGANIZATION,
    ),
)


def menu(
    items: Iterable[NavigationItem], *, organization: str, role: Role, view_name: str
) -> list[NavigationSection]:
    """Return the sections of the menu that ``role`` sees in the organization with this slug.

    An entry whose page does not exist is left out, and so is a section without entries. At most one entry
    is current: the one that names the view most exactly.
    """
    visible = [
        (item, url)
        for item in sorted(items, key=lambda item: item.order)
        if role in item.roles and (url := _url(item, organization)) is not None
    ]
    current = _current([item for item, _url_ in visible], view_name)
    sections = []
    for section in Section:
        entries = [
            NavigationEntry(item.label, url, item.icon, item is current)
            for item, url in visible
            if item.section == section
        ]
        if entries:
            sections.append(NavigationSection(section.label, entries))
    return sections


def landing(organization: str) -> str:
    """Return the URL where someone who enters the organization with this slug starts."""
    return next(filter(None, (_url(item, organization) for item in CORE_ITEMS)), "/")


def _url(item: NavigationItem, organization: str) -> str | None:
    try:
        return reverse(item.url_name, kwargs={"organization": organization, **item.kwargs})
    except NoReverseMatch:
        return None


def _current(items: list[NavigationItem], view_name: str) -> NavigationItem | None:
    """An add-on's own page wins over "Add-ons", which claims everything under ``addons:``."""
    candidates = [item for item in items if item.is_current(view_name)]
    exact = [item for item in candidates if view_name == item.url_name or view_name in item.match]
    return next(iter(exact or candidates), None)
