"""What the directory did with a person, for the timeline on their page."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from printmgmt.console.shell.extensions import TimelineEntry
from printmgmt.people.models import PrintUser
from scim_sync.facts import ICON, SLUG
from scim_sync.models import ProvisioningEvent
from scim_sync.provisioning_log.causes import explain
from scim_sync.provisioning_log.newest_first import NewestFirst


def timeline(person: PrintUser, *, before: datetime | None, limit: int) -> Iterator[TimelineEntry]:
    """The provisioning events of a person before a moment, the newest first."""
    theirs = ProvisioningEvent.objects.filter(person__in=person.row_ids).select_related("token")
    events = NewestFirst.of(theirs)
    if before is not None:
        events = events.filter(moment__lt=before)
    for event in events.first(limit):
        yield TimelineEntry(
            at=event.last_at,
            icon=ICON,
            title=_("Directory: %(action)s") % {"action": event.get_action_display()},
            by=str(event.token or ""),
            template="scim_sync/_timeline_event.html",
            context={"event": event, "causes": explain(event), "source": f"{SLUG}:{event.installation_id}"},
        )
