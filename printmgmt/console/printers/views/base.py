"""What every page about one printer shares: the printer, and the way back to its page."""

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from printmgmt.console.shell.mixins import OrganizationMixin
from printmgmt.errors import Gone
from printmgmt.printing.models import Printer


class PrinterMixin(OrganizationMixin):
    """A page about the ``printer`` in the URL; 404 unless the organization has it."""

    @cached_property
    def printer(self) -> Printer:
        printers = Printer.objects.filter(organization=self.organization)
        printers = printers.select_related("server").prefetch_related("devices")
        found = printers.filter(pk=self.kwargs["printer"]).first()
        if found is None:
            raise Gone(_("This printer does not exist."))
        return found

    def printer_url(self) -> str:
        """The address of the printer's page."""
        where = {"organization": self.organization.slug, "printer": self.printer.pk}
        return reverse("console:printer", kwargs=where)
