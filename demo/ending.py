"""One leaver's run to its end: approved, its jobs canceled on the print server, its receipt verified."""

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from demo.commands import Commands
from demo.cupsd import OPERATOR
from demo.paper import Paper
from demo.print_jobs import CANCELED, JOBS, Job
from printmgmt.services.process import wait_until

WAIT_SECONDS = 60
GONE = "client-error-not-found"


def end_one_run(paper: Paper, commands: Commands, runs: Sequence[dict[str, Any]]) -> None:
    """Approve the run of one leaver, and compare what became of the jobs and what the receipt says.

    ``runs`` are those that `manage.py leavers` lists.
    """
    person = paper.badges.ids[paper.ids[CANCELED]]
    run = next(run["run"] for run in runs if run["person"] == person)
    commands.line("approve_run", run, "--reason", "Deleted for good in the directory")
    jobs = [job for job in JOBS if job.who == CANCELED]
    wait_until(lambda: all(_is_gone(paper, job) for job in jobs), timeout=WAIT_SECONDS, interval=0.2)
    gone = [job for job in jobs if _is_gone(paper, job)]
    paper.got["canceled"] = len(gone)
    wrong = [f"{job.title}: still on the print server" for job in jobs if job not in gone]
    paper.check(f"{len(gone)} jobs of an approved run canceled for good, seen with ipptool", wrong)
    _look_at_receipt(paper, commands, run, [paper.numbers[job.title] for job in jobs])


def _is_gone(paper: Paper, job: Job) -> bool:
    """Whether neither the operator can read a job nor its owner print it again."""
    number, cups = paper.numbers[job.title], paper.room.cups
    read = cups.ipptool("Get-Job-Attributes", job=number, login=OPERATOR).status
    return read == GONE and not cups.ipptool("Restart-Job", job=number, user=job.owner).is_ok


def _look_at_receipt(paper: Paper, commands: Commands, run: str, canceled: list[int]) -> None:
    """Write the receipt to a file, verify it, and compare the jobs that it says were canceled."""
    paper.receipt = Path(commands.environment["DATA_DIR"]) / "receipt.json"
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        text = commands.output("receipt", run)
        steps = [step for step in json.loads(text)[-1]["body"]["steps"] if step["step"] == "cancel-jobs"]
        # A worker makes a version when that is done.
        if all(step["state"] == "done" for step in steps) or time.monotonic() > deadline:
            break
        time.sleep(0.5)
    paper.receipt.write_text(text, encoding="utf-8")
    said = [entry["job"] for step in steps for entry in step["evidence"].get("canceled", ())]
    verdict = json.loads(commands.output("verify_receipt", str(paper.receipt)).splitlines()[0])
    wrong = [f"not valid: {problem}" for problem in verdict["problems"]]
    wrong += [] if said == canceled else [f"says that jobs {said} were canceled, not {canceled}"]
    paper.got["receipts"] = int(verdict["valid"] and not wrong)
    paper.check(f"its receipt verifies: {paper.receipt}", wrong)
