"""One bulk operation: what it would do, how far it is, what became of each row."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from printmgmt.audit.actors import Actor
from printmgmt.bulk import services
from printmgmt.bulk.models import BulkItem, BulkOperation, ItemState, OperationState
from printmgmt.bulk.progress import counts
from printmgmt.console.bulk.actions import BulkAction, action_of
from printmgmt.console.bulk.selecting import MOST
from printmgmt.console.bulk.statuses import ITEM, OPERATION
from printmgmt.console.bulk.views.operations import title_of
from printmgmt.console.shell.columns import Column, moment, status
from printmgmt.console.shell.export import Rows
from printmgmt.console.shell.filters import Select
from printmgmt.console.shell.leaving_totals import total_lines
from printmgmt.console.shell.lists import Empty, ListPage
from printmgmt.console.shell.mixins import OrganizationMixin
from printmgmt.console.shell.pages import page
from printmgmt.console.shell.parameters import text_of
from printmgmt.deprovisioning.console_access import may_end_console_access
from printmgmt.organizations.permissions import LOOK, SUSPEND_PEOPLE
from printmgmt.people.models import PrintUser

POLL: int = 2
"""Seconds after which the page of an operation at work asks again."""


@dataclass(frozen=True)
class NamedItems:
    """Items for a file, named as on the page: all of an operation at once, which is one query."""

    items: QuerySet[BulkItem]
    name: Callable[[Sequence[BulkItem]], Sequence[BulkItem]]

    def iterator(self, chunk_size: int) -> Iterator[BulkItem]:
        rows = self.items.iterator(chunk_size=chunk_size)
        while chunk := list(islice(rows, MOST)):
            yield from self.name(chunk)


def _named(item: BulkItem) -> tuple[PrintUser | None, str]:
    """Whom an item that `OperationView.shown` read is about, and their page."""
    return getattr(item, "named", None) or (None, "")


def _reason(item: BulkItem) -> str:
    """Why an item was left out or failed. Workers write it in English; sentences without values translate."""
    return _(item.reason) if item.reason else ""


class OperationMixin(OrganizationMixin):
    """A page about the ``operation`` in the URL; 404 unless the organization has one."""

    @cached_property
    def operation(self) -> BulkOperation:
        rows = BulkOperation.objects.filter(organization=self.organization).select_related("organization")
        return get_object_or_404(rows, pk=self.kwargs["operation"])

    @cached_property
    def action(self) -> BulkAction | None:
        return action_of(self.operation.kind)

    @property
    def may_decide(self) -> bool:
        """Whether who looks may start and stop it."""
        return self.administrator.role in (self.action.permission if self.action else SUSPEND_PEOPLE)


@page("bulk/<uuid:operation>/", "console:bulk")
class OperationView(OperationMixin, ListPage[BulkItem]):
    """The preview before the start; then progress, live, and every row with what became of it."""

    roles = LOOK
    template_name = "console/bulk/operation.html"
    filters = (Select("state", gettext_lazy("State"), gettext_lazy("All states"), ItemState.choices),)
    columns = (
        Column[BulkItem](
            gettext_lazy("Selected"),
            lambda item: named.user_name if (named := _named(item)[0]) else item.object_id,
            template="console/bulk/_named.html",
            context={"item": lambda item: item, "named": _named},
        ),
        status(gettext_lazy("State"), lambda item: item.state, ITEM),
        Column[BulkItem](gettext_lazy("Reason"), _reason, classes="column-text"),
        moment(gettext_lazy("When"), lambda item: item.ended_at),
    )
    placeholder = gettext_lazy("Reason")
    empty = Empty("list-check", gettext_lazy("Nothing is selected"))
    nothing_fits = gettext_lazy("No matches")
    csv_name = "bulk"

    @property
    def title(self) -> Any:  # type: ignore[override]
        return title_of(self.operation)

    def rows(self) -> QuerySet[BulkItem]:
        return self.operation.items.order_by("id")

    def find(self, rows: QuerySet[BulkItem], text: str) -> QuerySet[BulkItem]:
        return rows.filter(reason__icontains=text)

    def shown(self, rows: Sequence[BulkItem]) -> Sequence[BulkItem]:
        named = self.action.named(self.organization, [item.object_id for item in rows]) if self.action else {}
        for item in rows:
            item.named = named.get(item.object_id)  # type: ignore[attr-defined]
        return rows

    def csv_rows(self) -> Rows[BulkItem]:
        return NamedItems(self.get_queryset(), self.shown)

    def get_template_names(self) -> list[str]:
        target = self.request.headers.get("HX-Target")
        return ["console/bulk/_progress.html"] if target == "progress" else [self.template_name]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        operation, action = self.operation, self.action
        number = counts(operation)
        previews = operation.state == OperationState.PREVIEW
        explained = action.explain(operation, self.administrator) if previews and action else None
        over = operation.state in (OperationState.FINISHED, OperationState.STOPPED)
        return super().get_context_data(
            **kwargs,
            operation=operation,
            action=action,
            status=OPERATION.of(operation.state),
            number=number,
            handled=sum(number.values()),
            poll_seconds=POLL if operation.state == OperationState.WORKING else None,
            is_over=over,
            previews=previews,
            explained=explained,
            totals=total_lines(explained.leaving) if explained and explained.leaving else (),
            may_decide=self.may_decide,
            home=reverse(action.home, args=[self.organization.slug]) if action else "",
        )


class DecisionView(OperationMixin):
    """A decision about an operation: a POST, one service, a message, back to its page."""

    roles = SUSPEND_PEOPLE

    def post(self, request: HttpRequest) -> HttpResponse:
        if not self.may_decide:
            raise PermissionDenied(_("Your role does not allow this."))
        self.decide(request)
        return redirect("console:bulk", organization=self.organization.slug, operation=self.operation.pk)

    def decide(self, request: HttpRequest) -> None:
        """Call the service and say what happened."""
        raise NotImplementedError("Subclasses must implement decide()")


@page("bulk/<uuid:operation>/start/", "console:bulk_start")
@method_decorator(reauthentication_required(app="allauth.account"), name="post")
class OperationStartView(DecisionView):
    def decide(self, request: HttpRequest) -> None:
        reason = text_of(request.POST, "reason")
        if self.action and self.action.needs_reason and not reason:
            messages.error(request, _("Enter a reason. No changes were made."))
        elif not services.start(self.operation, by=self._orderer(), reason=reason):
            messages.info(request, _("This was started before."))

    def _orderer(self) -> Actor:
        """Who starts it, and whether they may end console access: decided now, not when a worker acts."""
        ends = may_end_console_access(self.organization, self.actor)
        return replace(self.actor, ends_console_access=ends)


@page("bulk/<uuid:operation>/stop/", "console:bulk_stop")
class OperationStopView(DecisionView):
    def decide(self, request: HttpRequest) -> None:
        if services.stop(self.operation, by=self.actor):
            messages.success(request, _("Stopped. What is done stays done."))
        else:
            messages.info(request, _("Nothing to stop: it is over."))
