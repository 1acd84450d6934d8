"""What each role may do, read off the permissions that the views check."""

from typing import Any

from django.views.generic import TemplateView

from printmgmt.console.shell.mixins import OrganizationMixin
from printmgmt.console.shell.pages import page
from printmgmt.organizations.permissions import LOOK, PERMISSIONS
from printmgmt.organizations.roles import Role


def roles_table() -> dict[str, Any]:
    """Return what ``_roles.html`` shows: each permission's words, and for each role whether it has it."""
    rows = [(permission.label, [role in permission for role in Role]) for permission in PERMISSIONS]
    return {"roles": list(Role), "permissions": rows}


@page("administrators/roles/", "console:administrator_roles")
class RolesView(OrganizationMixin, TemplateView):
    template_name = "console/administrators/roles.html"
    roles = LOOK

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, **roles_table())
