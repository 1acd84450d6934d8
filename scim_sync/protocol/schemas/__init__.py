"""The schemas that the service publishes (RFC 7643 §5-§8): JSON documents, and models built from them.

The documents in this folder are the source: `/Schemas` serves them as they are, scim2-models builds its
models from them, and the attribute tree in `scim_sync.protocol.attributes` is read from them. A host's
extensions of people (`scim_sync.protocol.extensions`) stand beside them.
"""

import json
from collections.abc import Iterable
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any, Final

from scim2_models import Resource, ResourceType, Schema, ScimProvider, ServiceProviderConfig

USER: Final = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP: Final = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE_USER: Final = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PRINTMGMT_USER: Final = "urn:ietf:params:scim:schemas:extension:printmgmt:2.0:User"

_FOLDER = Path(__file__).parent
_extensions: Final[list[dict[str, Any]]] = []
_SCHEMA_FILES = ("user.json", "enterprise_user.json", "printmgmt_user.json", "group.json")


@cache
def _load(name: str) -> Any:
    return json.loads((_FOLDER / name).read_text(encoding="utf-8"))


def own_schema_documents() -> list[dict[str, Any]]:
    """Return copies of the documents in this folder."""
    return [deepcopy(_load(name)) for name in _SCHEMA_FILES]


def schema_documents() -> list[dict[str, Any]]:
    """Return the documents of `/Schemas` without `meta`. They are copies that the caller may change."""
    return [*own_schema_documents(), *deepcopy(_extensions)]


def use_extensions(documents: Iterable[dict[str, Any]]) -> None:
    """Publish a host's extensions of people, in place of those before."""
    _extensions[:] = documents
    _provider.cache_clear()


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
    extended = [{"schema": extension["id"], "required": False} for extension in _extensions]
    next(each for each in documents if each["id"] == "User")["schemaExtensions"] += extended
    return documents


def service_provider_config() -> dict[str, Any]:
    """Return a copy of the document of `/ServiceProviderConfig`, without `meta`."""
    document: dict[str, Any] = deepcopy(_load("service_provider_config.json"))
    return document


def _without_reference_checks(attributes: list[dict[str, Any]]) -> None:
    """Declare references as text: scim2-models accepts only URIs, but directories send any text."""
    for attribute in attributes:
        if attribute["type"] == "reference":
            attribute["type"] = "string"
            attribute.pop("referenceTypes", None)
        _without_reference_checks(attribute.get("subAttributes", []))


def model_of(name: str) -> type[Resource[Any]]:
    """Return the model of a resource type with all its extensions. Raises LookupError."""
    model = _provider().model_for(name)
    if model is None or not issubclass(model, Resource):
        raise LookupError(f"resource_types.json names no {name}")
    return model


@cache
def _provider() -> ScimProvider:
    documents = schema_documents()
    for document in documents:
        _without_reference_checks(document["attributes"])
    return ScimProvider.from_discovery(
        schemas=[Schema.model_validate(document) for document in documents],
        resource_types=[ResourceType.model_validate(document) for document in resource_type_documents()],
        config=ServiceProviderConfig.model_validate(service_provider_config()),
    )
