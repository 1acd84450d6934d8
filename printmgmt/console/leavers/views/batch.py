"""Too many people left at once: why the breaker opened, and the decision about everyone who waits."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import DetailView

from printmgmt.console.leavers.statuses import BATCH
from printmgmt.console.shell.mixins import OrganizationMixin
from printmgmt.console.shell.pages import page
from printmgmt.console.shell.parameters import text_of
from printmgmt.deprovisioning.breaker.deciding import AlreadyDecided, approve, is_decidable, restore_all
from printmgmt.deprovisioning.breaker.mails import opened_because
from printmgmt.deprovisioning.models import BreakerBatch, RunState
from printmgmt.organizations.permissions import LOOK, REMOVE_PEOPLE


@page("leavers/batches/<uuid:batch>/", "console:batch")
class BatchView(OrganizationMixin, DetailView[BreakerBatch]):
    """Everyone may look; managers also see the buttons."""

    template_name = "console/leavers/batch.html"
    context_object_name = "batch"
    pk_url_kwarg = "batch"
    roles = LOOK

    def get_queryset(self) -> QuerySet[BreakerBatch]:
        batches = BreakerBatch.objects.filter(organization=self.organization)
        return batches.select_related("decided_by", "operation")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        batch = self.object
        return super().get_context_data(
            **kwargs,
            why=opened_because(batch),
            status=BATCH.of(batch.state),
            people=batch.runs.count(),
            waiting=batch.runs.filter(state=RunState.WAITING).count(),
            decides=self.administrator.role in REMOVE_PEOPLE and is_decidable(batch),
        )


class BatchDecisionView(OrganizationMixin):
    """A decision about the ``batch`` in the URL: a POST, one service, back to its page."""

    roles = REMOVE_PEOPLE

    @cached_property
    def batch(self) -> BreakerBatch:
        batches = BreakerBatch.objects.filter(organization=self.organization)
        return get_object_or_404(batches.select_related("organization"), pk=self.kwargs["batch"])

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            self.decide(request)
        except AlreadyDecided as error:
            messages.info(request, str(error))
        return redirect("console:batch", organization=self.organization.slug, batch=self.batch.pk)

    def decide(self, request: HttpRequest) -> None:
        """Call the service and say what happens next."""
        raise NotImplementedError("Subclasses must implement decide()")


@page("leavers/batches/<uuid:batch>/approve/", "console:batch_approve")
@method_decorator(reauthentication_required(app="allauth.account"), name="post")
class BatchApproveView(BatchDecisionView):
    def decide(self, request: HttpRequest) -> None:
        approve(self.batch, by=self.actor, account=self.account)
        messages.success(request, _("Approved. What waited goes on, on its dates."))


@page("leavers/batches/<uuid:batch>/restore/", "console:batch_restore")
@method_decorator(reauthentication_required(app="allauth.account"), name="post")
class BatchRestoreView(BatchDecisionView):
    def decide(self, request: HttpRequest) -> None:
        reason = text_of(request.POST, "reason")
        if not reason:
            messages.error(request, _("Enter a reason. No changes were made."))
            return
        restore_all(self.batch, reason=reason, by=self.actor, account=self.account)
        messages.success(request, _("Everyone is being restored, in turns. Follow the progress below."))
