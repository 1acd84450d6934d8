"""Pages of the provisioning log: what the directory did, what was refused, why, and what to do."""

from functools import cached_property
from operator import attrgetter
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.views.generic import DetailView

from addons.mixins import InstallationMixin
from printmgmt.console.shell.columns import Column
from printmgmt.console.shell.filters import Select, between
from printmgmt.console.shell.keyset import KeysetPage
from printmgmt.console.shell.lists import Empty, GrowingListPage
from printmgmt.console.shell.pages import page
from printmgmt.deprovisioning.models import DeprovisionRun
from printmgmt.organizations.permissions import LOOK
from scim_sync.console.callers import caller, came_with, credentials_to_choose, short_caller, way_of
from scim_sync.console.log_pages import LogInTurns, log_page
from scim_sync.console.log_search import naming
from scim_sync.console.mentions import changes_named, pieces_of
from scim_sync.models import NOT_LISTED, Action, ProvisioningEvent, Result
from scim_sync.provisioning_log.causes import explain
from scim_sync.provisioning_log.newest_first import NewestFirst
from scim_sync.provisioning_log.reasons import Reason

CODES = (200, 201, 204, 400, 401, 403, 404, 409, 412, 413, 415, 500)


TIME = Column[ProvisioningEvent](
    _("Time"),
    attrgetter("last_at"),
    template="scim_sync/_log_time.html",
    context={"at": attrgetter("last_at")},
)
ACTION = Column[ProvisioningEvent](
    _("Action"), ProvisioningEvent.get_action_display, classes="log-wide nowrap"
)
RESULT = Column[ProvisioningEvent](
    _("Result"),
    ProvisioningEvent.get_result_display,
    template="scim_sync/_log_result.html",
    context={"event": lambda event: event},
    classes="log-wide nowrap",
)
CODE = Column[ProvisioningEvent](_("Code"), attrgetter("status"), classes="log-wide tabular")
REQUEST = Column[ProvisioningEvent](
    _("Request id"),
    attrgetter("newest.request_id"),
    template="scim_sync/_log_request.html",
    context={"request_id": attrgetter("newest.request_id")},
    classes="log-wide",
)


@page("log/", "scim_sync:log")
class LogView(InstallationMixin, GrowingListPage[ProvisioningEvent]):
    """Events, the newest first; search and filters in the URL; a million rows are paged without counting."""

    template_name = "scim_sync/log.html"
    roles = LOOK
    title = _("Provisioning log")
    lead = _(
        "Every change the directory made or tried to make, why it was rejected, and what to do. "
        "Reads are not listed."
    )
    columns = (
        TIME,
        Column(
            _("Person or group"),
            template="scim_sync/_log_subject.html",
            context={"event": lambda event: event},
            classes="log-person",
        ),
        ACTION,
        RESULT,
        CODE,
        Column(_("Duration (ms)"), attrgetter("newest.milliseconds"), classes="log-wide tabular text-end"),
        Column(_("Connected by"), short_caller, classes="log-wide"),
        REQUEST,
    )
    row_page = ("scim_sync:event", "event")
    filters = (
        Select("action", _("Action"), _("All actions"), Action.choices),
        Select("result", _("Result"), _("All results"), Result.choices),
        Select(
            "reason",
            _("Reason"),
            _("All reasons"),
            Reason.choices,
            narrow=lambda events, reason: events.filter(reasons__includes_any=[reason]),
        ),
        Select(
            "code",
            _("Code"),
            _("All codes"),
            [(str(code), str(code)) for code in CODES],
            narrow=lambda events, code: events.filter(status=int(code)),
        ),
        Select(
            "token",
            _("Connected by"),
            _("All ways to connect"),
            lambda view: credentials_to_choose(view.installation),
            narrow=came_with,
        ),
        *between("moment"),
    )
    placeholder = _("Person, group or request id")
    empty = Empty(
        "list-details",
        _("No changes yet"),
        _("Changes by the directory, done or rejected, appear here."),
    )
    nothing_fits = _("No matches")
    target = "log"
    csv_name = "provisioning-log"
    csv = (
        TIME,
        Column(_("Times"), lambda event: event.count),
        Column(_("Person or group"), lambda event: event.subject),
        Column(_("Person id"), lambda event: event.person_id),
        Column(_("Group id"), lambda event: event.group_id),
        ACTION,
        RESULT,
        CODE,
        Column(_("SCIM error"), lambda event: event.scim_type),
        Column(_("Reasons"), lambda event: " ".join(event.reasons)),
        Column(_("Why"), lambda event: " ".join(str(cause.what) for cause in explain(event))),
        Column(_("Response"), lambda event: event.detail),
        Column(_("Milliseconds"), attrgetter("newest.milliseconds")),
        Column(_("Connected by"), caller),
        Column(_("Token"), lambda event: event.token.prefix if event.token else ""),
        REQUEST,
    )

    # Any, where the base class says QuerySet: filters, pages and files need of it what NewestFirst has.
    def rows(self) -> Any:
        events = ProvisioningEvent.objects.filter(installation=self.installation)
        return NewestFirst.of(events.select_related("token").defer(*NOT_LISTED))

    def narrowed(self, rows: Any) -> Any:
        """Sign-ins are apart: listed only for an action, a reason or a search."""
        narrowed = super().narrowed(rows)
        apart = not (self.value_of("action") or self.value_of("reason") or self.search)
        return narrowed.exclude(action=Action.SIGN_IN) if apart else narrowed

    def find(self, rows: Any, text: str) -> Any:
        return rows.filter(naming(self.organization, text))

    def has_hidden(self) -> bool:
        return self.signs_in

    def csv_rows(self) -> LogInTurns:
        events: Any = self.get_queryset()
        return LogInTurns(events)

    def page_of(self, rows: Any, query: QueryDict) -> KeysetPage[ProvisioningEvent]:
        return log_page(rows, query)

    @cached_property
    def signs_in(self) -> bool:
        """Whether there are sign-ins to be looked at apart."""
        return self.installation.events.filter(action=Action.SIGN_IN).exists()


@page("log/<int:event>/", "scim_sync:event")
class EventView(InstallationMixin, DetailView[ProvisioningEvent]):
    """One event: old → new, request and answer without secrets, its cause and what to do."""

    template_name = "scim_sync/event.html"
    context_object_name = "event"
    pk_url_kwarg = "event"
    roles = LOOK

    def get_queryset(self) -> QuerySet[ProvisioningEvent]:
        return ProvisioningEvent.objects.filter(installation=self.installation).select_related(
            "token__client_secret", "person", "counter", "body"
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs,
            causes=explain(self.object),
            pieces=pieces_of(self.object.detail, self.organization),
            changes=changes_named(self.object.changes, self.organization),
            run=self._run(),
            way=way_of(self.object.token) if self.object.token else "",
        )

    def _run(self) -> DeprovisionRun | None:
        """The run that this request started, if it ended someone's access."""
        event = self.object
        if event.person is None or not event.request_id:
            return None
        return event.person.runs.filter(request_id=event.request_id).first()
