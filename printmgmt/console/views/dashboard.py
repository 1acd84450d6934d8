"""The first page of an organization: what needs a person, who is here, who left last."""

from typing import Any

from django.db.models import Count, Q
from django.views.generic import TemplateView

from printmgmt.console.extensions import extensions
from printmgmt.console.mixins import OrganizationMixin
from printmgmt.deprovisioning.models import DeprovisionRun, RunState
from printmgmt.organizations.roles import EVERYONE
from printmgmt.people.models import PersonState, PrintUser

LAST_LEAVERS = 5


class DashboardView(OrganizationMixin, TemplateView):
    template_name = "console/dashboard.html"
    roles = EVERYONE

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        people = PrintUser.objects.of(self.organization).live()
        runs = DeprovisionRun.objects.filter(organization=self.organization)
        return super().get_context_data(
            **kwargs,
            people=people.aggregate(
                active=Count("pk", filter=Q(state=PersonState.ACTIVE)),
                suspended=Count("pk", filter=Q(state=PersonState.SUSPENDED)),
            ),
            runs=runs.aggregate(
                attention=Count("pk", filter=Q(state=RunState.ATTENTION)),
                waiting=Count("pk", filter=Q(state=RunState.WAITING)),
                working=Count("pk", filter=Q(state=RunState.WORKING)),
                settled=Count("pk", filter=Q(state=RunState.SETTLED)),
            ),
            last_runs=runs.select_related("person").order_by("-cut_at", "-id")[:LAST_LEAVERS],
            needs=extensions.attention(self.organization),
            tiles=extensions.dashboard_tiles(self.organization),
        )
