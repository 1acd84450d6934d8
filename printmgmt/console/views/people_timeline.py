"""A person's timeline: newest on the person's page, earlier ones page by page."""

from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.dateparse import parse_datetime
from django.views.generic import TemplateView

from printmgmt.console.timeline import timeline
from printmgmt.console.views.people_base import PersonMixin
from printmgmt.organizations.permissions import LOOK

PAGE = 50


class PersonTimelineView(PersonMixin, TemplateView):
    """What happened before the moment in the URL; a moment that is none means up to now."""

    template_name = "console/person_timeline.html"
    roles = LOOK

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = timeline(self.person, before=moment_before(self.request.GET), size=PAGE)
        return super().get_context_data(**kwargs, person=self.person, timeline=found)


def moment_before(query: QueryDict) -> datetime | None:
    """The moment that ``before`` says; None when it says none."""
    try:
        moment = parse_datetime(query.get("before", ""))
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None
