"""The longest tests first, as a pytest plugin (`-p tests.longest_first`), or they would run alone at the end.

pytest-xdist gives each of its workers one part of the tests, in their order, and lets them steal what another
one has not begun. So each part begins with its share of the longest.
"""

import os
from typing import Final

import pytest

TOGETHER: Final = "tests/printmgmt/test_up.py"
"""Its tests share a console that runs; the longest file of all."""

LONGEST: Final = (
    "tests/outside/test_prove_the_cut.py",
    "tests/printmgmt/deprovisioning/retention/test_forgotten.py",
    "tests/walk/test_every_page.py",
    "tests/printmgmt/console/test_many_rows.py",
    "tests/printmgmt/console/test_parameters.py",
    "tests/printmgmt/deprovisioning/test_runner.py",
    "tests/printmgmt/deprovisioning/test_worker.py",
    "tests/printmgmt/console/test_sorting.py",
    "tests/printmgmt/console/test_swapped.py",
    "tests/printmgmt/web/test_recycling.py",
    "tests/walk/test_print.py",
)
"""Files with tests that take longer than half a minute where many run side by side (`--durations=30`)."""


@pytest.hookimpl(trylast=True)  # after others have left tests out
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put a share of the longest in front of each worker's part."""
    parts = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if parts == 1:
        return
    together: list[pytest.Item] = []
    files: dict[str, list[pytest.Item]] = {TOGETHER: together, **{path: [] for path in LONGEST}}
    others: list[pytest.Item] = []
    for item in items:
        files.get(item.nodeid.partition("::")[0], others).append(item)
    shares = [together, *([item] for path in LONGEST for item in files[path])]
    items[:] = [
        item
        for part in range(parts)
        for share in [
            *shares[part::parts],
            others[part * len(others) // parts : (part + 1) * len(others) // parts],
        ]
        for item in share
    ]
