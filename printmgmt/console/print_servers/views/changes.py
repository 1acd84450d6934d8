"""A print server's name, address, login and certificate are changed."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import FormView

from printmgmt.console.print_servers.certificates import grouped
from printmgmt.console.print_servers.forms import ServerForm
from printmgmt.console.print_servers.views.base import PrintServerMixin, tell_refusal
from printmgmt.console.shell.pages import page
from printmgmt.console.shell.seen import is_stale
from printmgmt.organizations.permissions import MANAGE_PRINTING
from printmgmt.printing.ipp.errors import IppError, UntrustedCertificate
from printmgmt.printing.servers.adding import change_server
from printmgmt.printing.servers.exceptions import ServerError, ServerRemoved


@page("print-servers/<uuid:server>/edit/", "console:print_server_edit")
class PrintServerEditView(PrintServerMixin, FormView[ServerForm]):
    """An empty password keeps the stored one; a certificate nobody signed is shown and confirmed."""

    template_name = "console/print_servers/edit.html"
    form_class = ServerForm
    roles = MANAGE_PRINTING

    def get_initial(self) -> dict[str, Any]:
        server = self.server
        return {"name": server.name, "address": server.uri, "user_name": server.user_name}

    def form_valid(self, form: ServerForm) -> HttpResponse:
        if is_stale(form):
            return self.form_invalid(form)
        entered = {name: value for name, value in form.cleaned_data.items() if name != "confirmed"}
        # What was confirmed before still is, unless another certificate is confirmed now.
        entered["fingerprint"] = entered["fingerprint"] or self.server.fingerprint
        try:
            changed = change_server(self.server, **entered, by=self.actor)
        except ServerRemoved as error:
            return self.gone(error)
        except UntrustedCertificate as error:
            form.ask_to_confirm(error.fingerprint)
            tell_refusal(form, error)
        except (ServerError, IppError) as error:
            tell_refusal(form, error)
        else:
            text = _("%(server)s was changed.") if changed else _("No changes were made.")
            messages.success(self.request, text % {"server": entered["name"] or self.server.name})
            return redirect(self.server_url())
        return self.form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs, server=self.server, back_url=self.server_url())
        shown = str(context["form"]["fingerprint"].value() or "")
        return {**context, "fingerprint": grouped(shown)}
