"""What an audit event says about its object: type in words, where to find it, and what changed."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from printmgmt.audit.models import AuditEvent
from printmgmt.bulk.models import BulkOperation
from printmgmt.console.shell.extensions import extensions
from printmgmt.console.shell.ids import ids_in
from printmgmt.console.shell.navigation import Text
from printmgmt.people.models import PrintGroup

OBJECT_TYPES: Final[dict[str, Text]] = {
    "person": gettext_lazy("Person"),
    "device": gettext_lazy("Device"),
    "group": gettext_lazy("Group"),
    "administrator": gettext_lazy("Administrator"),
    "invitation": gettext_lazy("Invitation"),
    "account": gettext_lazy("Account"),
    "installation": gettext_lazy("Add-on"),
    "token": gettext_lazy("Secret token"),
    "client-secret": gettext_lazy("Client secret"),
    "client": gettext_lazy("Client credentials"),
    "run": gettext_lazy("Leaver"),
    "job": gettext_lazy("Print job"),
    "policy": gettext_lazy("Leaving policy"),
    "batch": gettext_lazy("Many people left at once"),
    "bulk": gettext_lazy("Bulk operation"),
    "print-server": gettext_lazy("Print server"),
    "printer": gettext_lazy("Printer"),
    "station": gettext_lazy("Station"),
    "organization": gettext_lazy("Organization"),
}
LINKS: Final[dict[str, tuple[str, str]]] = {
    "person": ("console:person", "person"),
    "group": ("console:group", "group"),
    "run": ("console:run", "run"),
    "batch": ("console:batch", "batch"),
    "bulk": ("console:bulk", "operation"),
    "print-server": ("console:print_server", "server"),
    "printer": ("console:printer", "printer"),
    "station": ("console:station", "station"),
}
NAMES = {"actor", "object", "address"}
"""Details that have a place of their own."""


@dataclass(frozen=True)
class Detail:
    """One fact; ``old`` is None unless it is a change."""

    name: str
    new: str
    old: str | None = None


def all_object_types() -> dict[str, Text]:
    """The core's types of objects and the add-ons'."""
    return {**OBJECT_TYPES, **extensions.object_types()}


def object_words(object_type: str) -> Text:
    """What a type of object is called; one nobody named stands as it is stored."""
    return all_object_types().get(object_type, object_type)


def object_url(event: AuditEvent, organization: str) -> str:
    """The page of the event's object in the organization with this slug; empty when it has none."""
    name, argument = LINKS.get(event.object_type, ("", ""))
    if not name:
        return ""
    try:
        return reverse(name, kwargs={"organization": organization, argument: event.object_id})
    except NoReverseMatch:  # whatever stands in a row, the page must open
        return ""


def gone(events: Sequence[AuditEvent]) -> set[str]:
    """The ids of erased groups and old bulk operations among the objects: they have no page any more."""
    dead: set[str] = set()
    for object_type, model in (("group", PrintGroup), ("bulk", BulkOperation)):
        named = {event.object_id for event in events if event.object_type == object_type}
        if named:
            present = model._default_manager.filter(pk__in=ids_in(named)).values_list("pk", flat=True)
            dead |= named - {str(pk) for pk in present}
    return dead


def facts(event: AuditEvent) -> list[Detail]:
    """The details that are not names, changes first: none when they are erased."""
    details = event.details or {}
    changes = details.get("changes")
    others = {name: value for name, value in event.erasable.items() if name not in NAMES}
    if isinstance(changes, Mapping):
        del others["changes"]
        return [*_changes(changes), *_details(others)]
    return list(_details(others))


def _changes(changes: Mapping[str, Any]) -> Iterator[Detail]:
    for name, change in changes.items():
        match change:
            case [old, new] | {"old": old, "new": new}:
                yield Detail(name, _plain(new), _plain(old))
            case _:
                yield Detail(name, _plain(change))


def _details(details: Mapping[str, Any]) -> Iterator[Detail]:
    for name, value in details.items():
        if isinstance(value, Mapping):
            yield from _details({f"{name}.{key}": inner for key, inner in value.items()})
        else:
            yield Detail(name, _plain(value))


def _plain(value: Any) -> str:
    match value:
        case None | "":
            return _("nothing")
        case bool():
            return _("yes") if value else _("no")
        case str():
            return value
        case _:
            return json.dumps(value, ensure_ascii=False)
