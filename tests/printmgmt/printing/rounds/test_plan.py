"""From which job on a round reads."""

import pytest

from printmgmt.printing.rounds.plan import MOST_APART, Plan, plan


@pytest.mark.parametrize(
    ("open_ids", "newest", "expected"),
    [
        ([], 0, Plan([], 1)),
        ([], 70, Plan([], 70)),
        ([3, 5, 69], 70, Plan([], 3)),
        ([70], 70, Plan([], 70)),
        ([71], 70, Plan([], 70)),  # written by someone else since
        ([9], 0, Plan([], 1)),
        # One old job must not have the whole past read.
        ([5, 900_000, 900_400], 900_700, Plan([5], 900_000)),
        ([5, 6], 900_700, Plan([5, 6], 900_700)),
        # 1,000 apart is near enough: 5, 1005, 2005 are read through.
        ([5, 1_005, 2_005], 3_005, Plan([], 5)),
        ([5, 1_006, 2_006], 3_006, Plan([5], 1_006)),
        (list(range(1, MOST_APART + 1)), 900_000, Plan(list(range(1, MOST_APART + 1)), 900_000)),
        (list(range(1, MOST_APART + 2)), 900_000, Plan([], 1)),
    ],
)
def test_every_open_job_is_asked_for_and_everything_after_the_newest(
    open_ids: list[int], newest: int, expected: Plan
) -> None:
    found = plan(open_ids, newest)

    assert found == expected
    assert all(number in found.apart or number >= found.first for number in open_ids)
    assert found.first <= max(newest, 1)
