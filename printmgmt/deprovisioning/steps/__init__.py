"""The steps of leaving, one file each. Adding one: write the file; it is found here (docs/recipes.md)."""

import inspect
from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from django.utils.functional import Promise

from printmgmt.deprovisioning.steps.base import Step

STEP_FILES = tuple(
    f"{__name__}.{module.name}"
    for module in iter_modules(__path__)
    if module.name != "base" and not module.ispkg
)


def _steps() -> Iterator[Step]:
    for file in STEP_FILES:
        for _name, member in inspect.getmembers(import_module(file), inspect.isclass):
            if issubclass(member, Step) and member.__module__ == file:
                yield member()


# What protects comes first, what destroys last; of one kind in the order of their names.
STEPS: tuple[Step, ...] = tuple(
    sorted(_steps(), key=lambda step: (step.irreversible, not step.immediate, step.name))
)

STEP_BY_NAME: dict[str, Step] = {step.name: step for step in STEPS}


def step_label(name: str) -> str | Promise:
    """What people read for the step of this name; of a step this version does not know, its name."""
    return STEP_BY_NAME[name].label if name in STEP_BY_NAME else name


def step_words(name: str, evidence: Mapping[str, Any], *, who: str | None = None) -> list[str]:
    """The sentences of what the step of this name noted; of an unknown step ``key: value``.

    With ``who``, the person's name or blank once it is erased, the step's headline comes first.
    """
    step = STEP_BY_NAME.get(name, Step())
    headline = "" if who is None else step.headline(evidence, who=who)
    return [*([headline] if headline else []), *step.words(evidence)]
