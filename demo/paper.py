"""The walk on paper: people print, the console sees whose it is, some collect, those who left cannot."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from demo.badges import Badges
from demo.expected import State
from demo.expected_jobs import expected_counts, leavers_who_print
from demo.print_jobs import BY_CARD, COLLECTED, FOLLOW_ME, FRONT_DESK, JOBS
from demo.print_room import PrintRoom
from demo.screen import Screen
from demo.tablet import Refused, Tablet
from printmgmt.services.process import wait_until

HELD, COMPLETED = 4, 9  # job-state, RFC 8011 section 5.3.7
WAIT_SECONDS = 30


@dataclass
class Paper:
    """The jobs of one organization. `ids` are objectIds by userPrincipalName; `wrong` is what is wrong."""

    room: PrintRoom
    badges: Badges
    ids: Mapping[str, str]
    screen: Screen
    got: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    station: dict[str, Any] = field(default_factory=dict)
    states: list[State] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)  # of the jobs on the server, by title
    receipt: Path | None = None  # the file of a receipt, once one was verified

    def act(self, number: int, state: State) -> None:
        """Do what belongs after an act of the walk; ``state`` is the one it led to."""
        self.states.append(state)
        if number == 0:
            self.print_all()
            self.collect()
        elif number == 1:
            self.refuse_leavers(state)

    def begin(self) -> None:
        """Add the print server, a queue that holds and a station."""
        added = self.room.add()
        self.got["queues"] = self.room.read()["printers"]
        self.station = self.room.hold_and_release()
        unsafe = ", ".join(added["unsafe"])
        self.screen.done(f"print server added: {added['uri']}, CUPS {added['version']}, to mend: {unsafe}")

    def print_all(self) -> None:
        """Print all jobs with `lp`, have the server read, and compare whose they are."""
        for job in JOBS:
            self.numbers[job.title] = self.room.cups.submit(job.queue, job.owner, title=job.title)
        self.room.read()
        seen = self.room.jobs()
        self.got["jobs"] = len(seen)
        self.got["with an owner"] = sum(1 for job in seen.values() if job["person"])
        wrong = []
        for job in JOBS:
            person = seen.get(self.numbers[job.title], {}).get("person")
            if person != (self.badges.ids[self.ids[job.who]] if job.who else None):
                wrong.append(f"{job.title}, printed as {job.owner}: taken for {person}")
        nobodys = len(seen) - self.got["with an owner"]
        self.check(f"{len(seen)} jobs printed with lp and seen; {nobodys} of them nobody's", wrong)

    def collect(self) -> None:
        """At the station, print the jobs of two people, who see only their own."""
        wrong = []
        for who in COLLECTED:
            mine = [job.title for job in JOBS if job.who == who and job.queue == FOLLOW_ME]
            try:
                tablet = self._tablet()
                if (titles := self._show(tablet, who)) != mine:
                    wrong.append(f"{who} sees {titles}")
                tablet.print(mine[0])
            except Refused as error:
                wrong.append(f"{who}: {error}")
        wait_until(lambda: self._printed_at_the_station() >= len(COLLECTED), timeout=WAIT_SECONDS)
        self.got["collected"] = self._printed_at_the_station()
        self.check(f"{self.got['collected']} jobs collected at the station, by card and by PIN", wrong)

    def refuse_leavers(self, state: State) -> None:
        """At the station, show the cards of those who left. `state` is the one after they did."""
        wrong = []
        self.got["refused"] = 0
        tablet = self._tablet()
        for job in leavers_who_print(state, self.ids):
            try:
                titles = tablet.show_card(self.badges.cards[self.ids[job.who]])
            except Refused:
                self.got["refused"] += 1
            else:
                wrong.append(f"{job.who}: let in after leaving, sees {titles}")
        self.check(f"{self.got['refused']} leavers' cards refused at the station", wrong)

    def look_at_holds(self) -> None:
        """Compare, on the print server itself, which jobs are held: those of leavers and no others."""
        due = {self.numbers[job.title] for job in leavers_who_print(self.states[-1], self.ids)}
        wait_until(lambda: self._held() == due, timeout=WAIT_SECONDS)
        held = self._held()
        self.got["held"] = len(held)
        titles = {number: title for title, number in self.numbers.items()}
        wrong = [f"{titles.get(number, number)}: not held" for number in due - held]
        wrong += [f"{titles.get(number, number)}: held, though its owner is here" for number in held - due]
        self.check(f"{len(held)} leavers' jobs held on the print server, seen with ipptool", wrong)

    def rows(self) -> list[tuple[str, int, int]]:
        """Return (column, got, expected) for the table."""
        return [
            (name, self.got[name], count) for name, count in expected_counts(self.states, self.ids).items()
        ]

    def check(self, text: str, wrong: list[str]) -> None:
        """Print a line, and remember what is wrong."""
        self.wrong += wrong
        self.screen.check(text, wrong)

    def _tablet(self) -> Tablet:
        return Tablet(self.station["url"], self.station["token"])

    def _show(self, tablet: Tablet, who: str) -> list[str]:
        holder = self.ids[who]
        if who == BY_CARD:
            return tablet.show_card(self.badges.cards[holder])
        return tablet.type_pin(self.badges.names[holder], self.badges.pins[holder])

    def _printed_at_the_station(self) -> int:
        """How many jobs the print server itself says were printed there."""
        jobs = self.room.cups.jobs(FRONT_DESK, "completed")
        return sum(1 for job in jobs if job["job-state"] == COMPLETED)

    def _held(self) -> set[int]:
        """Return the numbers of the jobs that wait there until someone releases them."""
        jobs = self.room.cups.jobs(which="not-completed")
        return {
            job["job-id"]
            for job in jobs
            if job["job-state"] == HELD and job["job-hold-until"] == "indefinite"
        }
