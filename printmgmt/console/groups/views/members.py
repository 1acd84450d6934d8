"""Members of a group: looked for, chosen and added; removed. Each takes the other back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView

from printmgmt.console.groups.actions import name_of
from printmgmt.console.groups.views.base import GroupChangeView, GroupMixin
from printmgmt.console.shell import undo
from printmgmt.console.shell.filters import FilteredMixin, Select
from printmgmt.console.shell.pages import page
from printmgmt.console.shell.picking import PICK, Found, Picks, find, picked, picks
from printmgmt.organizations.permissions import CHANGE_GROUPS
from printmgmt.people.exceptions import GroupGone, NestingCycle
from printmgmt.people.members import groups_of, matching_groups
from printmgmt.people.memberships import Change, Members, Verb, change_groups, find_members
from printmgmt.people.models import PrintUser
from printmgmt.people.states import current_state_words

KINDS = (("people", gettext_lazy("People")), ("groups", gettext_lazy("Groups")))


@page("groups/<uuid:group>/members/", "console:group_members")
class GroupMembersView(FilteredMixin, GroupMixin, TemplateView):
    """A search among people and groups; what is chosen is added by POST, to any group, a directory's too."""

    template_name = "console/groups/members.html"
    roles = CHANGE_GROUPS
    filters = (Select("kind", gettext_lazy("Kind"), gettext_lazy("People and groups"), KINDS),)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        chosen = picked(request.POST)
        wanted = find_members(self.organization, chosen)
        if chosen and not wanted:
            return self._again(
                _("None of your selection exists any more. No changes were made. Choose again.")
            )
        if not wanted:
            return self._again(_("Choose at least one person or group."))
        try:
            [came] = change_groups([self.group], Change(Verb.ADD, wanted), by=self.actor)
        except NestingCycle as error:
            return self._again(str(error))
        except GroupGone as error:
            return self.gone(error)
        self._show_message(came.added)
        if missing := len(chosen - wanted.ids):
            text = ngettext(
                "%(count)d of your selection was removed or deleted in the meantime and not added.",
                "%(count)d of your selection were removed or deleted in the meantime and not added.",
                missing,
            )
            messages.warning(request, text % {"count": missing})
        return redirect(self.group_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, group=self.group, picks=self._picks())

    def _again(self, refusal: str) -> HttpResponse:
        return self.render_to_response(self.get_context_data(refusal=refusal))

    def _show_message(self, added: Members) -> None:
        if not added:
            messages.info(self.request, _("They are already members. No changes were made."))
            return
        text = _("Added %(member)s to %(group)s.") % {"member": name_of(added), "group": self.group}
        undo.success(
            self.request,
            text,
            undo_url=self.group_url("console:group_members_remove"),
            undo_fields={PICK: sorted(added.ids)},
        )

    def _picks(self) -> Picks:
        ids = picked(self.request.POST or self.request.GET)
        chosen = find_members(self.organization, ids) if ids else Members()
        people = PrintUser.objects.of(self.organization).live().order_by("display_name_key", "user_name_key")
        groups = groups_of(self.organization)
        found: list[Found] = []
        if self.value_of("kind") != "groups":
            matches = people.matching(self.search) if self.search else people
            found.append(find(matches.exclude(pk__in=chosen.people), self._people_inside))
        if self.value_of("kind") != "people":
            asked_groups = matching_groups(groups, self.search) if self.search else groups
            others = asked_groups.exclude(pk__in=[*chosen.groups, self.group.pk])
            found.append(find(others, self._groups_inside))
        chosen_rows = [*people.filter(pk__in=chosen.people), *groups.filter(pk__in=chosen.groups)]
        return picks(chosen_rows, *found)

    def _people_inside(self, ids: list[Any]) -> Any:
        return self.group.memberships.filter(person__in=ids).values_list("person", flat=True)

    def _groups_inside(self, ids: list[Any]) -> Any:
        return self.group.child_nestings.filter(child__in=ids).values_list("child", flat=True)


@page("groups/<uuid:group>/members/remove/", "console:group_members_remove")
class GroupMembersRemoveView(GroupChangeView):
    """Remove members that the console added; those that a directory added stay."""

    def change(self) -> str:
        ids = picked(self.request.POST)
        people = PrintUser.objects.of(self.organization)
        gone = list(people.filter(pk__in=ids, removed_at__isnull=False))
        ids -= {person.pk for person in gone}
        for person in gone:  # they keep their groups for the day they come back
            text = _("No changes were made: %(now)s") % {"now": current_state_words(person)}
            messages.error(self.request, text)
        if gone and not ids:
            return self._back()
        # What each of them is does not matter: who is not there is not removed.
        [went] = change_groups([self.group], Change(Verb.REMOVE, Members(ids, ids)), by=self.actor)
        removed = went.removed
        if not removed:
            messages.info(self.request, _("They were not added in the console. No changes were made."))
            return self._back()
        text = _("Removed %(member)s from %(group)s.") % {"member": name_of(removed), "group": self.group}
        undo.success(
            self.request,
            text,
            undo_url=self.group_url("console:group_members"),
            undo_fields={PICK: sorted(removed.ids)},
        )
        return self._back()

    def _back(self) -> str:
        """The list as it was searched, at the same page."""
        query = self.request.GET.urlencode()
        return f"{self.group_url()}?{query}" if query else self.group_url()
