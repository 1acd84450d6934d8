"""Administrators: who they are, and one of them."""

from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView

from printmgmt.console.administrators.words import ended_words
from printmgmt.console.shell.columns import Column, moment
from printmgmt.console.shell.filters import Select
from printmgmt.console.shell.lists import Action, ListPage
from printmgmt.console.shell.mixins import OrganizationMixin
from printmgmt.console.shell.navigation import Section
from printmgmt.console.shell.pages import Menu, page
from printmgmt.deprovisioning.models import DeprovisionRun
from printmgmt.organizations.models import Administrator, Invitation
from printmgmt.organizations.permissions import ADMINISTER, INVITE, OVERSEE, role_words
from printmgmt.organizations.roles import Role
from printmgmt.organizations.two_factor import HAS_TWO_FACTOR, has_two_factor

INVITATIONS_SHOWN = 50
ACTIVE, ENDED = "active", "ended"
IS_ACTIVE = Q(disabled_at__isnull=True, account__is_active=True)


ROLE = Column[Administrator](
    gettext_lazy("Role"),
    Administrator.get_role_display,
    template="console/administrators/_role.html",
    context={"administrator": lambda row: row},
)
LAST_SIGN_IN: Column[Administrator] = moment(gettext_lazy("Last sign-in"), attrgetter("account.last_login"))
SINCE: Column[Administrator] = moment(gettext_lazy("Since"), attrgetter("created_at"))
TWO_FACTOR = Column[Administrator](
    gettext_lazy("Two-factor authentication"),
    attrgetter("two_factor"),
    template="console/administrators/_two_factor.html",
    context={"on": attrgetter("two_factor")},
)


def _with_access(rows: QuerySet[Administrator], access: str) -> QuerySet[Administrator]:
    return rows.filter(IS_ACTIVE) if access == ACTIVE else rows.exclude(IS_ACTIVE)


@page(
    "administrators/",
    "console:administrators",
    menu=Menu(gettext_lazy("Administrators"), "shield-lock", 20, Section.ORGANIZATION),
)
class AdministratorsView(ListPage[Administrator]):
    """Administrators, invitations, and whether everyone needs two-factor authentication."""

    template_name = "console/administrators/administrators.html"
    roles = OVERSEE
    title = gettext_lazy("Administrators")
    lead = gettext_lazy("Who may sign in to this console, and what each may do.")
    actions = (
        Action(gettext_lazy("Roles"), "console:administrator_roles", "shield-lock", primary=False),
        Action(gettext_lazy("Invite"), "console:administrator_invite", "user-plus", INVITE),
    )
    columns = (
        Column(
            gettext_lazy("Administrator"),
            template="console/administrators/_administrator.html",
            context={"account": lambda row: row.account},
        ),
        ROLE,
        TWO_FACTOR,
        LAST_SIGN_IN,
        SINCE,
    )
    row_page = ("console:administrator", "administrator")
    filters = (
        Select("role", gettext_lazy("Role"), gettext_lazy("All roles"), Role.choices),
        Select(
            "access",
            gettext_lazy("Access"),
            gettext_lazy("With and without access"),
            ((ACTIVE, gettext_lazy("With access")), (ENDED, gettext_lazy("Access ended"))),
            narrow=_with_access,
        ),
    )
    placeholder = gettext_lazy("Name or email")
    nothing_fits = gettext_lazy("No matches")
    csv_name = "administrators"
    csv = (
        Column(gettext_lazy("Name"), lambda row: row.account.name),
        Column(gettext_lazy("Email address"), lambda row: row.account.email),
        ROLE,
        TWO_FACTOR,
        LAST_SIGN_IN,
        SINCE,
        Column(gettext_lazy("Access ended"), lambda row: row.disabled_at),
        Column(gettext_lazy("Reason"), ended_words),
    )

    def rows(self) -> QuerySet[Administrator]:
        rows = self.organization.administrators.annotate(two_factor=HAS_TWO_FACTOR)
        return rows.select_related("account").order_by(
            F("disabled_at").desc(nulls_first=True), "account__email"
        )

    def find(self, rows: QuerySet[Administrator], text: str) -> QuerySet[Administrator]:
        return rows.filter(Q(account__name__icontains=text) | Q(account__email__icontains=text))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        open_ones = self.organization.invitations.filter(accepted_at__isnull=True)
        return super().get_context_data(
            **kwargs,
            invitations=_newest(open_ones),
            invitations_shown=INVITATIONS_SHOWN,
            now=timezone.now(),
            may_invite=self.administrator.role in INVITE,
            is_owner=self.administrator.role in ADMINISTER,
            has_two_factor=has_two_factor(self.account),
        )


def _newest(invitations: QuerySet[Invitation]) -> QuerySet[Invitation]:
    return invitations.select_related("invited_by").order_by("-created_at")[:INVITATIONS_SHOWN]


class AdministratorMixin(OrganizationMixin):
    """A page about one administrator of this organization."""

    def get_administrator(self) -> Administrator:
        """The administrator in the URL, or 404."""
        rows = self.organization.administrators.select_related("account")
        return get_object_or_404(rows, pk=self.kwargs["administrator"])


@page("administrators/<int:administrator>/", "console:administrator")
class AdministratorView(AdministratorMixin, DetailView[Administrator]):
    """One administrator: sign-in, role, access."""

    template_name = "console/administrators/administrator.html"
    context_object_name = "shown"
    roles = OVERSEE

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
            is_owner=self.administrator.role in ADMINISTER,
            is_self=shown.pk == self.administrator.pk,
            kept_by=self._run(shown.kept_by_run),
            ended_by=self._run(shown.disabled_by_run),
            last_owner=is_active and shown.role == Role.OWNER and not owners.exclude(pk=shown.pk).exists(),
            role_choices=[(role, role_words(role)) for role in Role],
        )

    def _run(self, pk: UUID | None) -> DeprovisionRun | None:
        if pk is None:
            return None
        runs = DeprovisionRun.objects.filter(organization=self.organization, pk=pk)
        return runs.select_related("person").first()
