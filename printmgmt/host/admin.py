"""The admin pages of the host's staff: organizations and their limits, accounts, stuck runs."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from printmgmt.deprovisioning.models import DeprovisionRun, RunState
from printmgmt.host.access_audit import LookingAdmin
from printmgmt.host.two_factor import TwoFactorResetMixin
from printmgmt.organizations.models import Account, Organization
from printmgmt.people.models import PersonState


class SeatsFilter(admin.SimpleListFilter):
    """Filters organizations that use more seats than they have."""

    title = gettext_lazy("seats used")
    parameter_name = "seats_used"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [("over", _("More than the limit"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(used__gt=F("seats")) if self.value() == "over" else queryset


LONG = timedelta(hours=1)
"""A run in progress for longer than this is stuck."""


@admin.register(Organization)
class OrganizationAdmin(LookingAdmin):
    """The host can change only the seats; everything else belongs to the customer."""

    object_type = "organization"
    list_display = ("name", "slug", "seats", "seats_used", "require_two_factor", "created_at")
    list_filter = (SeatsFilter,)
    search_fields = ("name", "slug")
    fields = ("name", "slug", "seats", "seats_used", "require_two_factor", "time_zone", "created_at")
    readonly_fields = ("name", "slug", "seats_used", "require_two_factor", "time_zone", "created_at")

    def organizations_of(self, shown: Organization) -> Iterable[Organization]:
        return [shown]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organization]:
        organizations: QuerySet[Organization] = super().get_queryset(request)
        return organizations.annotate(used=Count("people", filter=Q(people__state=PersonState.ACTIVE)))

    @admin.display(description=_("seats used"))
    def seats_used(self, shown: Organization) -> str:
        """The number of active people. It exceeds the seats if people came back."""
        used: int = shown.used  # type: ignore[attr-defined]
        if shown.seats is None or used <= shown.seats:
            return str(used)
        return _("%(used)d of %(seats)d: over the limit") % {"used": used, "seats": shown.seats}


@admin.register(Account)
class AccountAdmin(TwoFactorResetMixin, LookingAdmin):
    """Can disable and enable an account and reset its two-factor authentication.

    Accounts are found only by their full address: there is no list to browse.
    """

    object_type = "account"
    list_display = ("email", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("=email",)
    fields = ("email", "name", "is_active", "is_staff", "last_login", "date_joined")
    readonly_fields = ("email", "name", "is_staff", "last_login", "date_joined")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Account], search_term: str
    ) -> tuple[QuerySet[Account], bool]:
        if not search_term:
            return queryset.none(), False
        return super().get_search_results(request, queryset, search_term)

    def organizations_of(self, shown: Account) -> Iterable[Organization]:
        return Organization.objects.filter(administrators__account=shown)

    def get_readonly_fields(self, request: HttpRequest, obj: Account | None = None) -> tuple[str, ...]:
        # Nobody can lock themselves out.
        own = obj is not None and obj.pk == request.user.pk
        return (*self.readonly_fields, "is_active") if own else self.readonly_fields


@admin.register(DeprovisionRun)
class StuckRunAdmin(LookingAdmin):
    """Runs that need attention or are in progress for too long. Read-only, and without names."""

    object_type = "run"
    list_display = ("id", "organization", "state", "trigger", "cut_at", "next_due_at")
    list_filter = ("state",)
    list_select_related = ("organization",)
    fields = ("id", "organization", "state", "trigger", "requested_at", "cut_at", "next_due_at", "request_id")

    def organizations_of(self, shown: DeprovisionRun) -> Iterable[Organization]:
        return [shown.organization]

    def get_queryset(self, request: HttpRequest) -> QuerySet[DeprovisionRun]:
        late = Q(state=RunState.WORKING, cut_at__lt=timezone.now() - LONG)
        runs: QuerySet[DeprovisionRun] = super().get_queryset(request)
        return runs.filter(late | Q(state=RunState.ATTENTION))

    def has_change_permission(self, request: HttpRequest, obj: DeprovisionRun | None = None) -> bool:
        return False
