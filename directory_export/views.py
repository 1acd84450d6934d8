"""Export now, the secret, the history, and the file of a delivered export."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from addons.addresses import address_of
from addons.exceptions import Uninstalled
from addons.mixins import InstallationMixin, PastInstallationMixin
from directory_export import services
from directory_export.destinations.exceptions import DeliveryError
from directory_export.destinations.folder import open_file
from directory_export.exceptions import NothingToExportTo
from directory_export.forms import SecretForm
from directory_export.models import ExportRun, Kind, RunState
from printmgmt.console.shell.columns import Column
from printmgmt.console.shell.filters import Select
from printmgmt.console.shell.lists import Empty, ListPage
from printmgmt.console.shell.pages import page
from printmgmt.organizations.permissions import LOOK, MANAGE_ADDONS


class BackToDetailsMixin(InstallationMixin):
    """A change on the details page, to which it returns."""

    def back(self) -> HttpResponse:
        return redirect(address_of(self.installation))


@page("now/", "directory_export:export_now")
class ExportNowView(BackToDetailsMixin):
    """Order both files. A worker writes and delivers them."""

    roles = MANAGE_ADDONS

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            services.export_now(self.installation, by=self.actor)
        except Uninstalled as error:
            return self.gone(error)
        except NothingToExportTo as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Export started. The result appears below."))
        return self.back()


@page("secret/", "directory_export:secret")
class SecretView(BackToDetailsMixin):
    """Save the secret, which is never shown again."""

    roles = MANAGE_ADDONS

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = SecretForm(request.POST)
        if form.is_valid():
            try:
                services.set_secret(self.installation, form.cleaned_data["secret"], by=self.actor)
            except Uninstalled as error:
                return self.gone(error)
            messages.success(
                request, _("The secret is saved, encrypted. It is used from the next export on.")
            )
        else:
            messages.error(request, " ".join(map(str, form.errors["secret"])))
        return self.back()


@page("history/", "directory_export:history")
class HistoryView(InstallationMixin, ListPage[ExportRun]):
    """Every export of the installation, the newest first."""

    template_name = "directory_export/history.html"
    rows_template = "directory_export/_runs.html"
    roles = LOOK
    title = gettext_lazy("All exports")
    lead = gettext_lazy("Every export, its destination and its result.")
    filters = (
        Select("kind", gettext_lazy("What"), gettext_lazy("People and groups"), Kind.choices),
        Select("state", gettext_lazy("State"), gettext_lazy("All states"), RunState.choices),
    )
    placeholder = gettext_lazy("File, host or error")
    empty = Empty(
        "history",
        gettext_lazy("No exports yet"),
        gettext_lazy("Each export is listed here with its rows, its size and its result."),
    )
    nothing_fits = gettext_lazy("No matches")
    csv_name = "exports"
    csv = (
        Column(gettext_lazy("Requested"), lambda run: run.created_at),
        Column(gettext_lazy("What"), ExportRun.get_kind_display),
        Column(gettext_lazy("Cause"), ExportRun.get_cause_display),
        Column(gettext_lazy("Requested by"), lambda run: run.requested_by),
        Column(gettext_lazy("State"), ExportRun.get_state_display),
        Column(gettext_lazy("Where"), lambda run: run.location),
        Column(gettext_lazy("Rows"), lambda run: run.rows),
        Column(gettext_lazy("Bytes"), lambda run: run.size),
        Column("SHA-256", lambda run: run.sha256),
        Column(gettext_lazy("Milliseconds"), lambda run: run.milliseconds),
        Column(gettext_lazy("Attempts"), lambda run: run.attempts),
        Column(gettext_lazy("Error"), lambda run: _(run.error)),
        Column(gettext_lazy("Ended"), lambda run: run.ended_at),
    )

    def rows(self) -> QuerySet[ExportRun]:
        return ExportRun.objects.filter(installation=self.installation).order_by("-created_at", "-id")

    def find(self, rows: QuerySet[ExportRun], text: str) -> QuerySet[ExportRun]:
        return rows.filter(location__contains=text) | rows.filter(error__contains=text)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_manage = self.administrator.role in MANAGE_ADDONS
        return super().get_context_data(**kwargs, may_manage=may_manage)


@page("past/history/", "directory_export:past_history")
class PastHistoryView(PastInstallationMixin, HistoryView):
    """The exports of an installation that was uninstalled."""

    def rows(self) -> QuerySet[ExportRun]:
        return super().rows().filter(installation=self.installation)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # No downloads here: the files stay where they were delivered.
        return super().get_context_data(**kwargs) | {"may_manage": False}


@page("history/<uuid:run>/file/", "directory_export:download")
class DownloadView(InstallationMixin, View):
    """Download the file of a delivered export. Audited, because it has everyone's data."""

    roles = MANAGE_ADDONS

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        run_id: UUID = self.kwargs["run"]
        runs = ExportRun.objects.select_related("installation__organization")
        run = get_object_or_404(runs, pk=run_id, installation=self.installation)
        if not run.is_downloadable:
            raise Http404(_("This file is no longer kept."))
        try:
            file = open_file(self.organization, run.location)
        except (OSError, DeliveryError) as error:
            raise Http404(_("The file is no longer in the folder.")) from error
        services.note_download(run, by=self.actor)
        name = run.location.rpartition("/")[2]
        response = FileResponse(file, as_attachment=True, filename=name)
        response["Cache-Control"] = "no-store"
        return response
