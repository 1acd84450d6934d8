"""Same person as …? Looked for, laid side by side, and made one."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from printmgmt.console.people.actions import is_mergeable
from printmgmt.console.people.merge_words import in_order, what_happened, what_happens
from printmgmt.console.people.views.base import PersonChangeView, PersonMixin
from printmgmt.console.shell.filters import FilteredMixin
from printmgmt.console.shell.pages import page
from printmgmt.deprovisioning.merge_plan import check_merge, plan_merge
from printmgmt.deprovisioning.merging import merge_people
from printmgmt.organizations.permissions import REMOVE_PEOPLE
from printmgmt.people.attributes import ATTRIBUTES
from printmgmt.people.exceptions import MergeRefused
from printmgmt.people.likeness import likely_duplicates, merge_candidates
from printmgmt.people.models import CredentialKind, PrintUser

SHOWN = 20

IN_HEADING = ("user_name", "display_name")
"""Attributes in the heading of a row."""


@page("people/<uuid:person>/same/", "console:person_same")
class PersonSameView(FilteredMixin, PersonMixin, TemplateView):
    """A search among the others; before anything is searched for, those who look alike."""

    template_name = "console/people/same.html"
    roles = REMOVE_PEOPLE

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_mergeable(self.person):
            return super().get(request, *args, **kwargs)
        messages.info(request, _("%(person)s has already been merged.") % {"person": self.person})
        return redirect(self.person_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = self.person
        people = merge_candidates(person).matching(self.search) if self.search else likely_duplicates(person)
        found = list(people.order_by("display_name_key", "id")[: SHOWN + 1])
        pairs = [(other, *in_order(person, other)) for other in found[:SHOWN]]
        return super().get_context_data(**kwargs, person=person, pairs=pairs, more=len(found) > SHOWN)


@page("people/<uuid:person>/same/<uuid:other>/", "console:person_merge")
class PersonMergeView(PersonChangeView, TemplateView):
    """The person in the URL stays, ``other`` becomes their past: shown first, then done by POST."""

    template_name = "console/people/merge.html"
    roles = REMOVE_PEOPLE

    @cached_property
    def other(self) -> PrintUser:
        people = PrintUser.objects.of(self.organization).select_related("organization")
        return get_object_or_404(people, pk=self.kwargs["other"])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.other  # noqa: B018 -- 404 before anything is done
        return super().post(request, *args, **kwargs)

    def change(self) -> None:
        merged = merge_people(self.person, self.other, by=self.actor, account=self.account)
        self.done(what_happened(self.person, self.other, merged))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        keep, other = self.person, self.other
        shown: dict[str, Any] = {"person": keep, "rows": [_holdings(keep), _holdings(other)]}
        try:
            shown["consequences"] = list(what_happens(keep, other, plan_merge(keep, other)))
        except MergeRefused as error:
            shown["refusal"] = str(error)
        return super().get_context_data(**kwargs, **shown, other=other, reverse=_may_merge(other, keep))


def _may_merge(keep: PrintUser, other: PrintUser) -> bool:
    try:
        check_merge(keep, other)
    except MergeRefused:
        return False
    return True


def _holdings(person: PrintUser) -> dict[str, Any]:
    """A row as it is compared: what it is and what it holds."""
    credentials = list(person.credentials.filter(revoked_at__isnull=True).order_by("-created_at", "-id"))
    return {
        "person": person,
        "attributes": [
            (attribute.label, attribute.value_of(person))
            for attribute in ATTRIBUTES
            if attribute.on_page and attribute.name not in IN_HEADING
        ],
        "cards": [held for held in credentials if held.kind == CredentialKind.CARD],
        "pin": any(held.kind == CredentialKind.PIN for held in credentials),
        "devices": person.devices.filter(revoked_at__isnull=True).count(),
        "groups": person.memberships.present().values("group").distinct().count(),
        "names": person.aliases.order_by("-valid_from", "-id")[:5],
    }
