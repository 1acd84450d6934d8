"""What an operator may ask of a run: retry, skip with a reason, approve with a reason."""

from collections.abc import Callable
from typing import Any, ClassVar

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from printmgmt.console.shell.mixins import OrganizationMixin
from printmgmt.console.shell.navigation import Text
from printmgmt.console.shell.pages import page
from printmgmt.console.shell.parameters import number_of, text_of
from printmgmt.deprovisioning.deciding import SKIPPABLE, approve_run, is_approvable, skip_steps
from printmgmt.deprovisioning.exceptions import LeavingError
from printmgmt.deprovisioning.models import DeprovisionRun, DeprovisionStep
from printmgmt.deprovisioning.retrying import retry_steps
from printmgmt.deprovisioning.steps import STEP_BY_NAME
from printmgmt.organizations.permissions import REMOVE_PEOPLE, SUSPEND_PEOPLE


class RunMixin(OrganizationMixin):
    """A page about the ``run`` in the URL, and about its step ``step``, if one is named."""

    @cached_property
    def run(self) -> DeprovisionRun:
        runs = DeprovisionRun.objects.filter(organization=self.organization)
        return get_object_or_404(
            runs.select_related("person", "batch", "organization"), pk=self.kwargs["run"]
        )

    @cached_property
    def steps(self) -> list[DeprovisionStep]:
        """The step that is named; all of them if none is."""
        query = self.request.POST if self.request.method == "POST" else self.request.GET
        steps = self.run.steps.order_by("due_at", "id")
        if "step" not in query:
            return list(steps)
        number = number_of(query, "step")
        return list(steps.filter(pk=number)) if number is not None else []

    def back(self) -> HttpResponse:
        """Lead to the run's page."""
        return redirect("console:run", organization=self.organization.slug, run=self.run.pk)


@page("leavers/<uuid:run>/retry/", "console:run_retry")
class RunRetryView(RunMixin):
    """Steps that gave up, or the one that is named, tried again."""

    roles = SUSPEND_PEOPLE

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        only = self.steps if "step" in request.POST else None
        if number := retry_steps(self.run, by=self.actor, only=only):
            text = ngettext("Retrying %(number)d step now.", "Retrying %(number)d steps now.", number)
            messages.success(request, text % {"number": number})
        else:
            messages.info(request, _("Nothing to retry."))
        return self.back()


class RunDecisionView(RunMixin):
    """A decision about steps: a page that asks for the reason, and its POST.

    Subclasses must set ``title``, ``question``, ``label``, ``nothing`` and ``dangerous``, and implement
    `fits` and `decide`.
    """

    title: ClassVar[Text]
    question: ClassVar[Text]
    label: ClassVar[Text]
    dangerous: ClassVar[bool] = False
    nothing: ClassVar[Text] = gettext_lazy("No changes were made: nothing is left to decide.")

    def fits(self, step: DeprovisionStep) -> bool:
        """Whether a step can be decided about."""
        raise NotImplementedError("Subclasses must implement fits()")

    @property
    def decide(self) -> Callable[..., int]:
        """The service."""
        raise NotImplementedError("Subclasses must implement decide")

    def get(self, request: HttpRequest) -> HttpResponse:
        steps = [step for step in self.steps if self.fits(step)]
        if not steps:
            messages.info(request, str(self.nothing))
            return self.back()
        shown = [(step, STEP_BY_NAME.get(step.name)) for step in steps]
        only = steps[0].pk if "step" in request.GET else None
        context = {"run": self.run, "steps": shown, "only": only, "view": self}
        return render(request, "console/leavers/decide.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        reason = text_of(request.POST, "reason")
        steps = self.steps if "step" in request.POST else [step for step in self.steps if self.fits(step)]
        if not reason:
            messages.error(request, _("Enter a reason. No changes were made."))
            return self.back()
        try:
            number = self.decide(self.run, by=self.actor, reason=reason, only=steps)
        except LeavingError as error:
            messages.error(request, str(error))
            return self.back()
        if number:
            messages.success(request, self.done(number))
        else:
            messages.info(request, str(self.nothing))
        return self.back()

    def done(self, number: int) -> str:
        """What was done to so many steps."""
        raise NotImplementedError("Subclasses must implement done()")


@page("leavers/<uuid:run>/skip/", "console:run_skip")
class RunSkipView(RunDecisionView):
    roles = SUSPEND_PEOPLE
    title = gettext_lazy("Skip?")
    question = gettext_lazy("What is skipped is not performed. You can retry it while the leaving is open.")
    label = gettext_lazy("Skip")

    def fits(self, step: DeprovisionStep) -> bool:
        return step.state in SKIPPABLE

    @property
    def decide(self) -> Callable[..., int]:
        return skip_steps

    def done(self, number: int) -> str:
        return ngettext("%(count)d step was skipped.", "%(count)d steps were skipped.", number) % {
            "count": number
        }


@page("leavers/<uuid:run>/approve/", "console:run_approve")
@method_decorator(reauthentication_required(app="allauth.account"), name="post")
class RunApproveView(RunDecisionView):
    """Irreversible steps now, before the restore period ends."""

    roles = REMOVE_PEOPLE
    title = gettext_lazy("Perform these steps now?")
    question = gettext_lazy(
        "They are performed now instead of after the restore period. What is erased or canceled does not "
        "come back, also if the person is restored. You cannot undo this."
    )
    label = gettext_lazy("Perform now")
    dangerous = True

    def fits(self, step: DeprovisionStep) -> bool:
        return is_approvable(step)

    @property
    def decide(self) -> Callable[..., int]:
        return approve_run

    def done(self, number: int) -> str:
        return ngettext("Performing %(count)d step now.", "Performing %(count)d steps now.", number) % {
            "count": number
        }
