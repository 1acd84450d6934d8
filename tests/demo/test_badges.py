"""Cards, PINs and devices: who is active is known by them; a device taken away stays so."""

import json
from collections.abc import Iterable
from typing import Any

import pytest

from demo.badges import Badges
from demo.commands import Commands
from demo.expected import State

HERE: dict[str, Any] = {"userName": "ada", "active": True}
ACTIVE: State = {"o1": HERE}
SUSPENDED: State = {"o1": {**HERE, "active": False}}


class Counter(Commands):
    """A counter that keeps what it is given, and answers for `person` whatever is presented."""

    def __init__(self) -> None:
        super().__init__({})
        self.person: dict[str, str | None] = {"card": "s1", "pin": "s1", "device_token": "s1"}
        self.batches: list[list[dict[str, Any]]] = []

    def lines(self, *arguments: str, batch: Iterable[dict[str, Any]] | None = None) -> list[dict[str, Any]]:
        lines = [json.loads(json.dumps(line)) for line in batch or ()]
        self.batches.append(lines)
        if arguments[0] == "enrol_person":
            return [{"person": "s1", "card_last4": line["card"][-4:], "device_token": "t"} for line in lines]
        return [{"person": self.person[next(k for k in self.person if k in line)]} for line in lines]


@pytest.fixture
def counter() -> Counter:
    return Counter()


@pytest.fixture
def badges(counter: Counter) -> Badges:
    badges = Badges(counter, "contoso", ["o1"], {"o1": "s1"})
    badges.give_out(ACTIVE)
    return badges


def test_all_three_of_an_active_person_are_accepted(badges: Badges) -> None:
    badges.try_all(ACTIVE)
    assert (badges.accepted, badges.refused, badges.wrong) == (3, 0, [])


def test_accepted_after_leaving_is_wrong(badges: Badges) -> None:
    badges.try_all(SUSPENDED)
    assert badges.wrong == ["ada: card accepted", "ada: PIN accepted", "ada: device accepted"]


def test_taken_for_somebody_else_is_wrong(counter: Counter, badges: Badges) -> None:
    counter.person["card"] = "s2"
    badges.try_all(ACTIVE)
    assert badges.wrong == ["ada: card accepted"]


def test_device_stays_refused_after_coming_back(counter: Counter, badges: Badges) -> None:
    counter.person = dict.fromkeys(counter.person)
    badges.try_all(SUSPENDED)
    counter.person |= {"card": "s1", "pin": "s1"}
    badges.try_all(ACTIVE)
    assert (badges.accepted, badges.refused, badges.wrong) == (2, 1, [])


def test_pin_goes_with_the_current_name(counter: Counter, badges: Badges) -> None:
    badges.try_all({"o1": {**HERE, "userName": "ada.king"}})
    assert {"user_name": "ada.king", "pin": "4711"} in counter.batches[-1]
