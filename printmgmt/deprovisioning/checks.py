"""System checks of the steps: a step without its words fails at startup, not on a page."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error

from printmgmt.deprovisioning.steps import STEP_FILES, STEPS
from printmgmt.deprovisioning.steps.base import Step

FACTS = ("name", "label", "triggers", "evidence_words")
METHODS = ("targets", "act", "verify")


def check_steps(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """deprovisioning.E001 facts or methods are missing, E002 a name is used twice, E003 no step in a file."""
    names = Counter(step.name for step in STEPS)
    stray = set(STEP_FILES) - {type(step).__module__ for step in STEPS}
    return [
        *(message for step in STEPS for message in _check(step, names)),
        *(Error(f"{file} holds no Step.", id="deprovisioning.E003") for file in sorted(stray)),
    ]


def _check(step: Step, names: Counter[str]) -> Iterator[CheckMessage]:
    called = type(step).__name__
    missing = [fact for fact in FACTS if not getattr(step, fact)]
    missing += [method for method in METHODS if getattr(type(step), method) is getattr(Step, method)]
    if missing:
        yield Error(
            f"The step {called} must set or implement {', '.join(missing)}.",
            hint="docs/recipes.md, a step",
            obj=type(step),
            id="deprovisioning.E001",
        )
    if step.name and names[step.name] > 1:
        yield Error(f"Two steps are called “{step.name}”.", obj=type(step), id="deprovisioning.E002")
