"""Each attribute of a person in the one place where it lives: a column of the person, or the link row."""

from typing import Any, Final

from printmgmt.people.names import name_key
from scim_sync.protocol.schemas import ENTERPRISE_USER, PRINTMGMT_USER

# SCIM attribute → column of the person, for single values at the top and in the enterprise extension.
CORE_COLUMNS: Final = {
    "userName": "user_name",
    "displayName": "display_name",
    "preferredLanguage": "preferred_language",
}
ENTERPRISE_COLUMNS: Final = {"department": "department", "employeeNumber": "employee_number"}

# Attributes that have a column, or that are not the client's to say.
_ELSEWHERE: Final = {"schemas", "id", "meta", "externalId", "active", "groups", PRINTMGMT_USER, *CORE_COLUMNS}


def placed(resource: dict[str, Any]) -> tuple[dict[str, str], dict[str, Any]]:
    """Each attribute in the one place where it lives: columns of the person, columns of the link row."""
    emails, work_email = _emails_in(resource.get("emails", []))
    enterprise = dict(resource.get(ENTERPRISE_USER, {}))
    manager = dict(enterprise.pop("manager", {}))
    manager_id = manager.pop("value", "")
    columns = {column: resource.get(name, "") for name, column in CORE_COLUMNS.items()}
    columns |= {column: enterprise.pop(name, "") for name, column in ENTERPRISE_COLUMNS.items()}
    columns["work_email"] = work_email
    if manager:
        enterprise["manager"] = manager
    kept = {name: value for name, value in resource.items() if name not in _ELSEWHERE}
    kept |= {"emails": emails, ENTERPRISE_USER: enterprise}
    attributes = {name: value for name, value in kept.items() if value}
    link = {"external_id": resource.get("externalId", ""), "manager": manager_id, "attributes": attributes}
    return columns, link


def _is_work(email: Any) -> bool:
    return isinstance(email, dict) and str(email.get("type", "")).casefold() == "work"


def _emails_in(emails: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], str]:
    """The list as the link keeps it, and the first work address, which the person's column keeps."""
    for position, email in enumerate(emails):
        if _is_work(email) and email.get("value"):
            rest = {name: value for name, value in email.items() if name != "value"}
            return [*emails[:position], rest, *emails[position + 1 :]], email["value"]
    return emails, ""


def emails_out(emails: list[dict[str, Any]], work_email: str) -> list[dict[str, Any]]:
    """`_emails_in`, undone; a person the directory never wrote has just the column."""
    for position, email in enumerate(emails):
        if _is_work(email) and "value" not in email:
            return [*emails[:position], {"value": work_email, **email}, *emails[position + 1 :]]
    return [*emails, {"value": work_email, "type": "work", "primary": True}] if work_email else emails


def folded(value: Any) -> Any:
    """Every text through the key function, for filters and sorting on both databases alike."""
    if isinstance(value, str):
        return name_key(value)
    if isinstance(value, list):
        return [folded(item) for item in value]
    if isinstance(value, dict):
        return {name: folded(item) for name, item in value.items()}
    return value
