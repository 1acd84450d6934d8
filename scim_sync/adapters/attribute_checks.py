"""System checks: each attribute of a person has exactly one place in SCIM, or startup fails."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error

from printmgmt.people.attributes import ATTRIBUTES, BY_NAME
from scim_sync.adapters.attributes import SCIM_NAMES, WORK_EMAIL
from scim_sync.protocol.attributes import USER, Attribute
from scim_sync.protocol.rules import INDEXED

CORE_TABLE = "printmgmt/people/attributes.py"
TABLE = "scim_sync/adapters/attributes.py"
SCHEMAS = "scim_sync/protocol/schemas/"


def check_attributes(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """scim_sync.E002 no SCIM name, E003 no attribute, E004 no schema, E005 no plain text, E006 no limit."""
    return [*_without_scim_name(), *_without_attribute(), *_without_schema(), *_without_limit()]


def _without_scim_name() -> Iterator[CheckMessage]:
    for attribute in ATTRIBUTES:
        if attribute.synced and attribute.name not in SCIM_NAMES:
            yield Error(
                f"The attribute “{attribute.name}” of a person has no SCIM name.",
                hint=f"Name it in SCIM_NAMES of {TABLE}, or say synced=False in {CORE_TABLE}.",
                id="scim_sync.E002",
            )


def _without_attribute() -> Iterator[CheckMessage]:
    for name, path in SCIM_NAMES.items():
        if name not in BY_NAME or not BY_NAME[name].synced:
            yield Error(
                f"{TABLE} maps {path} onto “{name}”, which is no attribute of a person that is synced.",
                hint=f"List it in ATTRIBUTES of {CORE_TABLE}, or take it out of SCIM_NAMES.",
                id="scim_sync.E003",
            )


def _without_schema() -> Iterator[CheckMessage]:
    for path in SCIM_NAMES.values():
        if path == WORK_EMAIL:
            continue
        found = USER.find(path)
        if found is None or found.path != path:
            spelled = f" It is spelled {found.path}." if found else ""
            yield Error(
                f"{TABLE} names {path}, which our schemas of a person do not have.{spelled}",
                hint=f"Correct it there, or declare the attribute in {SCHEMAS}.",
                id="scim_sync.E004",
            )
        elif not _is_plain_text(found):
            yield Error(
                f"{TABLE} names {path}, which is no single text compared in any letter case.",
                hint="Only such attributes can be columns; take it out, and it is kept in the link row.",
                id="scim_sync.E005",
            )


def _is_plain_text(attribute: Attribute) -> bool:
    above = attribute.parent
    is_single = not attribute.multi_valued and (above is None or not (above.multi_valued or above.parent))
    is_text = attribute.type == "string" and attribute.mutability == "readWrite"
    return is_single and is_text and not attribute.case_exact


def _without_limit() -> Iterator[CheckMessage]:
    for name, path in SCIM_NAMES.items():
        if name in BY_NAME and BY_NAME[name].indexed and path not in (*INDEXED, WORK_EMAIL):
            yield Error(
                f"The column of {path} has an index, and SCIM takes texts that are too long for one.",
                hint="Name it in INDEXED of scim_sync/protocol/rules.py.",
                id="scim_sync.E006",
            )
