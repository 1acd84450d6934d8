"""What happened to a group: made, renamed, linked, and who came and went."""

from datetime import datetime

from printmgmt.audit.models import AuditEvent
from printmgmt.console.shell.extensions import TimelineEntry
from printmgmt.console.shell.ids import ids_in
from printmgmt.console.shell.timeline import TIES, Timeline, page_of
from printmgmt.console.shell.verbs import verb_icon, verb_words
from printmgmt.organizations.models import Organization
from printmgmt.people.members import groups_of
from printmgmt.people.models import PrintGroup, PrintUser

NAMED = 3
"""Members an entry names; the audit has their ids."""


def group_timeline(group: PrintGroup, *, before: datetime | None = None, size: int) -> Timeline:
    """Return about ``size`` entries before a moment, or the newest; costs the same at any length."""
    events = AuditEvent.objects.filter(
        organization=group.organization_id, object_type="group", object_id=str(group.pk)
    )
    if before is not None:
        events = events.filter(at__lt=before)
    # By id, which the index has: a directory may have changed this group a hundred thousand times.
    newest = list(events.order_by("-id")[: size + TIES])
    names = _names(group.organization, newest)
    return page_of((_entry(event, names) for event in newest), size)


def _entry(event: AuditEvent, names: dict[str, str]) -> TimelineEntry:
    details = event.details or {}
    ids = details.get("ids", [])
    members = [names[pk] for pk in ids[:NAMED] if pk in names]
    return TimelineEntry(
        at=event.at,
        icon=verb_icon(event.verb),
        title=verb_words(event.verb),
        by=str(details.get("actor", "")),
        template="console/groups/_timeline.html",
        context={
            "renamed": details.get("changes", {}).get("display_name"),
            "added": details.get("added", 0),
            "removed": details.get("removed", 0),
            "members": members,
            "more": details.get("added", 0) + details.get("removed", 0) - len(members),
        },
    )


def _names(organization: Organization, events: list[AuditEvent]) -> dict[str, str]:
    """The members these events name, by their ids, as far as they are still there."""
    ids = ids_in(pk for event in events for pk in (event.details or {}).get("ids", [])[:NAMED])
    if not ids:
        return {}
    people = {str(pk): str(person) for pk, person in PrintUser.objects.of(organization).in_bulk(ids).items()}
    groups = {str(pk): str(group) for pk, group in groups_of(organization).in_bulk(ids).items()}
    return people | groups
