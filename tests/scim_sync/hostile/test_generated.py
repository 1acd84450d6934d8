"""Generated requests: never 5xx, SCIM's body on refusals; neither these nor the other organization change."""

import time
from collections import Counter
from collections.abc import Callable
from statistics import quantiles

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests import proofs
from tests.scim_sync.client import Scim
from tests.scim_sync.hostile.calling import Sent
from tests.scim_sync.hostile.generated import requests
from tests.scim_sync.hostile.world import digest, make_world
from tests.undoing import undone

IN_A_ROW = 4
"""Requests that follow one another, each on what the one before left."""


@pytest.mark.skipif(connection.vendor == "sqlite", reason="digests are PostgreSQL's")
@pytest.mark.timeout(6 * 3600)
@pytest.mark.parametrize("number", proofs.rounds(300, proof=20_000))
def test_a_generated_request_is_answered_in_scim_and_changes_only_what_it_may(
    number: int,
    seed: int,
    scim: Scim,
    other_scim: Scim,
    record_property: Callable[[str, object], None],
) -> None:
    world = make_world(scim, other_scim)
    first = digest(world.own_organization, world.other_organization)
    statuses: Counter[int] = Counter()
    times: list[float] = []

    def examine(sequence: list[Sent]) -> None:
        rows = first
        with undone():
            for sent in sequence:
                began = time.perf_counter()
                got, rows, faults = world.examine(sent, rows)
                times.append(time.perf_counter() - began)
                statuses[got.status] += 1
                assert faults == [], (sent, got)

    sequences = st.lists(requests(world), min_size=IN_A_ROW, max_size=IN_A_ROW)
    _run(examine, sequences, rounds=number // IN_A_ROW, first=seed)

    record_property("requests", sum(statuses.values()))
    record_property("statuses", str(dict(sorted(statuses.items()))))
    record_property("p99_ms", round(quantiles(times, n=100)[98] * 1000))
    record_property("longest_ms", round(max(times) * 1000))
    assert statuses[200] + statuses[201] + statuses[204] > 0  # some are right


def _run(
    examine: Callable[[list[Sent]], None],
    sequences: st.SearchStrategy[list[Sent]],
    *,
    rounds: int,
    first: int,
) -> None:
    limits = settings(
        max_examples=rounds,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    limits(seed(first)(given(sequence=sequences)(examine)))()  # type: ignore[call-arg]
