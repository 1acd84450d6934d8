"""Filters: a stored state as a `Status`, for templates that show one outside of a list."""

from django import template

from printmgmt.console.leavers.statuses import RUN, STEP
from printmgmt.console.people.statuses import PERSON
from printmgmt.console.shell.statuses import Status

register = template.Library()


@register.filter
def person_status(state: str) -> Status:
    """Return how a person's state is shown (PrintUser.shown_state)."""
    return PERSON.of(state)


@register.filter
def run_status(state: str) -> Status:
    """Return how the state of a leaver's run is shown (DeprovisionRun.state)."""
    return RUN.of(state)


@register.filter
def step_status(state: str) -> Status:
    """Return how the state of a step is shown (DeprovisionStep.state)."""
    return STEP.of(state)
