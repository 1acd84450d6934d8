"""One group: its members and who added them, the groups it is in, and its timeline."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from printmgmt.console.groups.actions import delete_question
from printmgmt.console.groups.members import MemberList, MemberRow, member_of
from printmgmt.console.groups.timeline import group_timeline
from printmgmt.console.groups.views.base import GroupMixin
from printmgmt.console.shell.columns import Column
from printmgmt.console.shell.filters import Select
from printmgmt.console.shell.lists import Action, Empty, ListPage
from printmgmt.console.shell.pages import page
from printmgmt.console.shell.sources import SOURCE, SOURCE_FILTER, of_source
from printmgmt.organizations.permissions import CHANGE_GROUPS, LOOK
from printmgmt.people.members import parent_groups, with_counts
from printmgmt.people.models import CONSOLE, GroupMembership, PrintGroup

NEWEST = 10
"""Entries of the timeline on the page itself."""

AROUND = 10
"""Groups around this one that are named."""

KINDS = (("people", _("People")), ("groups", _("Groups")))


@page("groups/<uuid:group>/", "console:group")
class GroupView(GroupMixin, ListPage[MemberRow]):
    """Its members searched, filtered, paged and exported; operators also see the buttons."""

    template_name = "console/groups/group.html"
    rows_template = "console/groups/_members.html"
    roles = LOOK
    target = "members"
    filters = (Select("kind", _("Members"), _("People and groups"), KINDS), SOURCE_FILTER)
    empty = Empty(
        "users-group",
        _("No members yet"),
        action=Action(_("Add members"), "console:group_members", "plus", CHANGE_GROUPS),
    )
    nothing_fits = _("No matches")
    csv_name = "group"
    csv = (
        Column(_("Member"), lambda row: str(member_of(row))),
        Column(_("Kind"), lambda row: _("Person") if isinstance(row, GroupMembership) else _("Group")),
        Column(_("User name"), lambda row: _of_person(row, "user_name")),
        Column(_("Work email"), lambda row: _of_person(row, "work_email")),
        Column(_("State"), lambda row: _state(row)),
        SOURCE,
        Column(_("Member since"), lambda row: row.created_at),
        Column(_("Member ID (SCIM id)"), lambda row: member_of(row).pk),
    )

    # Members are of two models, which no QuerySet holds; what a list asks of one, a MemberList does.
    def get_queryset(self) -> MemberList:  # type: ignore[override]
        return MemberList(
            self.group,
            kind=self.value_of("kind"),
            search=self.search,
            source=of_source(self.value_of("source")),
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        return self._deleted() if self.group.removed_at else super().get(request, *args, **kwargs)

    def groups(self) -> QuerySet[PrintGroup]:
        return with_counts(PrintGroup.objects.of(self.organization).select_related("organization"))

    def _deleted(self) -> HttpResponse:
        """The page of a deleted group, to which log and audit lead: until when it can come back."""
        context = {
            "group": self.group,
            "operates": self.administrator.role in CHANGE_GROUPS,
            "by_directory": self.group.source != CONSOLE,
            "timeline": group_timeline(self.group, size=NEWEST),
        }
        return render(self.request, "console/groups/deleted.html", context)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        group = self.group
        operates = self.administrator.role in CHANGE_GROUPS
        own = group.source == CONSOLE
        around = list(parent_groups(group)[: AROUND + 1])
        return super().get_context_data(
            **kwargs,
            group=group,
            own=own,
            operates=operates,
            delete_question=delete_question(group) if operates and own else "",
            around=around[:AROUND],
            more_around=len(around) > AROUND,
            timeline=group_timeline(group, size=NEWEST),
        )


def _of_person(row: MemberRow, field: str) -> str:
    return str(getattr(row.person, field)) if isinstance(row, GroupMembership) else ""


def _state(row: MemberRow) -> str:
    return str(row.person.shown_state.label) if isinstance(row, GroupMembership) else ""
