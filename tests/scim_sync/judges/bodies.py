"""Bodies as the SCIM Validator fills them: words everywhere, no format kept (entra/README.md §16)."""

from itertools import count
from typing import Any

from tests.scim_sync.client import CORE, ENTERPRISE, GROUP, op

_number = count(1)


def word() -> str:
    """Capitals that were not there before; the Validator's are random."""
    return f"WORD{next(_number):06}"


def everything() -> dict[str, Any]:
    """The body of a POST with every attribute of the core and the enterprise schema."""
    name = f"{word().lower()}@ondricka.us"
    return {
        "schemas": [CORE, ENTERPRISE],
        "userName": name,
        "active": True,
        "displayName": word(),
        "title": word(),
        "emails": [{"type": "work", "value": f"mail-{name}", "primary": True}],
        "preferredLanguage": "jgo-CM",
        "name": {part: word() for part in NAME},
        "addresses": [{"type": "work", **{part: word() for part in ADDRESS}, "primary": True}],
        "phoneNumbers": [
            {"type": "work", "value": "10-040-1308", "primary": True},
            {"type": "mobile", "value": "10-040-1308"},
            {"type": "fax", "value": "10-040-1308"},
        ],
        ENTERPRISE: {**{part: word() for part in EMPLOYMENT}, "manager": {"value": word()}},
        "roles": [{"primary": "True", "display": word(), "value": word(), "type": word()}],
        "userType": word(),
        "nickName": word(),
        "locale": word(),
        "timezone": "Africa/Harare",
        "profileUrl": word(),
    }


NAME = ("givenName", "familyName", "formatted", "middleName", "honorificPrefix", "honorificSuffix")
ADDRESS = ("formatted", "streetAddress", "locality", "region", "postalCode", "country")
EMPLOYMENT = ("employeeNumber", "department", "costCenter", "organization", "division")
SIMPLE = (
    "displayName",
    "title",
    "preferredLanguage",
    "userType",
    "nickName",
    "locale",
    "timezone",
    "profileUrl",
)


def verbose() -> list[dict[str, Any]]:
    """The 36 operations of *Replace Attributes Verbose*: one an attribute of `everything`."""
    paths = [
        *SIMPLE,
        'emails[type eq "work"].value',
        *(f"name.{part}" for part in NAME),
        *(f'addresses[type eq "work"].{part}' for part in ADDRESS),
        *(f'phoneNumbers[type eq "{kind}"].value' for kind in ("work", "mobile", "fax")),
        *(f"{ENTERPRISE}:{part}" for part in EMPLOYMENT),
        *(f'roles[primary eq "True"].{part}' for part in ("display", "value", "type")),
    ]
    flags = [
        "active",
        *(f'{name}[type eq "work"].primary' for name in ("emails", "addresses", "phoneNumbers")),
    ]
    return [op("replace", path, word()) for path in paths] + [op("replace", path, True) for path in flags]


def a_member() -> dict[str, Any]:
    """The least a person can be made of."""
    return {"schemas": [CORE], "userName": f"member_{word().lower()}@gulgowski.uk"}


def as_stored(body: dict[str, Any]) -> dict[str, Any]:
    """What must be read back of `everything`: the same, and a boolean where the Validator sends text."""
    return {**body, "roles": [{**role, "primary": True} for role in body["roles"]]}


def group() -> dict[str, Any]:
    """The body of a POST of a group."""
    return {"schemas": [GROUP], "displayName": word(), "externalId": word()}
