"""A person's timeline: newest on the person's page, earlier ones page by page."""

from typing import Any

from django.views.generic import TemplateView

from printmgmt.console.people.views.base import PersonMixin
from printmgmt.console.shell.pages import page
from printmgmt.console.shell.parameters import moment_of
from printmgmt.console.shell.timeline import PAGE, timeline
from printmgmt.organizations.permissions import LOOK


@page("people/<uuid:person>/timeline/", "console:person_timeline")
class PersonTimelineView(PersonMixin, TemplateView):
    """What happened before the moment in the URL; a moment that is none means up to now."""

    template_name = "console/people/timeline.html"
    roles = LOOK

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = timeline(self.person, before=moment_of(self.request.GET, "before"), size=PAGE)
        return super().get_context_data(**kwargs, person=self.person, timeline=found)
