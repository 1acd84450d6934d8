"""Splits SCIM attributes into columns of the person and columns of the link row, and joins them again."""

from typing import Any, Final

from printmgmt.people.models import PrintUser
from printmgmt.people.names import name_key
from scim_sync.adapters.attributes import AT_TOP, BELOW, BY_PATH, WORK_EMAIL
from scim_sync.models import ScimUser
from scim_sync.protocol.attributes import USER
from scim_sync.protocol.schemas import ENTERPRISE_USER, PRINTMGMT_USER

_WORK_EMAIL_COLUMN: Final = BY_PATH[WORK_EMAIL].name

# Attributes at the top level that have a column or cannot be set by the client.
_ELSEWHERE: Final = {"schemas", "id", "meta", "externalId", "active", "groups", *AT_TOP}
_READ_ONLY: Final = {
    sub.name for sub in USER.extensions[PRINTMGMT_USER.lower()].subs.values() if sub.read_only
}


def placed(resource: dict[str, Any]) -> tuple[dict[str, str], dict[str, Any]]:
    """Return (columns of the person, columns of the link row) for a resource."""
    kept = {name: value for name, value in resource.items() if name not in _ELSEWHERE}
    columns = {column: resource.get(name, "") for name, column in AT_TOP.items()}
    kept["emails"], columns[_WORK_EMAIL_COLUMN] = _emails_in(resource.get("emails", []))
    for parent, names in BELOW.items():
        inside = dict(resource.get(parent, {}))
        columns |= {column: inside.pop(name, "") for name, column in names.items()}
        kept[parent] = inside
    own = kept.get(PRINTMGMT_USER, {})
    kept[PRINTMGMT_USER] = {name: value for name, value in own.items() if name not in _READ_ONLY}
    enterprise = dict(kept.get(ENTERPRISE_USER, {}))
    manager = dict(enterprise.pop("manager", {}))
    manager_id = manager.pop("value", "")
    if manager:
        enterprise["manager"] = manager
    kept[ENTERPRISE_USER] = enterprise
    attributes = {name: value for name, value in kept.items() if value}
    link = {"external_id": resource.get("externalId", ""), "manager": manager_id, "attributes": attributes}
    return columns, link


def joined(person: PrintUser, link: ScimUser | None) -> dict[str, Any]:
    """Return the resource that the columns and the link row contain: the inverse of `placed`.

    A value that the link row still holds, from before its attribute had a column, wins over the empty column;
    the next write moves it there.
    """
    attributes: dict[str, Any] = link.attributes if link else {}
    resource: dict[str, Any] = {
        "externalId": link.external_id if link else "",
        **{name: getattr(person, column) for name, column in AT_TOP.items()},
        "active": person.active,
        **attributes,
        "emails": emails_out(attributes.get("emails", []), getattr(person, _WORK_EMAIL_COLUMN)),
    }
    for parent, names in BELOW.items():
        inside = {name: getattr(person, column) for name, column in names.items()}
        resource[parent] = {**inside, **attributes.get(parent, {})}
    if link and link.manager:
        enterprise = resource.get(ENTERPRISE_USER, {})
        manager = {"value": link.manager, **enterprise.get("manager", {})}
        resource[ENTERPRISE_USER] = {**enterprise, "manager": manager}
    return resource


def _is_work(email: Any) -> bool:
    return isinstance(email, dict) and str(email.get("type", "")).casefold() == "work"


def _emails_in(emails: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], str]:
    """Return the list for the link row, and the first work address for the person's column."""
    for position, email in enumerate(emails):
        if _is_work(email) and email.get("value"):
            rest = {name: value for name, value in email.items() if name != "value"}
            return [*emails[:position], rest, *emails[position + 1 :]], email["value"]
    return emails, ""


def emails_out(emails: list[dict[str, Any]], work_email: str) -> list[dict[str, Any]]:
    """Return the whole list: the inverse of `_emails_in`. Without a link row, only the column."""
    for position, email in enumerate(emails):
        if _is_work(email) and "value" not in email:
            return [*emails[:position], {"value": work_email, **email}, *emails[position + 1 :]]
    return [*emails, {"value": work_email, "type": "work", "primary": True}] if work_email else emails


def folded(value: Any) -> Any:
    """Return ``value`` with every text replaced by its comparison key, for filters and sorting."""
    if isinstance(value, str):
        return name_key(value)
    if isinstance(value, list):
        return [folded(item) for item in value]
    if isinstance(value, dict):
        return {name: folded(item) for name, item in value.items()}
    return value
