"""Secure release at one queue: whether it holds, at which printers it is released, who gets around it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from printmgmt.console.secure_release.views.base import SecureReleaseMixin
from printmgmt.console.secure_release.words import bypass_words, problem_words
from printmgmt.console.shell.pages import page
from printmgmt.organizations.permissions import LOOK, MANAGE_PRINTING
from printmgmt.printing.ipp.errors import IppError
from printmgmt.printing.models import HoldProblem
from printmgmt.printing.secure_release.bypass import bypass_of
from printmgmt.printing.secure_release.errors import QueueUnfit, SecureReleaseError
from printmgmt.printing.secure_release.fitness import refuse_queue
from printmgmt.printing.secure_release.holding import what_holds
from printmgmt.printing.secure_release.problems import problems_of
from printmgmt.printing.secure_release.setting_up import stop_again
from printmgmt.printing.secure_release.waiting import waiting_at
from printmgmt.printing.servers.findings.holds import BLOCK


@page("printers/<uuid:printer>/secure-release/", "console:secure_release")
class SecureReleaseView(SecureReleaseMixin, TemplateView):
    """Everyone may look; who manages printing sets it up, changes and ends it."""

    template_name = "console/secure_release/secure_release.html"
    roles = LOOK

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        queue = self.queue
        is_secure = queue.secure_since is not None
        devices = list(queue.devices.order_by("name")) if is_secure else []
        problems = problems_of(queue, devices) if is_secure else []
        bypass = bypass_of(queue)
        return super().get_context_data(
            **kwargs,
            queue=queue,
            is_secure=is_secure,
            manages=self.administrator.role in MANAGE_PRINTING,
            holding=what_holds(queue),
            devices=devices,
            problems=[problem_words(problem) for problem in problems],
            is_resumed=HoldProblem.RESUMED in problems,
            unfit="" if is_secure else self._unfit(),
            waiting=waiting_at(queue),
            bypass=bypass,
            bypass_words=list(bypass_words(bypass)),
            lines=BLOCK if bypass.is_open else "",
        )

    def _unfit(self) -> str:
        try:
            refuse_queue(self.queue)
        except QueueUnfit as error:
            return str(error)
        return ""


@page("printers/<uuid:printer>/secure-release/stop/", "console:secure_release_stop")
class SecureReleaseStopView(SecureReleaseMixin):
    """A queue that someone resumed is stopped again."""

    roles = MANAGE_PRINTING

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            stop_again(self.queue, by=self.actor)
        except (SecureReleaseError, IppError) as error:
            return self.tell_refusal(error)
        messages.success(request, _("%(queue)s is stopped.") % {"queue": self.queue.name})
        return redirect(self.release_url())
