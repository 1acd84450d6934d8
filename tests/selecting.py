"""Less to import, as a pytest plugin (`-p tests.selecting`): `-m both_databases` skips files without it."""

from pathlib import Path

import pytest

MARKER = "both_databases"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out a file of tests in which the marker, when that is all that is asked for, does not stand."""
    if config.option.markexpr == MARKER and collection_path.name.startswith("test_"):
        return (MARKER not in collection_path.read_text()) or None
    return None
