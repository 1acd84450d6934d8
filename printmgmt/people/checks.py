"""System checks: every attribute of a person is in the table and in the model, or startup fails."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error

from printmgmt.people.attributes import ATTRIBUTES, BY_NAME
from printmgmt.people.models import PrintUser

TABLE = "printmgmt/people/attributes.py"
MODEL = "printmgmt/people/models/person.py"


def check_attributes(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """people.E001 columns missing, E002 attribute missing, E003 index missing."""
    return [*_without_columns(), *_without_attribute(), *_without_index()]


def _columns() -> set[str]:
    return {field.name for field in PrintUser._meta.concrete_fields}


def _without_columns() -> Iterator[CheckMessage]:
    for attribute in ATTRIBUTES:
        missing = [name for name in (attribute.name, attribute.key_column) if name not in _columns()]
        if missing:
            yield Error(
                f"{TABLE} lists “{attribute.name}”, and PrintUser has no {' and no '.join(missing)}.",
                hint=f"Add the two text columns in {MODEL} and make a migration.",
                id="people.E001",
            )


def _without_attribute() -> Iterator[CheckMessage]:
    columns = _columns()
    for name in sorted(columns):
        if f"{name}_key" in columns and name not in BY_NAME:
            yield Error(
                f"PrintUser has the columns {name} and {name}_key, and no attribute “{name}”.",
                hint=f"List it in ATTRIBUTES of {TABLE}.",
                id="people.E002",
            )


def _without_index() -> Iterator[CheckMessage]:
    indexed = {tuple(index.fields[:2]) for index in PrintUser._meta.indexes}
    for attribute in ATTRIBUTES:
        if attribute.indexed and ("organization", attribute.key_column) not in indexed:
            yield Error(
                f"{TABLE} says that “{attribute.name}” is indexed, and {attribute.key_column} has no index.",
                hint=f'Add models.Index(fields=["organization", "{attribute.key_column}"], …) in {MODEL}.',
                id="people.E003",
            )
