"""The groups of a person: looked for, chosen and joined; left. Each takes the other back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from printmgmt.console.groups.actions import names_of
from printmgmt.console.people.views.base import PersonChangeView, PersonMixin
from printmgmt.console.shell import undo
from printmgmt.console.shell.filters import FilteredMixin
from printmgmt.console.shell.pages import page
from printmgmt.console.shell.picking import PICK, Picks, find, picked, picks
from printmgmt.organizations.permissions import CHANGE_GROUPS
from printmgmt.people.exceptions import GroupGone, PersonGone
from printmgmt.people.members import groups_of, matching_groups
from printmgmt.people.memberships import Change, Members, Verb, change_groups
from printmgmt.people.models import PrintGroup, PrintUser
from printmgmt.people.services import lock_person
from printmgmt.people.states import current_state_words


@page("people/<uuid:person>/groups/", "console:person_groups")
class PersonGroupsView(FilteredMixin, PersonMixin, TemplateView):
    """A search among the groups; what is chosen takes the person in by POST."""

    template_name = "console/people/groups.html"
    roles = CHANGE_GROUPS

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._refused() if self.person.removed_at else super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wanted = chosen_groups(self)
        if not wanted:
            refusal = _("Choose at least one group.")
            if picked(request.POST):
                refusal = _("Your selection no longer exists. No changes were made. Choose again.")
            return self.render_to_response(self.get_context_data(refusal=refusal))
        try:
            joined = change(self, wanted, Verb.ADD)
        except PersonGone:
            return self._refused()
        except GroupGone as error:
            return self.render_to_response(self.get_context_data(refusal=str(error)))
        if joined:
            text = _("Added %(person)s to %(group)s.")
            show_message(self, text, joined, undo_view="console:person_groups_remove")
        else:
            messages.info(
                request, _("%(person)s is already a member. No changes were made.") % {"person": self.person}
            )
        return redirect(self.person_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, person=self.person, picks=self._picks())

    def _picks(self) -> Picks:
        groups = groups_of(self.organization)
        chosen = list(groups.filter(pk__in=picked(self.request.POST or self.request.GET)))
        matches = matching_groups(groups, self.search) if self.search else groups
        return picks(chosen, find(matches.exclude(pk__in=[group.pk for group in chosen]), self._inside))

    def _inside(self, ids: list[UUID]) -> Any:
        return self.person.memberships.filter(group__in=ids).values_list("group", flat=True)

    def _refused(self) -> HttpResponse:
        messages.error(self.request, str(gone(self.person)))
        return redirect(self.person_url())


@page("people/<uuid:person>/groups/remove/", "console:person_groups_remove")
class PersonGroupsRemoveView(PersonChangeView):
    """Remove the person from the chosen groups, except those to which a directory added them."""

    roles = CHANGE_GROUPS

    def change(self) -> None:
        left = change(self, chosen_groups(self), Verb.REMOVE)
        if left:
            text = _("Removed %(person)s from %(group)s.")
            show_message(self, text, left, undo_view="console:person_groups")
        else:
            messages.info(self.request, _("They were not added in the console. No changes were made."))


def chosen_groups(view: PersonMixin) -> list[PrintGroup]:
    """The organization's groups that were posted."""
    ids = picked(view.request.POST)
    groups = groups_of(view.organization).select_related("organization")
    return list(groups.filter(pk__in=ids))


@transaction.atomic
def change(view: PersonMixin, groups: list[PrintGroup], verb: Verb) -> list[PrintGroup]:
    """Put the view's person into these groups or take them out; those that changed.

    Who was removed keeps their memberships for the day they come back. Raises PersonGone and GroupGone.
    """
    lock_person(view.person)
    if view.person.removed_at:
        raise gone(view.person)
    members = Members(people=frozenset({view.person.pk}))
    deltas = change_groups(groups, Change(verb, members), by=view.actor)
    return [group for group, delta in zip(groups, deltas, strict=True) if delta]


def gone(person: PrintUser) -> PersonGone:
    """Why the groups of someone removed stay as they are."""
    text = _("No changes were made: %(now)s Their groups are kept for when they return.")
    return PersonGone(text % {"now": current_state_words(person)})


def show_message(view: PersonMixin, text: str, groups: list[PrintGroup], *, undo_view: str) -> None:
    """Show which groups changed, a single one by name, with Undo."""
    ids = frozenset(group.pk for group in groups)
    undo.success(
        view.request,
        text % {"person": view.person, "group": names_of(groups)},
        undo_url=view.person_url(undo_view),
        undo_fields={PICK: sorted(ids)},
    )
