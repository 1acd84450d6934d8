"""Quick imports of SCIM's models, as a pytest plugin (`-p tests.docstrings`).

Pydantic 2 takes the text below an attribute for its description, and looks for it where a class is made:
among all callers, each compared with all modules that are loaded. Beneath pytest there are many of both, and
most of these classes are made by a function, so that nothing is found. Here it looks only where some caller
is in the class's own module, which is what it goes by.
"""

import inspect
from typing import Any

from pydantic._internal import _docs_extraction

_extract = _docs_extraction._extract_source_from_frame


def _extract_where_it_can_be(cls: type[Any]) -> list[str] | None:
    frame = inspect.currentframe()
    while frame is not None:
        if frame.f_globals.get("__name__") == cls.__module__:
            return _extract(cls)
        frame = frame.f_back
    return None


_docs_extraction._extract_source_from_frame = _extract_where_it_can_be
