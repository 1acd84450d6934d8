"""Audit: who did what to whom, when, from where, and in which request."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from printmgmt.audit.models import ActorKind, AuditEvent
from printmgmt.console.audit.details import Detail, all_object_types, facts, gone, object_url, object_words
from printmgmt.console.audit.search import actors_of, naming
from printmgmt.console.shell.actors import actor_words
from printmgmt.console.shell.columns import Column
from printmgmt.console.shell.filters import Select, between
from printmgmt.console.shell.lists import Action, Empty, GrowingListPage
from printmgmt.console.shell.navigation import Section, Text
from printmgmt.console.shell.pages import Menu, page
from printmgmt.console.shell.sources import known_source, names_of, source_words
from printmgmt.console.shell.verbs import all_verbs, verb_icon, verb_words
from printmgmt.organizations.permissions import OVERSEE


@dataclass(frozen=True)
class AuditLine:
    """An event as the page shows it."""

    event: AuditEvent
    actor: str
    verb: Text
    icon: str
    object_type: Text
    object_url: str
    facts: list[Detail]


def _verbs(_view: object) -> list[tuple[str, Text]]:
    return [(verb, words) for verb, (words, _icon) in all_verbs().items()]


def _actors(view: "AuditView") -> list[tuple[str, str]]:
    return actors_of(view.organization, view.request.GET)


@page("audit/", "console:audit", menu=Menu(_("Audit"), "history", 10, Section.ORGANIZATION))
class AuditView(GrowingListPage[AuditEvent]):
    """The trail, the newest first, paged by id."""

    rows_template = "console/audit/_events.html"
    roles = OVERSEE
    title = _("Audit")
    lead = _(
        "Who did what, to whom, when, from where, and in which request. Entries can't be edited. "
        "Personal data can be erased."
    )
    actions = (Action(_("Bulk operations"), "console:bulk_operations", icon="list-check", primary=False),)
    filters = (
        Select("actor_kind", _("Who"), _("All types of actor"), ActorKind.choices),
        Select("actor_id", _("Actor"), _("All actors"), _actors),
        Select("verb", _("What"), _("All actions"), _verbs),
        Select("object_type", _("Object"), _("All objects"), lambda _view: all_object_types().items()),
        *between("at"),
    )
    placeholder = _("Name, email, or id of object or request")
    empty = Empty(
        "history",
        _("No activity yet"),
        _("Every change by an administrator, the directory or the console itself is recorded here."),
    )
    nothing_fits = _("No matches")
    csv_name = "audit"
    csv = (
        Column(_("When"), lambda event: event.at),
        Column(_("Who"), lambda event: (event.details or {}).get("actor")),
        Column(_("Kind"), AuditEvent.get_actor_kind_display),
        Column(_("Actor's id"), lambda event: event.actor_id),
        Column(_("Address"), lambda event: (event.details or {}).get("address")),
        Column(_("What"), lambda event: verb_words(event.verb)),
        Column(_("Verb"), lambda event: event.verb),
        Column(_("Object"), lambda event: (event.details or {}).get("object")),
        Column(_("Object's type"), lambda event: event.object_type),
        Column(_("Object's id"), lambda event: event.object_id),
        Column(_("Reason"), lambda event: event.reason),
        Column(_("Ticket"), lambda event: event.ticket),
        Column(_("Details"), lambda event: _details_text(event)),
        Column(_("Request"), lambda event: event.request_id),
        Column(_("Number in the chain"), lambda event: event.sequence),
        Column(_("Seal"), lambda event: event.seal),
    )

    def rows(self) -> QuerySet[AuditEvent]:
        return AuditEvent.objects.filter(organization=self.organization).order_by("-id")

    def find(self, rows: QuerySet[AuditEvent], text: str) -> QuerySet[AuditEvent]:
        return rows.filter(naming(self.organization, text))

    def shown(self, rows: Sequence[AuditEvent]) -> Sequence[AuditLine]:
        dead = gone(rows)
        return [self._line(event, has_page=event.object_id not in dead) for event in rows]

    def _line(self, event: AuditEvent, *, has_page: bool) -> AuditLine:
        return AuditLine(
            event=event,
            actor=actor_words(event),
            verb=verb_words(event.verb),
            icon=verb_icon(event.verb),
            object_type=object_words(event.object_type),
            object_url=object_url(event, self.organization.slug) if has_page else "",
            facts=[self._in_words(fact) for fact in facts(event)],
        )

    def _in_words(self, fact: Detail) -> Detail:
        """A fact that is a source, such as the directory a person was moved to, by the name it has."""
        if ":" not in fact.new or known_source(fact.new) is None:
            return fact
        return replace(fact, new=source_words(fact.new, names_of(self.request)))


def _details_text(event: AuditEvent) -> str:
    if event.details is None:
        return str(_("Erased"))
    return json.dumps(event.details, ensure_ascii=False, sort_keys=True)
