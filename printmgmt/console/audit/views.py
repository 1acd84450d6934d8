"""Audit: who did what to whom, when, from where, and in which request."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from printmgmt.audit.models import ActorKind, AuditEvent
from printmgmt.console.audit.details import Detail, all_object_types, facts, gone, object_url, object_words
from printmgmt.console.audit.search import choose_actor, naming
from printmgmt.console.shell.export import Column, CsvMixin
from printmgmt.console.shell.filters import Filter, FilteredMixin, choose, choose_day
from printmgmt.console.shell.keyset import keyset_page
from printmgmt.console.shell.navigation import Text
from printmgmt.console.shell.parameters import midnight
from printmgmt.console.shell.verbs import all_verbs, verb_icon, verb_words
from printmgmt.organizations.permissions import OVERSEE

PAGE = 50


@dataclass(frozen=True)
class AuditLine:
    """An event as the page shows it."""

    event: AuditEvent
    verb: Text
    icon: str
    object_type: Text
    object_url: str
    facts: list[Detail]


class AuditView(FilteredMixin, CsvMixin[AuditEvent]):
    """The trail, the newest first, paged by id: it only grows."""

    template_name = "console/audit/audit.html"
    context_object_name = "events"
    roles = OVERSEE
    csv_name = "audit"

    @property
    def csv_columns(self) -> Sequence[Column[AuditEvent]]:
        return [
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
            Column(_("Details"), _details_text),
            Column(_("Request"), lambda event: event.request_id),
            Column(_("Number in the chain"), lambda event: event.sequence),
            Column(_("Seal"), lambda event: event.seal),
        ]

    def get_queryset(self) -> QuerySet[AuditEvent]:
        events = AuditEvent.objects.filter(organization=self.organization)
        for chosen in (self.actor_kind, self.actor_id, self.verb, self.object_type):
            if chosen.value:
                events = events.filter(**{chosen.name: chosen.value})
        if self.since.value:
            events = events.filter(at__gte=midnight(date.fromisoformat(self.since.value)))
        if self.until.value:
            events = events.filter(at__lt=midnight(date.fromisoformat(self.until.value), days=1))
        if self.search:
            events = events.filter(naming(self.organization, self.search))
        return events.order_by("-id")

    @property
    def filters(self) -> list[Filter]:
        return [self.actor_kind, self.actor_id, self.verb, self.object_type, self.since, self.until]

    @property
    def actor_kind(self) -> Filter:
        return choose("actor_kind", _("Who"), _("Everybody"), ActorKind.choices, self.request.GET)

    @cached_property
    def actor_id(self) -> Filter:
        return choose_actor(self.organization, self.request.GET)

    @property
    def verb(self) -> Filter:
        verbs = [(verb, words) for verb, (words, _icon) in all_verbs().items()]
        return choose("verb", _("What"), _("Everything"), verbs, self.request.GET)

    @property
    def object_type(self) -> Filter:
        return choose(
            "object_type", _("Object"), _("Every object"), all_object_types().items(), self.request.GET
        )

    @property
    def since(self) -> Filter:
        return choose_day("since", _("From"), self.request.GET)

    @property
    def until(self) -> Filter:
        return choose_day("until", _("To"), self.request.GET)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = keyset_page(self.get_queryset(), self.request.GET, size=PAGE)
        dead = gone(page.rows)
        lines = [self._line(event, has_page=event.object_id not in dead) for event in page.rows]
        return super().get_context_data(**kwargs, page=page, lines=lines)

    def _line(self, event: AuditEvent, *, has_page: bool) -> AuditLine:
        return AuditLine(
            event=event,
            verb=verb_words(event.verb),
            icon=verb_icon(event.verb),
            object_type=object_words(event.object_type),
            object_url=object_url(event, self.organization.slug) if has_page else "",
            facts=facts(event),
        )


def _details_text(event: AuditEvent) -> str:
    if event.details is None:
        return str(_("Erased"))
    return json.dumps(event.details, ensure_ascii=False, sort_keys=True)
