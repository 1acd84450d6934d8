"""The leaving policy: its versions, and what another one would have done to those who left last."""

from collections.abc import Mapping
from typing import Any

from django.db.models import JSONField, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from printmgmt.console.settings.forms import PolicyForm
from printmgmt.console.settings.policy_words import change_words, differences
from printmgmt.console.shell.columns import Column, moment
from printmgmt.console.shell.lists import Empty, ListPage
from printmgmt.console.shell.mixins import OrganizationMixin
from printmgmt.console.shell.pages import page
from printmgmt.deprovisioning.models import LeavingPolicy
from printmgmt.deprovisioning.policy import RULES, shown_policy
from printmgmt.deprovisioning.what_if import compare_with_last_leavers
from printmgmt.organizations.permissions import CHANGE_SETTINGS, OVERSEE


def _changes(policy: LeavingPolicy) -> list[str]:
    before: Mapping[str, Any] | None = policy.before  # type: ignore[attr-defined]
    return change_words(before, policy)


@page("settings/policy/versions/", "console:policy_versions")
class PolicyVersionsView(ListPage[LeavingPolicy]):
    """Every version of the policy, the newest first; runs keep the one they began under."""

    template_name = "console/settings/versions.html"
    roles = OVERSEE
    title = _("Versions of the leaving policy")
    lead = _("Each leaving keeps the version that applied when it began.")
    columns = (
        Column(
            _("Version"),
            lambda policy: policy.version,
            template="console/settings/_version.html",
            context={"version": lambda policy: policy.version},
        ),
        moment(_("When"), lambda policy: policy.created_at),
        Column(
            _("Who"),
            lambda policy: policy.created_by.email if policy.created_by else None,
            classes="text-nowrap",
        ),
        Column(
            _("What changed"),
            lambda policy: "; ".join(_changes(policy)),
            template="console/settings/_changes.html",
            context={"changes": _changes},
            classes="column-sentence",
        ),
    )
    placeholder = _("Who changed it")
    empty = Empty(
        "history",
        _("The policy was never changed"),
        _("The defaults apply. Each change appears here as a version."),
    )
    nothing_fits = _("No matches")
    csv_name = "leaving-policy"

    def rows(self) -> QuerySet[LeavingPolicy]:
        policies = LeavingPolicy.objects.filter(organization=self.organization)
        earlier = policies.filter(version=OuterRef("version") - 1)
        rules = earlier.values(rules=JSONObject(**{rule: rule for rule in RULES}))
        before = Subquery(rules, output_field=JSONField())
        return policies.select_related("created_by").annotate(before=before).order_by("-version")

    def row_url(self, row: LeavingPolicy) -> str:
        """The changes of the policy in the audit log."""
        return f"{self.url_beside('console:audit')}?verb=policy.changed"

    def find(self, rows: QuerySet[LeavingPolicy], text: str) -> QuerySet[LeavingPolicy]:
        return rows.filter(created_by__email__contains=text.lower())


@page("settings/policy/compare/", "console:policy_compare")
class PolicyCompareView(OrganizationMixin):
    """The answer to *Compare*: for htmx, inside the page that has the form. Nothing is saved."""

    roles = CHANGE_SETTINGS
    http_method_names = ("post",)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        current = shown_policy(self.organization)
        form = PolicyForm(request.POST, policy=current)
        context: dict[str, Any] = {"form": form, "organization": self.organization}
        if form.is_valid():
            draft = LeavingPolicy(organization=self.organization, **form.cleaned_data)
            compared = compare_with_last_leavers(self.organization, draft)
            context["leavers"] = [(each.run, differences(each)) for each in compared]
        return render(request, "console/settings/_comparison.html", context)
