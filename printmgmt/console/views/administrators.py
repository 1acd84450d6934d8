"""Administrators: who they are, one of them, and what only an owner changes."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Any, ClassVar

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView

from printmgmt.audit.services import record
from printmgmt.console.export import Column, CsvMixin
from printmgmt.console.filters import Filter, FilteredMixin, choose
from printmgmt.console.mixins import OrganizationMixin
from printmgmt.organizations.administrators import (
    LastOwner,
    NotAnOwner,
    change_role,
    end_access,
    return_access,
)
from printmgmt.organizations.models import Administrator, Invitation
from printmgmt.organizations.roles import MANAGERS, Role
from printmgmt.organizations.two_factor import (
    HAS_TWO_FACTOR,
    NoTwoFactor,
    has_two_factor,
    require_two_factor,
)

INVITATIONS_SHOWN = 50
ACTIVE, ENDED = "active", "ended"
OWNERS = frozenset({Role.OWNER})
IS_ACTIVE = Q(disabled_at__isnull=True, account__is_active=True)


class AdministratorsView(FilteredMixin, CsvMixin[Administrator]):
    """Who administers, who is invited, and whether two-factor sign-in is asked of all."""

    template_name = "console/administrators.html"
    context_object_name = "administrators"
    paginate_by = 50
    roles = MANAGERS
    csv_name = "administrators"

    @property
    def csv_columns(self) -> Sequence[Column[Administrator]]:
        return [
            Column(gettext_lazy("Name"), lambda row: row.account.name),
            Column(gettext_lazy("E-mail address"), lambda row: row.account.email),
            Column(gettext_lazy("Role"), Administrator.get_role_display),
            Column(gettext_lazy("Two-factor sign-in"), attrgetter("two_factor")),
            Column(gettext_lazy("Last sign-in"), lambda row: row.account.last_login),
            Column(gettext_lazy("Since"), lambda row: row.created_at),
            Column(gettext_lazy("Access ended"), lambda row: row.disabled_at),
        ]

    def get_queryset(self) -> QuerySet[Administrator]:
        rows = self.organization.administrators.annotate(two_factor=HAS_TWO_FACTOR)
        if role := self.role.value:
            rows = rows.filter(role=role)
        if access := self.access.value:
            rows = rows.filter(IS_ACTIVE) if access == ACTIVE else rows.exclude(IS_ACTIVE)
        if self.search:
            rows = rows.filter(
                Q(account__name__icontains=self.search) | Q(account__email__icontains=self.search)
            )
        return rows.select_related("account").order_by(
            F("disabled_at").desc(nulls_first=True), "account__email"
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        open_ones = self.organization.invitations.filter(accepted_at__isnull=True)
        return super().get_context_data(
            **kwargs,
            invitations=_newest(open_ones),
            invitations_shown=INVITATIONS_SHOWN,
            now=timezone.now(),
            is_owner=self.administrator.role == Role.OWNER,
            has_two_factor=has_two_factor(self.account),
        )

    @property
    def filters(self) -> list[Filter]:
        return [self.role, self.access]

    @property
    def role(self) -> Filter:
        return choose(
            "role", gettext_lazy("Role"), gettext_lazy("Every role"), Role.choices, self.request.GET
        )

    @property
    def access(self) -> Filter:
        choices = ((ACTIVE, gettext_lazy("With access")), (ENDED, gettext_lazy("Access ended")))
        return choose(
            "access",
            gettext_lazy("Access"),
            gettext_lazy("With and without access"),
            choices,
            self.request.GET,
        )


def _newest(invitations: QuerySet[Invitation]) -> QuerySet[Invitation]:
    return invitations.select_related("invited_by").order_by("-created_at")[:INVITATIONS_SHOWN]


class AdministratorMixin(OrganizationMixin):
    """A page about one administrator of this organization."""

    def get_administrator(self) -> Administrator:
        """The administrator in the URL, or 404."""
        rows = self.organization.administrators.select_related("account")
        return get_object_or_404(rows, pk=self.kwargs["administrator"])


class AdministratorView(AdministratorMixin, DetailView[Administrator]):
    """One administrator: sign-in, role, access."""

    template_name = "console/administrator.html"
    context_object_name = "shown"
    roles = MANAGERS

    def get_object(self, queryset: QuerySet[Administrator] | None = None) -> Administrator:
        return self.get_administrator()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = self.object
        owners = self.organization.administrators.active().filter(role=Role.OWNER)
        is_active = shown.disabled_at is None and shown.account.is_active
        return super().get_context_data(
            **kwargs,
            is_active=is_active,
            has_two_factor=has_two_factor(shown.account),
            is_owner=self.administrator.role == Role.OWNER,
            is_self=shown.pk == self.administrator.pk,
            last_owner=is_active and shown.role == Role.OWNER and not owners.exclude(pk=shown.pk).exists(),
            role_choices=[(role, MEANINGS[role]) for role in Role],
        )


MEANINGS = {
    Role.OWNER: gettext_lazy("Everything, and alone: who administers and with which role."),
    Role.ADMIN: gettext_lazy("People, add-ons, tokens, policy; invites everybody but owners."),
    Role.HELPDESK: gettext_lazy("Day by day: suspend and restore people, cards, PINs, devices."),
    Role.AUDITOR: gettext_lazy("Sees everything, changes nothing."),
}


@method_decorator(reauthentication_required(app="allauth.account"), name="post")
class ChangeView(AdministratorMixin):
    """One change by an owner who has shown lately who he is, with its audit event in one transaction."""

    roles = OWNERS
    http_method_names = ["post"]
    verb: ClassVar[str]

    def post(self, request: HttpRequest) -> HttpResponseBase:
        shown = self.get_administrator()
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
        except (LastOwner, NotAnOwner, InvalidRole) as error:
            messages.error(request, str(error))
        else:
            messages.success(request, self.said(shown))
        # Who ended the own access would land on a page that exists no longer.
        if Administrator.objects.active().filter(pk=self.administrator.pk, role__in=MANAGERS).exists():
            return redirect("console:administrators", organization=self.organization.slug)
        return redirect("home")

    def change(self, shown: Administrator) -> dict[str, str]:
        """Do it and return the details of its audit event."""
        raise NotImplementedError

    def said(self, shown: Administrator) -> str:
        """What the message says afterwards."""
        raise NotImplementedError


class InvalidRole(Exception):
    """A role that is none."""

    def __str__(self) -> str:
        return _("Choose a role.")


class AdministratorRoleView(ChangeView):
    verb = "administrator.role-changed"

    def change(self, shown: Administrator) -> dict[str, str]:
        wanted = self.request.POST.get("role", "")
        if wanted not in Role.values:
            raise InvalidRole
        before = change_role(shown, Role(wanted), by=self.administrator)
        return {"before": before, "after": wanted}

    def said(self, shown: Administrator) -> str:
        role = Role(self.request.POST["role"]).label
        return _("%(email)s is now: %(role)s.") % {"email": shown.account.email, "role": role}


class AdministratorRemoveView(ChangeView):
    verb = "administrator.removed"

    def change(self, shown: Administrator) -> dict[str, str]:
        end_access(shown, by=self.administrator)
        return {"role": shown.role}

    def said(self, shown: Administrator) -> str:
        return _("%(email)s has no access any longer.") % {"email": shown.account.email}


class AdministratorRestoreView(ChangeView):
    verb = "administrator.restored"

    def change(self, shown: Administrator) -> dict[str, str]:
        return_access(shown, by=self.administrator)
        return {"role": shown.role}

    def said(self, shown: Administrator) -> str:
        return _("%(email)s has access again.") % {"email": shown.account.email}


@method_decorator(reauthentication_required(app="allauth.account"), name="post")
class TwoFactorRequirementView(OrganizationMixin):
    """Ask two-factor sign-in of everybody, or no longer."""

    roles = OWNERS
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponseBase:
        required = request.POST.get("required") == "yes"
        try:
            with transaction.atomic():
                require_two_factor(self.organization, required, by=self.administrator)
                record(
                    self.organization,
                    "organization.two-factor-required" if required else "organization.two-factor-optional",
                    by=self.actor,
                    object_type="organization",
                    object_id=self.organization.pk,
                    label=self.organization.name,
                )
        except NoTwoFactor as error:
            messages.error(request, str(error))
        else:
            text = (
                _("Everybody needs two-factor sign-in from now on.")
                if required
                else _("Two-factor sign-in is everybody's own choice again.")
            )
            messages.success(request, text)
        return redirect("console:administrators", organization=self.organization.slug)
