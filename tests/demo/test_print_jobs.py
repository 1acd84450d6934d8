"""What is printed, by whom, and what must come of it."""

from demo.changes import ACTS, EQUIPPED
from demo.expected import DEFAULT_COLUMNS, expected_states, read_people
from demo.expected_jobs import expected_counts, leavers_who_print
from demo.print_jobs import CANCELED, COLLECTED, COLLECTS_LATER, FOLLOW_ME, FRONT_DESK, JOBS, QUEUES
from demo.walk import PEOPLE

IDS = {row["userPrincipalName"]: row["id"] for row in read_people(PEOPLE)}
STATES = expected_states(read_people(PEOPLE), ACTS, DEFAULT_COLUMNS, soft_delete=True)


def test_everybody_who_prints_is_in_the_file() -> None:
    assert {job.who for job in JOBS if job.who} <= IDS.keys()
    assert len({job.title for job in JOBS}) == len(JOBS)
    assert {job.queue for job in JOBS} <= set(QUEUES)
    assert FRONT_DESK not in {job.queue for job in JOBS}  # what is printed there was collected


def test_who_comes_to_the_station_has_a_card_and_one_job_waiting() -> None:
    waiting = [job.who for job in JOBS if job.queue == FOLLOW_ME]
    for who in (*COLLECTED, COLLECTS_LATER):
        assert who in EQUIPPED
        assert waiting.count(who) == 1
    assert {job.who for job in leavers_who_print(STATES[1], IDS)} <= set(EQUIPPED)


def test_who_is_approved_has_left_for_good_with_a_job() -> None:
    assert STATES[-1][IDS[CANCELED]] is None
    assert CANCELED in {job.who for job in leavers_who_print(STATES[-1], IDS)}


def test_counts_of_the_script() -> None:
    assert expected_counts(STATES, IDS) == {
        "queues": 3,
        "jobs": 9,
        "with an owner": 8,
        "collected": 2,
        "refused": 3,
        "held": 2,
        "canceled": 1,
        "receipts": 1,
    }
