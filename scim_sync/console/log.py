"""The provisioning log: what the directory did, what was refused, why, and what to do."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.views.generic import DetailView

from addons.mixins import InstallationMixin
from printmgmt.console.shell.export import Column, CsvMixin
from printmgmt.deprovisioning.models import DeprovisionRun
from printmgmt.organizations.permissions import LOOK
from scim_sync.console.log_filters import LogFilters
from scim_sync.console.log_pages import log_page
from scim_sync.console.mentions import pieces_of
from scim_sync.models import LARGE, Action, ProvisioningEvent
from scim_sync.provisioning_log.causes import explain


class LogView(InstallationMixin, CsvMixin[ProvisioningEvent]):
    """Events, the newest first; search and filters in the URL; a million rows are paged without counting."""

    template_name = "scim_sync/log.html"
    roles = LOOK
    csv_name = "provisioning-log"

    @property
    def csv_columns(self) -> Sequence[Column[ProvisioningEvent]]:
        return [
            Column(_("Time"), lambda event: event.last_at),
            Column(_("Times"), lambda event: event.count),
            Column(_("Person or group"), lambda event: event.subject),
            Column(_("Person id"), lambda event: event.person_id),
            Column(_("Group id"), lambda event: event.group_id),
            Column(_("Action"), ProvisioningEvent.get_action_display),
            Column(_("Result"), ProvisioningEvent.get_result_display),
            Column(_("Code"), lambda event: event.status),
            Column(_("SCIM error"), lambda event: event.scim_type),
            Column(_("Reasons"), lambda event: " ".join(event.reasons)),
            Column(_("Why"), lambda event: " ".join(str(cause.what) for cause in explain(event))),
            Column(_("Answer"), lambda event: event.detail),
            Column(_("Milliseconds"), lambda event: event.milliseconds),
            Column(_("Secret token"), lambda event: event.token.prefix if event.token else ""),
            Column(_("Request id"), lambda event: event.request_id),
        ]

    @cached_property
    def asked(self) -> LogFilters:
        return LogFilters(self.installation, self.request.GET)

    def get_queryset(self) -> QuerySet[ProvisioningEvent]:
        events = self.asked.events().select_related("token").defer(*LARGE)
        return events.order_by("-last_at", "-id")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs,
            installation=self.installation,
            config=self.config,
            is_past=self.is_past,
            asked=self.asked,
            page=log_page(self.get_queryset(), self.request.GET),
            sign_ins=self.installation.events.filter(action=Action.SIGN_IN).exists(),
        )


class EventView(InstallationMixin, DetailView[ProvisioningEvent]):
    """One event: old → new, request and answer without secrets, its cause and what to do."""

    template_name = "scim_sync/event.html"
    context_object_name = "event"
    pk_url_kwarg = "event"
    roles = LOOK

    def get_queryset(self) -> QuerySet[ProvisioningEvent]:
        return ProvisioningEvent.objects.filter(installation=self.installation).select_related(
            "token", "person"
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs,
            installation=self.installation,
            is_past=self.is_past,
            causes=explain(self.object),
            pieces=pieces_of(self.object.detail, self.organization),
            run=self._run(),
        )

    def _run(self) -> DeprovisionRun | None:
        """What followed from this very call, if it ended somebody's access."""
        event = self.object
        if event.person is None or not event.request_id:
            return None
        return event.person.runs.filter(request_id=event.request_id).first()
