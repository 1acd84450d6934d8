"""Less garbage collection, as a pytest plugin (`-p tests.garbage`): never while tests are collected.

Half a million objects (modules, models, tests) live as long as the process, and so does what the first tests
load (addresses, templates). Looking through them again and again took a quarter of the collecting and a tenth
of each test; they are set aside. What tests make is looked through, but fourteen times less often than usual.
"""

import gc
from collections.abc import Generator

import pytest

YOUNG, MIDDLE, OLD = 10_000, 10, 50
SET_ASIDE_AFTER = (1, 100)
"""Tests after which what is there by then is set aside, too."""

gc.disable()
_ended = 0


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect what importing left behind, set the rest aside, and work as usual from here."""
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.set_threshold(YOUNG, MIDDLE, OLD)
        gc.enable()


def pytest_runtest_logfinish() -> None:
    """Set aside what the first tests loaded."""
    global _ended  # noqa: PLW0603
    _ended += 1
    if _ended in SET_ASIDE_AFTER:
        gc.collect()
        gc.freeze()
