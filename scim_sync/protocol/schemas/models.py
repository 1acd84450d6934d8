"""The models of scim2-models, built from the published documents."""

from functools import lru_cache
from typing import Any

from scim2_models import (
    ComplexAttribute,
    Extension,
    Resource,
    ResourceType,
    Schema,
    ScimProvider,
    ServiceProviderConfig,
)

from scim_sync.protocol.schemas import (
    published_extensions,
    resource_type_documents,
    schema_documents,
    service_provider_config,
)

# A model made from a document has no source: pydantic would search all callers for one, each time.
for _base in (Resource, Extension, ComplexAttribute):
    _base.model_config["use_attribute_docstrings"] = False


def model_of(name: str) -> type[Resource[Any]]:
    """Return the model of a resource type with all its extensions. Raises LookupError."""
    model = _provider(published_extensions()).model_for(name)
    if model is None or not issubclass(model, Resource):
        raise LookupError(f"resource_types.json names no {name}")
    return model


@lru_cache(maxsize=1)
def _provider(_extensions: tuple[str, ...]) -> ScimProvider:
    documents = schema_documents()
    for document in documents:
        _without_reference_checks(document["attributes"])
    return ScimProvider.from_discovery(
        schemas=[Schema.model_validate(document) for document in documents],
        resource_types=[ResourceType.model_validate(document) for document in resource_type_documents()],
        config=ServiceProviderConfig.model_validate(service_provider_config()),
    )


def _without_reference_checks(attributes: list[dict[str, Any]]) -> None:
    """Declare references as text: scim2-models accepts only URIs, but directories send any text."""
    for attribute in attributes:
        if attribute["type"] == "reference":
            attribute["type"] = "string"
            attribute.pop("referenceTypes", None)
        _without_reference_checks(attribute.get("subAttributes", []))
