"""What an operator may ask of a run."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from printmgmt.console.shell.mixins import OrganizationMixin
from printmgmt.console.shell.pages import page
from printmgmt.deprovisioning.models import DeprovisionRun
from printmgmt.deprovisioning.retrying import retry_steps
from printmgmt.organizations.permissions import SUSPEND_PEOPLE


@page("leavers/<uuid:run>/retry/", "console:run_retry")
class RunRetryView(OrganizationMixin):
    """Steps that gave up, tried again: a POST, one service, a message, back to the run."""

    roles = SUSPEND_PEOPLE

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        runs = DeprovisionRun.objects.filter(organization=self.organization).select_related("person")
        run = get_object_or_404(runs, pk=self.kwargs["run"])
        if number := retry_steps(run, by=self.actor):
            text = ngettext("Retrying %(number)d step now.", "Retrying %(number)d steps now.", number)
            messages.success(request, text % {"number": number})
        else:
            messages.info(request, _("Nothing to retry."))
        return redirect("console:run", organization=self.organization.slug, run=run.pk)
