"""A list whose rows can be selected: some by their boxes, or all that search and filters let through."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from printmgmt.bulk.exceptions import NothingChosen
from printmgmt.bulk.services import prepare
from printmgmt.console.bulk.actions import BulkAction
from printmgmt.console.shell.ids import ids_in
from printmgmt.console.shell.lists import PAGE, ListPage, Row
from printmgmt.console.shell.selection import Selection, SelectionButton, boxes

MOST: Final = 20_000
"""Rows of one operation."""

BOX: Final = boxes("pick", lambda row: _("Select %(row)s") % {"row": getattr(row, "person", None) or row})


class SelectableList(ListPage[Row]):
    """A list with boxes. A POST to its address, search and filters included, prepares an operation."""

    bulk_actions: ClassVar[Sequence[BulkAction]] = ()

    @property
    def offered(self) -> Sequence[BulkAction]:
        """What who looks may do."""
        return [action for action in self.bulk_actions if self.administrator.role in action.permission]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {**context, "selection": self._selection(context["page_obj"]) if self.offered else None}

    def _selection(self, page: Page[Row]) -> Selection:
        buttons = [SelectionButton(each.kind, f"{each.label}…", each.icon) for each in self.offered]
        total = page.paginator.count if page.has_other_pages() else 0
        return Selection(self.request.get_full_path(), buttons, BOX, total)

    def seen(self, rows: Any) -> Mapping[str, object]:
        """What the rows are at now, by their id as text: see `bulk.services.prepare`."""
        return dict.fromkeys((str(pk) for pk in rows.values_list("pk", flat=True)), "")

    def post(self, request: HttpRequest) -> HttpResponse:
        """``deed`` is the kind; ``pick`` the ids, at most a page of them, or ``all`` for what is listed."""
        action = next((each for each in self.bulk_actions if each.kind == request.POST.get("deed")), None)
        if action is None:
            messages.error(request, _("No changes were made."))
            return redirect(request.get_full_path())
        if self.administrator.role not in action.permission:
            raise PermissionDenied(_("Your role does not allow this."))
        rows = self.get_queryset()
        if not request.POST.get("all"):
            rows = rows.filter(pk__in=sorted(ids_in(request.POST.getlist("pick")))[:PAGE])
        chosen = self.seen(rows[: MOST + 1])
        if len(chosen) > MOST:
            text = _("Select at most %(number)d at once. Narrow the list with search or filters.")
            messages.error(request, text % {"number": MOST})
            return redirect(request.get_full_path())
        try:
            operation = prepare(
                action.kind, chosen, organization=self.organization, by=self.actor, seen=chosen
            )
        except NothingChosen:
            messages.error(request, _("Nothing is selected. No changes were made."))
            return redirect(request.get_full_path())
        return redirect("console:bulk", organization=self.organization.slug, operation=operation.pk)
