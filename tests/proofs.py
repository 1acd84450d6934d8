"""Long proofs, as a pytest plugin (`-p tests.proofs`): many rounds and big sizes, run by `make proof` only.

A test marked `proof` is left out unless the marker is asked for (`-m proof`), whatever else is selected.
At the end each proof is listed with what it ran: seconds, its parameters and recorded properties, the seed
of a random one. PROOF_ROUNDS asks for another number of rounds, PROOF_SEED repeats a run.
"""

import os
import secrets
from collections.abc import Callable, Sequence
from typing import Any

import pytest

TIMEOUT = 3600  # seconds, for a proof that names none


def rounds(few: int, *, proof: int) -> list[Any]:
    """Values for ``parametrize("rounds", …)``: a few in every run of the suite, many in `make proof`."""
    return [few, pytest.param(int(os.environ.get("PROOF_ROUNDS", proof)), marks=pytest.mark.proof)]


Deal = Callable[[int, Sequence[str]], Sequence[str]]
"""From a row's number and all values of a matrix to those that are tried with the row."""


@pytest.fixture(params=[pytest.param(3, id="dealt"), pytest.param(1, id="all", marks=pytest.mark.proof)])
def deal(request: pytest.FixtureRequest) -> Deal:
    """For a matrix of rows and hostile values: every run of the suite tries each row with a third of the
    values, so that neighbours share them all, and `make proof` each row with each value.
    """
    shares: int = request.param
    return lambda row, values: values[row % shares :: shares]


@pytest.fixture
def seed(request: pytest.FixtureRequest, record_property: Callable[[str, object], None]) -> int:
    """Where a random test begins: always the same in the suite, a new one in each proof."""
    if request.node.get_closest_marker("proof") is None:
        return 1
    chosen = int(os.environ.get("PROOF_SEED", secrets.randbelow(2**32)))
    record_property("seed", chosen)
    return chosen


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave proofs out, or note what each was asked to do."""
    proofs = [item for item in items if item.get_closest_marker("proof")]
    if "proof" not in config.option.markexpr:
        config.hook.pytest_deselected(items=proofs)
        items[:] = [item for item in items if item not in proofs]
        return
    for item in proofs:
        if item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(TIMEOUT))
        callspec = getattr(item, "callspec", None)
        for name, value in callspec.params.items() if callspec else ():
            if isinstance(value, int | float | str):
                item.user_properties.append((name, value))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """List the proofs that ran, with what, and how they ended."""
    if "proof" not in config.option.markexpr:
        return
    terminalreporter.section("proofs")
    for outcome in ("passed", "failed", "error", "skipped"):
        for report in terminalreporter.stats.get(outcome, []):
            if "proof" in report.keywords:
                properties = " ".join(f"{name}={value}" for name, value in report.user_properties)
                terminalreporter.line(f"{outcome:8}{report.duration:8.1f} s  {report.nodeid}  {properties}")
