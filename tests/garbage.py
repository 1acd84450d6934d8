"""Less garbage collection, as a pytest plugin (`-p tests.garbage`): never while tests are collected.

Half a million objects (modules, models, tests) live as long as the process. Looking through them again and
again took a quarter of the collecting and a tenth of each test; they are set aside, what tests make is not.
"""

import gc
from collections.abc import Generator

import pytest

gc.disable()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect what importing left behind, set the rest aside, and work as usual from here."""
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()
