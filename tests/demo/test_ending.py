"""The end of one leaver's run is judged: a job that stays and a receipt that is wrong are noticed."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

import pytest

from demo import ending
from demo.badges import Badges
from demo.commands import Commands
from demo.ending import GONE, end_one_run
from demo.ipptool import Answer
from demo.paper import Paper
from demo.print_jobs import CANCELED, JOBS
from demo.print_room import PrintRoom
from demo.screen import Screen

TITLES = [job.title for job in JOBS if job.who == CANCELED]
RUNS = [{"run": "run 7", "person": "person 7"}, {"run": "run 1", "person": "person 1"}]


class Cups:
    """A print server that answers what it is told to."""

    def __init__(self, *, read: str = GONE, restarted: str = GONE) -> None:
        self.answers = {"Get-Job-Attributes": read, "Restart-Job": restarted}

    def ipptool(self, operation: str, **_: Any) -> Answer:
        return Answer(self.answers[operation], [])


class Console(Commands):
    """A console whose receipt has these jobs, and is valid or not."""

    def __init__(self, folder: Path, *, canceled: list[int], problems: Iterable[str] = ()) -> None:
        super().__init__({"DATA_DIR": str(folder)})
        self.asked: list[tuple[str, ...]] = []
        evidence = {"canceled": [{"job": number} for number in canceled]}
        step = {"step": "cancel-jobs", "state": "done", "evidence": evidence}
        self.answers = {
            "approve_run": json.dumps({"run": "run 7", "steps": 2}),
            "receipt": json.dumps([{"body": {"steps": [step]}}]),
            "verify_receipt": json.dumps({"valid": not problems, "problems": list(problems)}) + "\nWords.\n",
        }

    def output(self, *arguments: str, batch: Iterable[dict[str, Any]] | None = None) -> str:
        self.asked.append(arguments)
        return self.answers[arguments[0]]


def paper_at(cups: Cups) -> Paper:
    badges = Badges(Commands({}), "contoso", ["object 7"], {"object 7": "person 7"})
    room = PrintRoom(cast(Any, cups), Commands({}), "contoso")
    numbers = {title: number for number, title in enumerate(TITLES, start=1)}
    return Paper(room, badges, {CANCELED: "object 7"}, Screen(), numbers=numbers)


@pytest.fixture(autouse=True)
def without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "WAIT_SECONDS", 0)


NUMBERS = list(range(1, len(TITLES) + 1))


def test_canceled_jobs_and_a_valid_receipt_are_right(tmp_path: Path) -> None:
    paper, console = paper_at(Cups()), Console(tmp_path, canceled=NUMBERS)
    end_one_run(paper, console, RUNS)
    assert (paper.wrong, paper.got) == ([], {"canceled": len(TITLES), "receipts": 1})
    assert [arguments[:2] for arguments in console.asked] == [
        ("approve_run", "run 7"),
        ("receipt", "run 7"),
        ("verify_receipt", str(tmp_path / "receipt.json")),
    ]
    assert (tmp_path / "receipt.json").exists()


@pytest.mark.parametrize("answers", [{"read": "successful-ok"}, {"restarted": "successful-ok"}])
def test_job_that_is_there_or_can_be_printed_again_is_wrong(answers: dict[str, str], tmp_path: Path) -> None:
    paper = paper_at(Cups(**answers))
    end_one_run(paper, Console(tmp_path, canceled=NUMBERS), RUNS)
    assert paper.wrong == [f"{title}: still on the print server" for title in TITLES]
    assert paper.got["canceled"] == 0


@pytest.mark.parametrize(
    ("console", "wrong"),
    [
        ({"canceled": NUMBERS, "problems": ["signature"]}, ["not valid: signature"]),
        ({"canceled": [99]}, [f"says that jobs [99] were canceled, not {NUMBERS}"]),
    ],
)
def test_receipt_that_does_not_verify_or_names_other_jobs_is_wrong(
    console: dict[str, Any], wrong: list[str], tmp_path: Path
) -> None:
    paper = paper_at(Cups())
    end_one_run(paper, Console(tmp_path, **console), RUNS)
    assert (paper.wrong, paper.got["receipts"]) == (wrong, 0)
