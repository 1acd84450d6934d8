"""Signs in events about people: `active`, and addresses without a value."""

import re
from collections.abc import Iterable
from typing import Any, Final

from scim_sync.models import Action, ProvisioningEvent, Result
from scim_sync.monitoring.hints.bodies import Sent, plain_name, sent
from scim_sync.monitoring.hints.evidence import Evidence, Sign

DONE: Final = (Result.OK, Result.WARNING, Result.UNCHANGED)
WITHOUT_VALUE: Final = {
    "emails": Sign.EMAIL_WITHOUT_VALUE,
    "phonenumbers": Sign.PHONE_WITHOUT_VALUE,
    "addresses": Sign.ADDRESS_WITHOUT_VALUE,
}

# `emails[type eq "work"]`, with or without `.value` behind it.
_SELECTED: Final = re.compile(r"(?P<of>emails|phonenumbers|addresses)\[.*\](?P<sub>\.\w+)?", re.S)
_LABELS: Final = frozenset({"type", "primary", "display"})


def note_person(event: ProvisioningEvent, evidence: Evidence, *, ended_access: bool) -> None:
    """Count what the event of a write to a person shows.

    ``ended_access`` says whether the person could print until then.
    """
    if event.result not in DONE:
        return
    named = sent(event)
    if event.action != Action.REMOVE:
        _note_active(event, named, evidence)
    elif ended_access:
        evidence.count(Sign.DELETED_WHILE_ACTIVE, event)
    for attribute, sign in WITHOUT_VALUE.items():
        has_value = {found for item in named if (found := _value_of(attribute, item)) is not None}
        if False in has_value:
            evidence.count(sign, event)
        elif has_value:
            evidence.clear(sign)


def _note_active(event: ProvisioningEvent, named: Iterable[Sent], evidence: Evidence) -> None:
    names = {plain_name(item.path) for item in named}
    if event.action in (Action.SUSPEND, Action.REACTIVATE) or (event.method != "POST" and "active" in names):
        evidence.clear(Sign.CREATED_WITHOUT_ACTIVE, Sign.DELETED_WHILE_ACTIVE)
    elif event.method == "POST" and names:
        if "active" in names:
            evidence.clear(Sign.CREATED_WITHOUT_ACTIVE)
        else:
            evidence.count(Sign.CREATED_WITHOUT_ACTIVE, event)


def _value_of(attribute: str, item: Sent) -> bool | None:
    """Whether the request gives this attribute a value; False if only its type; None if neither."""
    name = plain_name(item.path)
    if found := _SELECTED.fullmatch(name):
        if found["of"] != attribute or item.verb == "remove":
            return None
        return found["sub"] is not None or isinstance(item.value, dict | list)
    if name != attribute or not isinstance(item.value, list):
        return None
    elements = [element for element in item.value if isinstance(element, dict) and element]
    return not any(_is_label(element) for element in elements) if elements else None


def _is_label(element: dict[str, Any]) -> bool:
    return {str(key).lower() for key in element} <= _LABELS
