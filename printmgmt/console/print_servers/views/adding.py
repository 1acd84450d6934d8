"""A print server is added in two steps: where it is and who it says it is, then the login."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import FormView

from printmgmt.console.print_servers.certificates import grouped
from printmgmt.console.print_servers.forms import AddressForm, ServerForm
from printmgmt.console.print_servers.views.base import PrintServersMixin, tell_refusal
from printmgmt.console.print_servers.views.print_server import AFTER_ADDING
from printmgmt.console.shell.pages import page
from printmgmt.organizations.permissions import MANAGE_PRINTING
from printmgmt.printing.ipp.errors import IppError, UntrustedCertificate
from printmgmt.printing.servers.adding import add_server
from printmgmt.printing.servers.checking import certificate_of
from printmgmt.printing.servers.connecting import Access
from printmgmt.printing.servers.entries import read_address, refuse_taken, used_elsewhere
from printmgmt.printing.servers.exceptions import InvalidEntry, ServerError


@page("print-servers/add/", "console:print_server_add")
class PrintServerAddView(PrintServersMixin, FormView[Form]):
    """The first step looks at the server and sends no password; the second one tries the login, once."""

    template_name = "console/print_servers/add.html"
    roles = MANAGE_PRINTING

    def get_form_class(self) -> type[Form]:
        return ServerForm if "user_name" in self.request.POST else AddressForm

    def form_valid(self, form: Form) -> HttpResponse:
        return self._add(form) if isinstance(form, ServerForm) else self._look(form)

    def _look(self, form: Form) -> HttpResponse:
        try:
            address = read_address(form.cleaned_data["address"])
            refuse_taken(self.organization, address)
            certificate = certificate_of(Access(address))
        except (InvalidEntry, IppError) as error:
            form.add_error("address", str(error))
            return self.form_invalid(form)
        confirming = certificate is not None and not certificate.trusted
        initial = {
            "address": str(address),
            "name": address.host,
            "fingerprint": certificate.fingerprint if certificate and confirming else "",
        }
        return self.render_to_response(
            self.get_context_data(form=ServerForm(initial=initial), certificate=certificate)
        )

    def _add(self, form: ServerForm) -> HttpResponse:
        entered = {name: value for name, value in form.cleaned_data.items() if name != "confirmed"}
        try:
            server = add_server(self.organization, **entered, by=self.actor)
        except UntrustedCertificate as error:
            form.ask_to_confirm(error.fingerprint)
            tell_refusal(form, error)
        except (ServerError, IppError) as error:
            tell_refusal(form, error)
        else:
            messages.success(self.request, _("%(server)s was added.") % {"server": server.name})
            where = {"organization": self.organization.slug, "server": server.pk}
            return redirect(f"{reverse('console:print_server', kwargs=where)}?{AFTER_ADDING}=1")
        return self.form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form = context["form"]
        if not isinstance(form, ServerForm):
            return context
        address = str(form["address"].value())
        return {
            **context,
            "second": True,
            "address": address,
            "fingerprint": grouped(str(form["fingerprint"].value() or "")),
            "shared": self._shared(address),
        }

    def _shared(self, address: str) -> bool:
        try:
            return used_elsewhere(self.organization, read_address(address).key)
        except InvalidEntry:
            return False
