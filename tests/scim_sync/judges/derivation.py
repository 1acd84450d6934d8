"""Which target attributes Microsoft's validation derives from `/Schemas` (entra/README.md §16)."""

from collections.abc import Iterator
from typing import Any

from tests.scim_sync.client import CORE, GROUP

Definition = dict[str, Any]

BY_NAME = {"manager", "members"}
CORE_SCHEMAS = {CORE, GROUP}


def derived(schema: Definition) -> dict[str, Definition]:
    """The paths a mapping may name, each with the definition of the attribute at its end."""
    return {
        path: leaf for attribute in schema["attributes"] for path, leaf in _paths(schema["id"], attribute)
    }


def _paths(schema_id: str, attribute: Definition) -> Iterator[tuple[str, Definition]]:
    name = attribute["name"]
    if name in BY_NAME:
        yield name, attribute
    elif schema_id not in CORE_SCHEMAS:
        yield f"{schema_id}:{name}", attribute
    elif attribute["type"] != "complex":
        if attribute["type"] != "reference":
            yield name, attribute
    elif attribute["multiValued"]:
        parts = [part for part in attribute["subAttributes"] if part["name"] not in ("type", "primary")]
        for choice in _choices(attribute):
            yield from ((f"{name}[{choice}].{part['name']}", part) for part in parts)
    else:
        parts = [part for part in attribute["subAttributes"] if part["type"] not in ("complex", "reference")]
        yield from ((f"{name}.{part['name']}", part) for part in parts)


def _choices(attribute: Definition) -> list[str]:
    kinds = [part.get("canonicalValues", []) for part in attribute["subAttributes"] if part["name"] == "type"]
    return [f'type eq "{kind}"' for kind in (kinds[0] if kinds else [])] or ['primary eq "True"']
