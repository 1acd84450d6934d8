"""`python -m bench.side_by_side`, small: every server starts, every kind of request is answered."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

BASE_DIR = Path(__file__).resolve().parents[2]
SMALL = ["--people", "20", "--members", "30", "--rounds", "1", "--requests", "8"]


@pytest.mark.proof  # it starts a PostgreSQL, a Valkey and three web servers of its own: too dear for each run
def test_every_row_of_the_table_has_figures_of_ours_and_of_the_floor() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.side_by_side", *SMALL],
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    rows = [line for line in done.stdout.splitlines() if re.search(r"\S  +\d+ +\d+ ", line)]
    assert len(rows) == 11, done.stdout
    assert "A list of 100 takes" in done.stdout
