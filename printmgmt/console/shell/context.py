"""What every console template knows: whose console this is, who looks, the menu and the version."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from printmgmt.console.shell.extensions import extensions
from printmgmt.console.shell.navigation import NavigationSection, landing, menu
from printmgmt.console.shell.pages import menu_items
from printmgmt.organizations.models import Administrator, Organization
from printmgmt.organizations.roles import Role
from printmgmt.version import version


@dataclass(frozen=True, slots=True)
class OrganizationLink:
    """An organization to switch to."""

    name: str
    url: str
    current: bool


def console(request: HttpRequest) -> dict[str, Any]:
    """Return ``organization``, ``administrator``, ``role``, ``organizations``, ``landing``, ``navigation``
    and ``version``.

    Outside an organization (sign-in, error pages) the first three are None and the lists empty. Nothing
    here fails when a middleware or mixin did not run, since error pages are rendered with it too. The
    lists cost a query each, so they wait until a template asks: fragments for htmx do not.
    """
    organization = getattr(request, "organization", None)
    administrator = getattr(request, "administrator", None)
    context: dict[str, Any] = {
        "organization": organization,
        "administrator": administrator,
        "role": administrator.role if administrator else None,
        "organizations": [],
        "landing": "/",
        "navigation": [],
        "version": version(),
    }
    if organization is not None and administrator is not None:
        context["organizations"] = SimpleLazyObject(lambda: _organizations(administrator))
        context["landing"] = landing(menu_items(), organization.slug)
        context["navigation"] = SimpleLazyObject(lambda: _navigation(request, organization, administrator))
    return context


def _organizations(administrator: Administrator) -> list[OrganizationLink]:
    others = Organization.objects.filter(
        administrators__account_id=administrator.account_id, administrators__disabled_at__isnull=True
    )
    return [
        OrganizationLink(
            other.name, landing(menu_items(), other.slug), other.pk == administrator.organization_id
        )
        for other in others
    ]


def _navigation(
    request: HttpRequest, organization: Organization, administrator: Administrator
) -> list[NavigationSection]:
    return menu(
        [*menu_items(), *extensions.navigation(organization)],
        organization=organization.slug,
        role=Role(administrator.role),
        path=request.path,
    )
