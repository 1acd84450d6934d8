"""Signs in events about groups: whole lists of members, removals, and members that are unknown."""

from collections.abc import Iterable
from typing import Any, Final

from scim_sync.models import ProvisioningEvent, Result
from scim_sync.monitoring.hints.bodies import Sent, plain_name, sent
from scim_sync.monitoring.hints.evidence import Evidence, Sign
from scim_sync.provisioning_log.reasons import UNKNOWN_MEMBER, Reason

FEWEST_IN_A_LIST: Final = 2
"""Entra sends one new member in a replace; more, some of them members already, are a whole list."""


def note_group(event: ProvisioningEvent, evidence: Evidence, *, replace_adds: bool) -> None:
    """Count what the event of a write to a group shows.

    ``replace_adds`` is the setting that a replace of members takes nobody out.
    """
    if event.result in (Result.REFUSED, Result.FAILED):
        if event.detail.startswith(UNKNOWN_MEMBER):
            evidence.count(Sign.UNKNOWN_MEMBERS, event)
        return
    changes = [change for change in event.changes if change["attribute"] == "members"]
    added = sum(change["new"] is not None for change in changes)
    is_cut = any(str(change["new"]).startswith("…") for change in changes)
    named = sent(event)
    if Reason.UNKNOWN_MEMBERS in event.reasons:
        evidence.count(Sign.UNKNOWN_MEMBERS, event)
    elif added:
        evidence.clear(Sign.UNKNOWN_MEMBERS)
    if added:
        evidence.count(Sign.MEMBERS_ADDED, event, added)
    if len(changes) > added or any(_removes(item) for item in named):
        evidence.count(Sign.MEMBERS_REMOVED, event)
        evidence.clear(Sign.WHOLE_LIST)
    elif replace_adds and not is_cut and added < _listed(named):
        evidence.count(Sign.WHOLE_LIST, event)


def _removes(item: Sent) -> bool:
    return item.verb == "remove" and plain_name(item.path).startswith("members")


def _listed(named: Iterable[Sent]) -> int:
    """How many members a replace lists, 0 if they are too few for a whole list."""
    lists = [item.value for item in named if item.verb == "replace" and plain_name(item.path) == "members"]
    longest = max((len(_ids(value)) for value in lists), default=0)
    return longest if longest >= FEWEST_IN_A_LIST else 0


def _ids(value: Any) -> set[str]:
    members = value if isinstance(value, list) else []
    return {str(member["value"]) for member in members if isinstance(member, dict) and "value" in member}
