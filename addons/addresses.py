"""The addresses of an installation's pages: the framework's and the add-on's own."""

from typing import Any, Final

from django.urls import reverse

from addons.models import Installation

ROUTE: Final = "<slug:addon>/<uuid:installation>/"
"""The route of an installation's pages, below the organization's add-ons."""


def address_of(installation: Installation, view: str = "addons:details", **more: Any) -> str:
    """The path of a page about ``installation``, whose organization is loaded.

    ``view`` is the name of one of the framework's pages, or of the add-on's own; ``more`` is what its URL
    names besides.
    """
    where = {"organization": installation.organization.slug, "installation": installation.pk, **more}
    if view.startswith("addons:"):
        where["addon"] = installation.slug
    return reverse(view, kwargs=where)
