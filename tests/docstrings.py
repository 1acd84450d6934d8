"""Quick imports of SCIM's models.

Pydantic 2 takes the text below an attribute for its description, and looks for it where a class is made:
among all callers, whose module `inspect` finds by comparing all that are loaded. That takes each process a
second. A module's name says the same.
"""

import inspect
from types import FrameType, SimpleNamespace
from typing import Any

from pydantic._internal import _docs_extraction


def _module_name(of: FrameType | type[Any]) -> str | None:
    return of.f_globals.get("__name__") if isinstance(of, FrameType) else of.__module__


def compare_modules_by_name() -> None:
    """Have pydantic compare modules by their names in this process."""
    by_name = SimpleNamespace(**{**vars(inspect), "getmodule": _module_name})
    _docs_extraction.inspect = by_name  # type: ignore[attr-defined]
