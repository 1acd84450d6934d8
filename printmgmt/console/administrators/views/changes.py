"""What only an owner changes: the role and the access of an administrator."""

from dataclasses import dataclass, field
from typing import ClassVar

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _

from printmgmt.audit.services import record
from printmgmt.console.administrators.views.administrators import AdministratorMixin
from printmgmt.console.shell.pages import page
from printmgmt.console.shell.undo import success
from printmgmt.organizations.administrators import (
    AdministrationError,
    change_role,
    decline_return,
    end_access,
    keep_access,
    return_access,
)
from printmgmt.organizations.models import Administrator
from printmgmt.organizations.permissions import ADMINISTER, OVERSEE
from printmgmt.organizations.roles import Role


@dataclass(frozen=True)
class Undo:
    """What a message offers to take a change back: a POST to ``url`` with ``fields``. Empty: nothing."""

    url: str = ""
    fields: dict[str, list[str]] = field(default_factory=dict)


@method_decorator(reauthentication_required(app="allauth.account"), name="post")
class ChangeView(AdministratorMixin):
    """One change by an owner who has shown lately who he is, with its audit event in one transaction."""

    roles = ADMINISTER
    http_method_names = ["post"]
    verb: ClassVar[str]

    def post(self, request: HttpRequest) -> HttpResponseBase:
        shown = self.get_administrator()
        undo = self.undo(shown)
        try:
            with transaction.atomic():
                details = self.change(shown)
                record(
                    self.organization,
                    self.verb,
                    by=self.actor,
                    object_type="administrator",
                    object_id=shown.pk,
                    label=shown.account.email,
                    **details,
                )
        except AdministrationError as error:
            messages.error(request, str(error))
        else:
            success(request, self.success_text(shown), undo_url=undo.url, undo_fields=undo.fields)
        # Who ended the own access would land on a page that exists no longer.
        if Administrator.objects.active().filter(pk=self.administrator.pk, role__in=OVERSEE).exists():
            return redirect("console:administrators", organization=self.organization.slug)
        return redirect("home")

    def change(self, shown: Administrator) -> dict[str, str]:
        """Do it and return the details of its audit event."""
        raise NotImplementedError("Subclasses must implement change()")

    def success_text(self, shown: Administrator) -> str:
        """The message after the change."""
        raise NotImplementedError("Subclasses must implement success_text()")

    def undo(self, shown: Administrator) -> Undo:
        """The address that undoes the change, or None; called before the change."""
        return Undo()

    def post_to(self, change: str, shown: Administrator, **fields: str) -> Undo:
        """The view ``change`` of the same administrator; nothing where it is the own row.

        Someone who ended their own access, or is no longer an owner, cannot undo it.
        """
        if shown.pk == self.administrator.pk:
            return Undo()
        where = {"organization": self.organization.slug, "administrator": shown.pk}
        arguments = {name: [value] for name, value in fields.items()}
        return Undo(reverse(f"console:{change}", kwargs=where), arguments)


class InvalidRole(AdministrationError):
    """A role that is none."""

    def __str__(self) -> str:
        return _("Choose a role.")


@page("administrators/<int:administrator>/role/", "console:administrator_role")
class AdministratorRoleView(ChangeView):
    verb = "administrator.role-changed"

    def change(self, shown: Administrator) -> dict[str, str]:
        wanted = self.request.POST.get("role", "")
        if wanted not in Role.values:
            raise InvalidRole
        before = change_role(shown, Role(wanted), by=self.administrator)
        return {"before": before, "after": wanted}

    def undo(self, shown: Administrator) -> Undo:
        return self.post_to("administrator_role", shown, role=shown.role)

    def success_text(self, shown: Administrator) -> str:
        role = Role(self.request.POST["role"]).label
        return _("%(email)s now has the role %(role)s.") % {"email": shown.account.email, "role": role}


@page("administrators/<int:administrator>/remove/", "console:administrator_remove")
class AdministratorRemoveView(ChangeView):
    verb = "administrator.removed"

    def change(self, shown: Administrator) -> dict[str, str]:
        end_access(shown, by=self.administrator)
        return {"role": shown.role}

    def undo(self, shown: Administrator) -> Undo:
        # Of someone who had left already it would give back more than was taken.
        return Undo() if shown.disabled_at else self.post_to("administrator_restore", shown)

    def success_text(self, shown: Administrator) -> str:
        return _("%(email)s no longer has access.") % {"email": shown.account.email}


@page("administrators/<int:administrator>/restore/", "console:administrator_restore")
class AdministratorRestoreView(ChangeView):
    verb = "administrator.restored"

    def change(self, shown: Administrator) -> dict[str, str]:
        return_access(shown, by=self.administrator)
        return {"role": shown.role}

    def success_text(self, shown: Administrator) -> str:
        return _("%(email)s has access again.") % {"email": shown.account.email}


@page("administrators/<int:administrator>/keep-ended/", "console:administrator_keep_ended")
class AdministratorKeepEndedView(ChangeView):
    """Whose access ended with a leaving is back as a person, and does not get it back."""

    verb = "administrator.access-not-restored"

    def change(self, shown: Administrator) -> dict[str, str]:
        decline_return(shown, by=self.administrator)
        return {"role": shown.role}

    def success_text(self, shown: Administrator) -> str:
        return _("Access stays removed for %(email)s.") % {"email": shown.account.email}


@page("administrators/<int:administrator>/keep-access/", "console:administrator_keep_access")
class AdministratorKeepAccessView(ChangeView):
    """Who left as a person goes on administering."""

    verb = "administrator.access-continued"

    def change(self, shown: Administrator) -> dict[str, str]:
        keep_access(shown, by=self.administrator)
        return {"role": shown.role}

    def success_text(self, shown: Administrator) -> str:
        return _("%(email)s keeps access.") % {"email": shown.account.email}
