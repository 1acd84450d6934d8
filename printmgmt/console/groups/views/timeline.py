"""A group's timeline: newest on the group's page, earlier ones page by page."""

from typing import Any

from django.db.models import QuerySet
from django.views.generic import TemplateView

from printmgmt.console.groups.timeline import group_timeline
from printmgmt.console.groups.views.base import GroupMixin
from printmgmt.console.shell.pages import page
from printmgmt.console.shell.parameters import moment_of
from printmgmt.console.shell.timeline import PAGE
from printmgmt.organizations.permissions import LOOK
from printmgmt.people.models import PrintGroup


@page("groups/<uuid:group>/timeline/", "console:group_timeline")
class GroupTimelineView(GroupMixin, TemplateView):
    """What happened before the moment in the URL; a moment that is none means up to now."""

    template_name = "console/groups/timeline.html"
    roles = LOOK

    def groups(self) -> QuerySet[PrintGroup]:
        return PrintGroup.objects.of(self.organization).select_related("organization")  # also a deleted one

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = group_timeline(self.group, before=moment_of(self.request.GET, "before"), size=PAGE)
        return super().get_context_data(**kwargs, group=self.group, timeline=found)
