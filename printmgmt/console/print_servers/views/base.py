"""What every page about one print server shares: the server, the way back, and what refusals say."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from printmgmt.console.shell.mixins import OrganizationMixin
from printmgmt.errors import Gone
from printmgmt.printing.ipp.errors import IppError, UntrustedCertificate, WrongLogin
from printmgmt.printing.models import PrintServer
from printmgmt.printing.servers.exceptions import InvalidEntry, ServerError


class PrintServersMixin(OrganizationMixin):
    """A page about print servers."""

    def list_url(self) -> str:
        """The address of the list."""
        return reverse("console:print_servers", kwargs={"organization": self.organization.slug})


class PrintServerMixin(PrintServersMixin):
    """A page about the ``server`` in the URL; 404 unless the organization has it."""

    @cached_property
    def server(self) -> PrintServer:
        servers = PrintServer.objects.filter(organization=self.organization, removed_at__isnull=True)
        found = (
            servers.select_related("organization", "leavers_printer").filter(pk=self.kwargs["server"]).first()
        )
        if found is None:
            raise Gone(_("This print server does not exist. It may have been removed in the meantime."))
        return found

    def server_url(self, view: str = "console:print_server") -> str:
        """The address of the server's page, or of another view that needs the server only."""
        return reverse(view, kwargs={"organization": self.organization.slug, "server": self.server.pk})

    def gone(self, error: ServerError) -> HttpResponse:
        """The answer when someone else was faster and the server has no page any more."""
        messages.error(self.request, str(error))
        return redirect(self.list_url())


def tell_refusal(form: Form, error: ServerError | IppError) -> None:
    """Write into a form why the server was not added or changed, at the field that is to blame."""
    field: str | None = None
    if isinstance(error, InvalidEntry):
        field = "confirmed" if error.field == "fingerprint" else error.field
    elif isinstance(error, WrongLogin):
        field = "password"
    elif isinstance(error, UntrustedCertificate):
        field = "confirmed"
    form.add_error(field, str(error))
