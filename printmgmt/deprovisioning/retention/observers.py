"""Rooms above this one, such as add-ons, that have rows about people: registered at start."""

from collections.abc import Callable

from printmgmt.organizations.models import Organization
from printmgmt.people.erasing import Known

Eraser = Callable[[Organization, Known], object]

_erasers: list[Eraser] = []


def on_anonymised(eraser: Eraser) -> None:
    """Have ``eraser`` called in the transaction that anonymizes a person, before it commits.

    It erases what its package has about the person. If it raises, nothing of the person is erased, and the
    next sweep tries again: a half-erased person would look erased.
    """
    if eraser not in _erasers:
        _erasers.append(eraser)


def erase_elsewhere(organization: Organization, known: Known) -> None:
    """Call all erasers."""
    for eraser in _erasers:
        eraser(organization, known)
