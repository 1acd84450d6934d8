"""To which stopped queue of a server the jobs of leavers are moved."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView

from printmgmt.console.print_servers.views.base import PrintServerMixin
from printmgmt.console.shell.pages import page
from printmgmt.console.shell.seen import is_stale
from printmgmt.deprovisioning.models import WaitingJobs
from printmgmt.deprovisioning.policy import shown_policy
from printmgmt.organizations.permissions import MANAGE_PRINTING
from printmgmt.printing.models import Printer, PrintServer
from printmgmt.printing.servers.exceptions import ServerRemoved
from printmgmt.printing.servers.leavers_queue import choose_queue_for_leavers, queues_for_leavers


class LeaversQueueForm(forms.Form):
    queue = forms.ModelChoiceField(
        label=gettext_lazy("Queue for leavers' jobs"),
        queryset=Printer.objects.none(),
        required=False,
        empty_label=gettext_lazy("None: jobs are held in the queue they are in"),
        help_text=gettext_lazy(
            "A stopped queue prints nothing, even if a job is released there. You can choose a queue that is "
            "stopped and not used for secure release."
        ),
    )

    def __init__(self, data: QueryDict | None = None, *, server: PrintServer) -> None:
        super().__init__(data, label_suffix="", initial={"queue": server.leavers_printer_id})
        queue = self.fields["queue"]
        assert isinstance(queue, forms.ModelChoiceField)  # noqa: S101 -- for the type checker: declared above
        queue.queryset = queues_for_leavers(server)


@page("print-servers/<uuid:server>/leavers/", "console:print_server_leavers")
class LeaversQueueView(PrintServerMixin, FormView[LeaversQueueForm]):
    template_name = "console/print_servers/leavers.html"
    form_class = LeaversQueueForm
    roles = MANAGE_PRINTING

    def get_form(self, form_class: object = None) -> LeaversQueueForm:
        sent = self.request.POST if self.request.method == "POST" else None
        return LeaversQueueForm(sent, server=self.server)

    def form_valid(self, form: LeaversQueueForm) -> HttpResponse:
        if is_stale(form):
            return self.form_invalid(form)
        try:
            changed = choose_queue_for_leavers(self.server, form.cleaned_data["queue"], by=self.actor)
        except ServerRemoved as error:
            return self.gone(error)
        messages.success(self.request, _("The queue is saved.") if changed else _("No changes were made."))
        return redirect(self.server_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        moves = shown_policy(self.organization).waiting_jobs == WaitingJobs.MOVE
        return super().get_context_data(**kwargs, server=self.server, back_url=self.server_url(), moves=moves)
