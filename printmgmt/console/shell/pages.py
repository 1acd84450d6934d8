"""Pages say beside their view where they are: address, name and entry of the menu, once.

    @page("leavers/", "console:leavers", menu=Menu(_("Leavers"), "door-exit", 60))
    class LeaversView(ListPage[DeprovisionRun]):

A feature's ``urls.py`` is `addresses` of its package. Whatever else has to know every page reads them there:
the menu takes its roles from the view, tests take access, exports and lists from it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pkgutil import walk_packages
from typing import TypeVar

from django.urls import URLPattern, path

from printmgmt.console.shell.mixins import OrganizationMixin
from printmgmt.console.shell.navigation import NavigationItem, Section, Text

View = TypeVar("View", bound=type[OrganizationMixin])


@dataclass(frozen=True)
class Menu:
    """A page's entry in the menu; it is the current one on every page below its address, too."""

    label: Text
    icon: str
    order: int
    section: Section = Section.PRINTING
    alone: bool = False
    """Whether it is the current one on its own page only."""


@dataclass(frozen=True)
class Page:
    """A view and where it is: below its organization, or below its add-on."""

    view: type[OrganizationMixin]
    route: str
    name: str
    menu: Menu | None


_pages: list[Page] = []


def page(route: str, name: str, *, menu: Menu | None = None) -> Callable[[View], View]:
    """Declare the address of a view: ``route`` as `django.urls.path` takes it, ``name`` with its namespace.

    ``menu`` is for pages of every organization; an add-on hangs its own with `register_navigation`.
    """

    def declare(view: View) -> View:
        _pages.append(Page(view, route, name, menu))
        return view

    return declare


def addresses(package: str) -> list[URLPattern]:
    """The URL patterns of all pages that a module, or the modules of a package, declare."""
    module = import_module(package)
    for found in walk_packages(getattr(module, "__path__", ()), f"{package}."):
        import_module(found.name)
    return [
        path(declared.route, declared.view.as_view(), name=declared.name.partition(":")[2])
        for declared in _pages
        if f"{declared.view.__module__}.".startswith(f"{package}.")
    ]


def all_pages() -> list[Page]:
    """Every page; complete once the URLs are loaded."""
    return list(_pages)


def menu_items() -> list[NavigationItem]:
    """The menu's entries that every organization has; complete once the URLs are loaded."""
    return [
        NavigationItem(
            menu.label,
            declared.name,
            menu.icon,
            menu.order,
            roles=declared.view.roles | declared.view.readers,
            section=menu.section,
            alone=menu.alone,
        )
        for declared in _pages
        if (menu := declared.menu) is not None
    ]
