"""What every page about secure release at one queue shares."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from printmgmt.console.shell.mixins import OrganizationMixin
from printmgmt.errors import Gone
from printmgmt.printing.models import Printer


class SecureReleaseMixin(OrganizationMixin):
    """A page about the queue ``printer`` in the URL; 404 unless the organization has it."""

    @cached_property
    def queue(self) -> Printer:
        rows = Printer.objects.filter(organization=self.organization)
        found = rows.select_related("server", "organization").filter(pk=self.kwargs["printer"]).first()
        if found is None:
            raise Gone(_("This printer does not exist."))
        return found

    def release_url(self, view: str = "console:secure_release") -> str:
        """The address of secure release at this queue, or of another view that needs the queue only."""
        return reverse(view, kwargs={"organization": self.organization.slug, "printer": self.queue.pk})

    def tell_refusal(self, error: Exception) -> HttpResponse:
        """Say on the page of secure release why something was not done."""
        messages.error(self.request, str(error))
        return redirect(self.release_url())
