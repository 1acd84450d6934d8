"""The walk on paper is judged: every way console, station or print server can be wrong is noticed."""

from typing import Any, cast

import pytest

from demo import paper as walk_on_paper
from demo.badges import Badges
from demo.commands import Commands
from demo.expected import State
from demo.ipptool import Group
from demo.paper import COMPLETED, HELD, Paper
from demo.print_jobs import FRONT_DESK, JOBS
from demo.print_room import PrintRoom
from demo.screen import Screen
from demo.tablet import Refused

IDS = {job.who: f"object {job.who}" for job in JOBS if job.who}
PEOPLE = {who: f"person {who}" for who in IDS.values()}
HERE: State = {who: {"userName": who, "active": True} for who in PEOPLE}
LEAVER = next(job for job in JOBS if job.title == "Client list")
GONE: State = HERE | {IDS[LEAVER.who]: None}


class Cups:
    """A print server that numbers jobs and says what it is told to say of them."""

    def __init__(self) -> None:
        self.states: dict[int, tuple[int, str]] = {}
        self.printed = 2

    def submit(self, queue: str, owner: str, *, title: str) -> int:
        number = len(self.states) + 1
        self.states[number] = (3, "no-hold")
        return number

    def jobs(self, queue: str = "", which: str = "all") -> list[Group]:
        if queue == FRONT_DESK:
            return [Group([("job-state", COMPLETED)])] * self.printed
        return [
            Group([("job-id", number), ("job-state", state), ("job-hold-until", until)])
            for number, (state, until) in self.states.items()
        ]


class Room(PrintRoom):
    """A console that knows all owners, as long as nothing else is put into `seen`."""

    def __init__(self) -> None:
        self.printing = Cups()
        super().__init__(cast(Any, self.printing), Commands({}), "contoso")
        self.seen: dict[int, dict[str, Any]] = {
            number: {"person": PEOPLE[IDS[job.who]] if job.who else None}
            for number, job in enumerate(JOBS, start=1)
        }

    def read(self) -> dict[str, Any]:
        return {}

    def jobs(self) -> dict[int, dict[str, Any]]:
        return self.seen


@pytest.fixture(autouse=True)
def without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk_on_paper, "WAIT_SECONDS", 0)


@pytest.fixture
def room() -> Room:
    return Room()


@pytest.fixture
def paper(room: Room) -> Paper:
    badges = Badges(
        Commands({}), "contoso", list(PEOPLE), PEOPLE, cards={who: f"card of {who}" for who in PEOPLE}
    )
    return Paper(room, badges, IDS, Screen(), station={"url": "", "token": ""}, states=[HERE, GONE])


def number_of(title: str) -> int:
    return [job.title for job in JOBS].index(title) + 1


def test_jobs_that_are_their_owners_are_right(paper: Paper) -> None:
    paper.print_all()
    assert (paper.wrong, paper.got) == ([], {"jobs": len(JOBS), "with an owner": len(JOBS) - 1})


def test_job_that_is_taken_for_somebody_elses_is_wrong(paper: Paper, room: Room) -> None:
    room.seen[number_of("Poster")]["person"] = "person ada"
    paper.print_all()
    assert paper.wrong == ["Poster, printed as visitor: taken for person ada"]


def test_job_that_is_not_seen_is_wrong(paper: Paper, room: Room) -> None:
    del room.seen[number_of("Rota")]
    paper.print_all()
    assert paper.wrong == ["Rota, printed as o'malley.finn@contoso.example: taken for None"]


@pytest.mark.parametrize(
    ("held", "wrong"),
    [
        ({"Client list": (HELD, "indefinite")}, []),
        ({}, ["Client list: not held"]),
        ({"Client list": (HELD, "night")}, ["Client list: not held"]),
        (
            {"Client list": (HELD, "indefinite"), "Rota": (HELD, "indefinite")},
            ["Rota: held, though its owner is here"],
        ),
    ],
)
def test_leavers_jobs_are_held_and_no_others(
    paper: Paper, room: Room, held: dict[str, tuple[int, str]], wrong: list[str]
) -> None:
    paper.print_all()
    room.printing.states |= {number_of(title): state for title, state in held.items()}
    paper.look_at_holds()
    assert paper.wrong == wrong


class Tablet:
    """A station that lets in the cards it is given and shows one job."""

    accepts: tuple[str, ...] = ()

    def __init__(self, *_address_and_token: str) -> None:
        self.printed: list[str] = []

    def show_card(self, card: str) -> list[str]:
        if card not in self.accepts:
            raise Refused("Not recognized.")
        return ["Client list"]


@pytest.mark.parametrize(("accepts", "refused"), [((), 1), ((f"card of {IDS[LEAVER.who]}",), 0)])
def test_leaver_who_is_let_in_is_wrong(
    paper: Paper, monkeypatch: pytest.MonkeyPatch, accepts: tuple[str, ...], refused: int
) -> None:
    monkeypatch.setattr(Tablet, "accepts", accepts)
    monkeypatch.setattr(walk_on_paper, "Tablet", Tablet)
    paper.refuse_leavers(GONE)
    assert paper.got["refused"] == refused
    assert len(paper.wrong) == len(accepts)
