"""Administrators: who they are, and one of them."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView

from printmgmt.console.administrators.words import ended_words
from printmgmt.console.shell.export import Column, CsvMixin
from printmgmt.console.shell.filters import Filter, FilteredMixin, choose
from printmgmt.console.shell.mixins import OrganizationMixin
from printmgmt.deprovisioning.models import DeprovisionRun
from printmgmt.organizations.models import Administrator, Invitation
from printmgmt.organizations.permissions import ADMINISTER, INVITE, OVERSEE, role_words
from printmgmt.organizations.roles import Role
from printmgmt.organizations.two_factor import HAS_TWO_FACTOR, has_two_factor

INVITATIONS_SHOWN = 50
ACTIVE, ENDED = "active", "ended"
IS_ACTIVE = Q(disabled_at__isnull=True, account__is_active=True)


class AdministratorsView(FilteredMixin, CsvMixin[Administrator]):
    """Who administers, who is invited, and whether two-factor sign-in is asked of all."""

    template_name = "console/administrators/administrators.html"
    context_object_name = "administrators"
    paginate_by = 50
    roles = OVERSEE
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
            Column(gettext_lazy("How it ended"), ended_words),
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
            may_invite=self.administrator.role in INVITE,
            is_owner=self.administrator.role in ADMINISTER,
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
