"""Hold, release and cancel: one job, or those that are selected on a page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from printmgmt.console.jobs.buttons import Deed
from printmgmt.console.jobs.changing import change_jobs
from printmgmt.console.jobs.outcomes import show_outcomes
from printmgmt.console.jobs.words import devices_of
from printmgmt.console.shell.ids import ids_in
from printmgmt.console.shell.lists import PAGE
from printmgmt.console.shell.mixins import OrganizationMixin
from printmgmt.console.shell.pages import page
from printmgmt.console.shell.parameters import number_in
from printmgmt.organizations.permissions import CONTROL_JOBS
from printmgmt.printing.models import Printer, PrintJob


class JobsChangeMixin(OrganizationMixin):
    """A change of jobs by POST, and the way back to the page that the button was on."""

    roles = CONTROL_JOBS

    def back_url(self) -> str:
        """Where ``back`` in form or address says, within this organization, else the list of jobs."""
        query = self.request.POST if self.request.method == "POST" else self.request.GET
        to, home = query.get("back", ""), reverse("console:jobs", args=[self.organization.slug])
        inside = to.startswith(home.removesuffix("jobs/"))
        return to if inside and url_has_allowed_host_and_scheme(to, None) else home

    def back(self) -> HttpResponse:
        """Lead back there."""
        return redirect(self.back_url())


@page("jobs/change/", "console:jobs_change")
class JobsChangeView(JobsChangeMixin):
    """``deed`` is what to do, ``job`` the rows, at most a page of them; ``to`` the printer for a release."""

    def post(self, request: HttpRequest) -> HttpResponse:
        jobs, deed = self._jobs(), request.POST.get("deed", "")
        if deed not in Deed.values:
            messages.error(request, _("No changes were made."))
        elif not jobs:
            messages.error(request, _("Select at least one job."))
        else:
            outcomes = change_jobs(Deed(deed), jobs, by=self.actor, to=self._device(jobs))
            show_outcomes(request, Deed(deed), outcomes)
        return self.back()

    def _jobs(self) -> list[PrintJob]:
        ids = {number for text in self.request.POST.getlist("job") if (number := number_in(text)) is not None}
        jobs = PrintJob.objects.filter(organization=self.organization, pk__in=sorted(ids)[:PAGE])
        jobs = jobs.select_related("organization", "server", "printer", "person")
        return list(jobs.prefetch_related("printer__devices").order_by("submitted_at", "pk"))

    def _device(self, jobs: list[PrintJob]) -> Printer | None:
        """The printer chosen for a single job: one of the devices of its queue."""
        ids = ids_in(self.request.POST.getlist("to"))
        if len(jobs) != 1:
            return None
        return next((device for device in devices_of(jobs[0]) if device.pk in ids), None)
