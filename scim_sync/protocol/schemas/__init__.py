"""The schemas that the service publishes (RFC 7643 §5-§8): JSON documents and their URNs.

The documents in this folder are the source: `/Schemas` serves them as they are, `models` builds those of
scim2-models from them, and the attribute tree in `scim_sync.protocol.attributes` is read from them. A host's
extensions of people (`scim_sync.protocol.extensions`) stand beside them. Only processes that serve SCIM
import `models`, which takes seconds.
"""

import json
from collections.abc import Iterable
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any, Final

USER: Final = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP: Final = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE_USER: Final = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PRINTMGMT_USER: Final = "urn:ietf:params:scim:schemas:extension:printmgmt:2.0:User"

_FOLDER = Path(__file__).parent
_extensions: Final[list[str]] = []  # JSON
_SCHEMA_FILES = ("user.json", "enterprise_user.json", "printmgmt_user.json", "group.json")


@cache
def _load(name: str) -> Any:
    return json.loads((_FOLDER / name).read_text(encoding="utf-8"))


def own_schema_documents() -> list[dict[str, Any]]:
    """Return copies of the documents in this folder."""
    return [deepcopy(_load(name)) for name in _SCHEMA_FILES]


def schema_documents() -> list[dict[str, Any]]:
    """Return the documents of `/Schemas` without `meta`. They are copies that the caller may change."""
    return [*own_schema_documents(), *map(json.loads, _extensions)]


def use_extensions(documents: Iterable[dict[str, Any]]) -> None:
    """Publish a host's extensions of people, in place of those before."""
    _extensions[:] = map(json.dumps, documents)


def published_extensions() -> tuple[str, ...]:
    """Return a host's extensions as JSON texts."""
    return tuple(_extensions)


def write_only_names() -> set[str]:
    """Return the attributes that are never returned, in lower case."""
    return {
        attribute["name"].lower()
        for name in _SCHEMA_FILES
        for attribute in _load(name)["attributes"]
        if attribute["mutability"] == "writeOnly"
    }


def resource_type_documents() -> list[dict[str, Any]]:
    """Return copies of the documents of `/ResourceTypes`, without `meta`."""
    documents: list[dict[str, Any]] = deepcopy(_load("resource_types.json"))
    extended = [{"schema": json.loads(extension)["id"], "required": False} for extension in _extensions]
    next(each for each in documents if each["id"] == "User")["schemaExtensions"] += extended
    return documents


def service_provider_config() -> dict[str, Any]:
    """Return a copy of the document of `/ServiceProviderConfig`, without `meta`."""
    document: dict[str, Any] = deepcopy(_load("service_provider_config.json"))
    return document
