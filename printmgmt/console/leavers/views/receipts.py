"""The receipt of a run: to read and print, and as a file."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from printmgmt.console.leavers.receipt_lines import for_paper, lines_of, written
from printmgmt.console.leavers.statuses import RUN
from printmgmt.console.shell.mixins import OrganizationMixin
from printmgmt.console.shell.pages import page
from printmgmt.console.shell.parameters import number_of
from printmgmt.deprovisioning.models import DeprovisionRun, LeavingPolicy, Receipt, Trigger
from printmgmt.deprovisioning.receipts.files import text_of
from printmgmt.deprovisioning.receipts.verifying import Verdict, verify_text
from printmgmt.organizations.moments import zone_named
from printmgmt.organizations.permissions import LOOK


class ReceiptMixin(OrganizationMixin):
    """Finds the versions of the receipt of the run in the URL, the first one first, or answers 404."""

    roles = LOOK

    def versions(self) -> list[Receipt]:
        runs = DeprovisionRun.objects.filter(organization=self.organization)
        run = get_object_or_404(runs, pk=self.kwargs["run"])
        found = list(run.receipts.order_by("version"))
        if not found:
            raise Http404(_("This run has no receipt yet. It is made once the immediate steps are done."))
        return found


@page("leavers/<uuid:run>/receipt/", "console:receipt")
class ReceiptView(ReceiptMixin, TemplateView):
    """One version, ``?version=2`` or the newest; an A4 page when it is printed."""

    template_name = "console/leavers/receipt.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        versions = self.versions()
        number = number_of(self.request.GET, "version")
        receipt = next((each for each in versions if each.version == number), versions[-1])
        body, personal = receipt.body, receipt.personal or {}
        # Like its other facts: as it was when the receipt was made, whatever the organization has now.
        with timezone.override(zone_named(body["organization"]["time_zone"])):
            steps = list(lines_of(body, personal))
            moments = {
                name: written(body[name])
                for name in ("requested_at", "cut_at", "settled_at", "ended_at", "made_at")
            }
        paper = for_paper(steps)
        return super().get_context_data(
            **kwargs,
            receipt=receipt,
            versions=versions,
            body=body,
            personal=personal,
            trigger=Trigger(body["trigger"]).label,
            status=RUN.of(body["state"]),
            moments=moments,
            cut_seconds=body["cut_after_ms"] / 1000,
            steps=steps,
            paper=paper if len(paper) < len(steps) else None,
            rules=_rules(body["policy"]),
            verdict=_verdict(versions),
        )


@page("leavers/<uuid:run>/receipt.json", "console:receipt_file")
class ReceiptFileView(ReceiptMixin, View):
    """All versions as one file, which `manage.py verify_receipt` and the public page take."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = HttpResponse(text_of(self.versions()), content_type="application/json")
        name = f"receipt-{self.kwargs['run']}.json"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["Cache-Control"] = "no-store"
        return response


def _verdict(versions: list[Receipt]) -> Verdict:
    """What verifying the stored versions says: a row that someone changed is not shown as proof."""
    return verify_text(text_of(versions))


def _rules(policy: dict[str, Any]) -> str:
    """The rules of the policy in one line; of one that this version does not know, its name in the file."""
    known = {field.name: field.verbose_name for field in LeavingPolicy._meta.concrete_fields}
    shown = [
        name
        for name in [*known, *sorted(policy.keys() - known.keys())]
        if name in policy.keys() - {"version"}
    ]
    values = [(known.get(name, name), _value(policy[name])) for name in shown]
    return " · ".join(f"{label}: {value}" for label, value in values)


def _value(rule: Any) -> Any:
    if isinstance(rule, bool):
        return _("yes") if rule else _("no")
    return "–" if rule is None else rule
