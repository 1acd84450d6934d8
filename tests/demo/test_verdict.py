"""The verdict: every way the server can be wrong is noticed."""

from typing import Any

from demo.expected import State
from demo.verdict import Verdict

ADA: dict[str, Any] = {"userName": "ada", "displayName": "Ada", "active": True}
BEN: dict[str, Any] = {"userName": "ben", "displayName": "Ben", "active": True, "manager": "o-ada"}
BOTH: State = {"o-ada": ADA, "o-ben": BEN}
SEEN = {"s1": ADA, "s2": {**BEN, "manager": "s1"}}


def cells(verdict: Verdict) -> dict[str, tuple[int, int]]:
    return {column: (got, expected) for column, got, expected in verdict.rows()}


def judged(*looks: tuple[State, dict[str, dict[str, Any]]]) -> Verdict:
    verdict = Verdict()
    for expected, people in looks:
        verdict.look(expected, people)
    return verdict


def test_everything_as_expected() -> None:
    left: State = {"o-ada": {**ADA, "active": False}, "o-ben": None}
    verdict = judged((BOTH, SEEN), (left, {"s1": {**ADA, "active": False}}))
    assert verdict.problems == []
    assert cells(verdict) == {
        "created": (2, 2),
        "updated": (0, 0),
        "disabled": (1, 1),
        "deleted": (1, 1),
        "skipped": (0, 0),
        "failed": (0, 0),
    }


def test_what_the_server_knows_beyond_the_mapping_is_not_judged() -> None:
    assert judged((BOTH, {**SEEN, "s1": {**ADA, "title": "Countess"}})).problems == []


def test_person_who_is_missing() -> None:
    verdict = judged((BOTH, {"s1": ADA}))
    assert verdict.problems == ["ben: missing"]
    assert cells(verdict)["created"] == (1, 2)
    assert cells(verdict)["failed"] == (1, 0)


def test_person_who_should_be_gone() -> None:
    verdict = judged((BOTH, SEEN), ({**BOTH, "o-ben": None}, SEEN))
    assert verdict.problems == ["ben: still shown"]
    assert cells(verdict)["deleted"] == (0, 1)


def test_value_that_differs() -> None:
    verdict = judged((BOTH, {**SEEN, "s1": {**ADA, "displayName": "Adá"}}))
    assert verdict.problems == ["ada: displayName is 'Adá', not 'Ada'"]


def test_active_as_text_is_not_a_boolean() -> None:
    verdict = judged((BOTH, {**SEEN, "s1": {**ADA, "active": "True"}}))
    assert verdict.problems == ["ada: active is 'True', not True"]


def test_manager_who_is_somebody_else() -> None:
    verdict = judged((BOTH, {**SEEN, "s2": {**BEN, "manager": "s2"}}))
    assert verdict.problems == ["ben: manager is 'o-ben', not 'o-ada'"]


def test_somebody_nobody_sent() -> None:
    verdict = judged((BOTH, {**SEEN, "s3": {**ADA, "userName": "eve"}}))
    assert verdict.problems == ["eve: nobody of the directory, or back with another id"]


def test_coming_back_with_another_id() -> None:
    gone: State = {**BOTH, "o-ada": None}
    back = {"s9": ADA, "s2": {**BEN, "manager": "s1"}}
    verdict = judged((BOTH, SEEN), (gone, {"s2": SEEN["s2"]}), (BOTH, back))
    assert verdict.failed == {"s9", "o-ada"}
