"""What happened to a person, the rows merged into theirs included: audit, runs, steps, add-ons."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from urllib.parse import urlencode

from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from printmgmt.audit.models import AuditEvent
from printmgmt.console.shell.actors import actor_words
from printmgmt.console.shell.extensions import TimelineEntry, extensions
from printmgmt.console.shell.navigation import Text
from printmgmt.console.shell.verbs import verb_icon, verb_words
from printmgmt.deprovisioning.models import DeprovisionRun, DeprovisionStep, StepState, Trigger
from printmgmt.deprovisioning.steps import step_label
from printmgmt.people.attributes import BY_NAME
from printmgmt.people.models import Device, PrintUser

PAGE = 50
"""Entries of a timeline page."""

TIES = 25
"""Entries of one moment are never torn apart by a page; a source may have this many of them."""


@dataclass(frozen=True)
class Timeline:
    """A page of a timeline, newest first. ``earlier`` is the ``before`` of the next page, or None."""

    entries: list[TimelineEntry]
    earlier: datetime | None

    @property
    def earlier_query(self) -> str:
        """The query of the URL that shows the next page; empty when there is none."""
        return urlencode({"before": self.earlier.isoformat()}) if self.earlier else ""


def timeline(person: PrintUser, *, before: datetime | None = None, size: int) -> Timeline:
    """Return about ``size`` entries before a moment, or the newest; costs the same at any length."""
    limit = size + TIES
    found = chain(
        _audit(person, before, limit),
        _runs(person, before, limit),
        _steps(person, before, limit),
        extensions.timeline(person, before=before, limit=limit),
    )
    return page_of(found, size)


def page_of(found: Iterable[TimelineEntry], size: int) -> Timeline:
    """The newest ``size`` of the entries, and those of the same moment as the last of them."""
    newest = sorted(found, key=lambda entry: entry.at, reverse=True)
    end = size
    while size <= end < len(newest) and newest[end].at == newest[end - 1].at:
        end += 1
    return Timeline(newest[:end], newest[end - 1].at if end < len(newest) else None)


def _audit(person: PrintUser, before: datetime | None, limit: int) -> Iterator[TimelineEntry]:
    rows = [str(pk) for pk in person.row_ids]
    owned = Device.objects.filter(person__in=person.row_ids)
    devices = [str(pk) for pk in owned.values_list("pk", flat=True)]
    left = DeprovisionRun.objects.filter(person__in=person.row_ids)
    runs = [str(pk) for pk in left.values_list("pk", flat=True)]
    about = (
        Q(object_type="person", object_id__in=rows)
        | Q(object_type="device", object_id__in=devices)
        | Q(object_type="run", object_id__in=runs)
    )
    events = AuditEvent.objects.filter(about, organization=person.organization_id)
    if before is not None:
        events = events.filter(at__lt=before)
    # The audit of both rows has the merge; it is shown once.
    events = events.exclude(verb="person.merged", object_id__in=rows[1:])
    for event in events.order_by("-at", "-id")[:limit]:
        details = event.details or {}
        is_of_run = event.object_type == "run"
        if is_of_run:
            name = "; ".join(str(step_label(step)) for step in details.get("steps", []))
        else:
            is_own = event.object_type == "person" and event.object_id == rows[0]
            name = str(details.get("name" if is_own else "object", ""))
        yield TimelineEntry(
            at=event.at,
            icon=verb_icon(event.verb),
            title=verb_words(event.verb),
            by=actor_words(event),
            url=_run_url(person, event.object_id) if is_of_run else "",
            template="console/shell/_timeline_audit.html",
            context={
                "name": name,
                "last4": details.get("last4", ""),
                "to": details.get("to", ""),
                "job": details.get("job"),
                "server": details.get("server", ""),
                "printer": details.get("printer", ""),
                "changes": list(_changes(details.get("changes", {}))),
            },
        )


def _changes(changes: dict[str, list[str]]) -> Iterator[tuple[Text, list[str]]]:
    labels = {text.name: text.label for text in extensions.person_texts()}
    for name, change in changes.items():
        yield BY_NAME[name].label if name in BY_NAME else labels.get(name, name), change


def _runs(person: PrintUser, before: datetime | None, limit: int) -> Iterator[TimelineEntry]:
    runs = DeprovisionRun.objects.filter(person__in=person.row_ids)
    if before is not None:
        runs = runs.filter(cut_at__lt=before)
    for run in runs.order_by("-cut_at", "-id")[:limit]:
        removed = run.trigger == Trigger.REMOVED
        yield TimelineEntry(
            at=run.cut_at,
            icon="door-exit",
            title=_("Access ended: removed") if removed else _("Access ended: suspended"),
            by=run.caused_by,
            url=_run_url(person, run.pk),
        )


def _steps(person: PrintUser, before: datetime | None, limit: int) -> Iterator[TimelineEntry]:
    """Steps that are over, the targets of one step together: a leaver may have forty devices."""
    over = DeprovisionStep.objects.filter(run__person__in=person.row_ids, ended_at__isnull=False)
    together = over.values("run", "name", "state").annotate(at=Max("ended_at"), targets=Count("id"))
    if before is not None:
        together = together.filter(at__lt=before)
    for step in together.order_by("-at", "name")[:limit]:
        yield TimelineEntry(
            at=step["at"],
            icon="list-check",
            title=_("%(step)s: %(state)s")
            % {
                "step": step_label(step["name"]),
                "state": StepState(step["state"]).label,
            },
            url=_run_url(person, step["run"]),
        )


def _run_url(person: PrintUser, run: object) -> str:
    return reverse("console:run", kwargs={"organization": person.organization.slug, "run": run})
