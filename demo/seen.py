"""Reads what a SCIM server shows, with simple GETs and without the rehearsal."""

from typing import Any

import requests

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
FIELDS: dict[str, tuple[str, ...]] = {
    "userName": ("userName",),
    "displayName": ("displayName",),
    "active": ("active",),
    "work e-mail": ("emails", "work", "value"),
    "externalId": ("externalId",),
    "title": ("title",),
    "preferredLanguage": ("preferredLanguage",),
    "given name": ("name", "givenName"),
    "family name": ("name", "familyName"),
    "formatted name": ("name", "formatted"),
    "office": ("addresses", "work", "formatted"),
    "street": ("addresses", "work", "streetAddress"),
    "city": ("addresses", "work", "locality"),
    "country": ("addresses", "work", "country"),
    "work phone": ("phoneNumbers", "work", "value"),
    "mobile phone": ("phoneNumbers", "mobile", "value"),
    "employee number": (ENTERPRISE, "employeeNumber"),
    "department": (ENTERPRISE, "department"),
    "manager": (ENTERPRISE, "manager", "value"),
}


def everyone(tenant_url: str, token: str) -> dict[str, dict[str, Any]]:
    """Return what is shown of each person, by SCIM id, read page by page; empty values are left out."""
    people: dict[str, dict[str, Any]] = {}
    headers = {"Authorization": f"Bearer {token}"}
    start = 1
    with requests.Session() as session:
        session.trust_env = False  # the server is on this machine, whatever proxy the shell names
        while True:
            query = {"startIndex": str(start), "count": "100"}
            page = session.get(f"{tenant_url}/Users", params=query, headers=headers, timeout=30)
            page.raise_for_status()
            body = page.json()
            for resource in body["Resources"]:
                people[resource["id"]] = flat(resource)
            start += len(body["Resources"])
            if not body["Resources"] or start > body["totalResults"]:
                return people


def flat(resource: dict[str, Any]) -> dict[str, Any]:
    """Return a resource's values under the names of FIELDS."""
    values = {field: at(resource, path) for field, path in FIELDS.items()}
    return {field: value for field, value in values.items() if value not in (None, "")}


def at(value: Any, path: tuple[str, ...]) -> Any:
    """Follow a path; in a list a step is the `type` of the element to take."""
    for step in path:
        if isinstance(value, list):
            value = next((item for item in value if item.get("type") == step), None)
        elif isinstance(value, dict):
            value = value.get(step)
        else:
            return None
    return value
