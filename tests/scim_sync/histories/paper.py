"""Histories with paper, on a real cupsd: who holds which job, and whom the queues refuse."""

from dataclasses import dataclass, field
from subprocess import CalledProcessError
from typing import Any, Final

from demo.cupsd import STUCK_DEVICE, PrivateCups
from printmgmt.deprovisioning.models import DeprovisionRun
from printmgmt.printing.jobs.actions import hold_job, release_job
from printmgmt.printing.jobs.errors import HeldForLeaving
from printmgmt.printing.models import PrintJob, PrintServer
from printmgmt.printing.rounds.kind import Rounds
from printmgmt.printing.servers.adding import order_round
from printmgmt.services.process import wait_until
from printmgmt.work.runner import perform_due
from tests import factories
from tests.printmgmt.deprovisioning.steps.conftest import TONIGHT
from tests.scim_sync.histories import model
from tests.scim_sync.histories.playing import History, Player

QUEUE, MEMBERS = "front", "members"
"""A queue that refuses whom it names, and one that takes jobs only from whom it names."""

CLOSED: Final = "-closed-"
"""Keeps an allowed list from being empty, which would open the queue."""
PENDING, HELD, PRINTING = 3, 4, 5
PRINTS: Final = {"prints": "", "prints tonight": TONIGHT, "prints held": model.INDEFINITE}
JOBS: Final = ("an administrator holds", "an administrator releases", "the owner releases")
ROUND: Final = "a round"


@dataclass(kw_only=True)
class PaperHistory(History):
    """A history of people who print. ``numbers`` are those of the jobs of the model, on the server."""

    cups: PrivateCups
    server: PrintServer
    numbers: dict[model.Job, int] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)
    """User names of those who came or went since everything ordered was done: queues may refuse them."""

    def add(self, user_name: str) -> Player:
        player = super().add(user_name)
        player.model.paper = True
        return player

    def begin(self, *user_names: str) -> None:
        """Make the queues, and have these people pushed, who are the members of the second one."""
        for user_name in user_names:
            self.add(user_name)
        self.cups.remove_queues()
        self.cups.add_queue(QUEUE, device=STUCK_DEVICE)
        first = self.cups.submit(QUEUE, "stranger")  # never ends: what is printed after it waits
        assert wait_until(lambda: self.cups.job(first)["job-state"] == PRINTING, timeout=30)
        self.cups.add_queue(
            MEMBERS,
            device=STUCK_DEVICE,
            stopped=True,
            attributes=[f"name requesting-user-name-allowed {','.join(user_names)}"],
        )

    def events(self) -> tuple[str, ...]:
        return (*super().events(), *PRINTS, *PRINTS, *PRINTS, *JOBS, ROUND, ROUND)

    def happen(self, player: Player, event: str) -> None:
        state = player.model.state
        self._happen(player, event)
        if player.model.state != state:
            self.unsure.add(player.user_name)

    def _happen(self, player: Player, event: str) -> None:
        if event in PRINTS:
            self._print(player, PRINTS[event])
        elif event == ROUND:
            self._round()
        elif event in JOBS:
            if player.model.jobs:
                self._job(self.dice.choice(player.model.jobs), event, player)
        else:
            super().happen(player, event)

    def settle(self) -> None:
        super().settle()
        self.unsure.clear()
        self._round()
        self.compare_lists()
        for player in self.players:
            self.compare_jobs(player)

    def compare_lists(self) -> None:
        """The lists of the queues, as ipptool shows them: name and local part of everyone who is gone."""
        gone = {player.user_name for player in self.players if not player.model.prints}
        members = {player.user_name for player in self.players} - gone
        denied = gone | {name.partition("@")[0] for name in gone}
        assert self._list(QUEUE, "denied") == denied, self.happened
        assert self._list(MEMBERS, "allowed") == (members or {CLOSED}), self.happened

    def _list(self, queue: str, kind: str) -> set[str]:
        name = f"requesting-user-name-{kind}"
        wanted = f"keyword requested-attributes printer-name,{name}"
        (group,) = self.cups.ipptool("Get-Printer-Attributes", wanted, queue=queue).groups
        return {value for values in group.every(name) for value in listed(values)}

    def compare_jobs(self, player: Player) -> None:
        """Each job as the server has it, who holds it by its row, and what each run noted that it held."""
        runs = dict(zip(player.model.runs, player.runs(), strict=True))
        for job in player.model.jobs:
            number = self.numbers[job]
            state = PENDING if job.until == model.NO_HOLD else HELD
            group = self.cups.job(number)
            assert (group["job-state"], group["job-hold-until"]) == (state, job.until), (
                number,
                self.happened,
            )
            row = self._row(number)
            by_run = runs[job.by].pk if isinstance(job.by, model.Run) else None
            by_person = job.by if isinstance(job.by, str) else ""
            assert (row.held_by_run, row.held_by, row.person) == (by_run, by_person, player.person), (
                number,
                self.happened,
            )
        for known, run in runs.items():
            assert self._took(run) == {self.numbers[job] for job in known.took}, self.happened

    def _took(self, run: DeprovisionRun) -> set[int]:
        evidence: dict[str, Any] = run.steps.get(name="hold-jobs").evidence
        return {entry["job"] for entry in evidence.get("held", ())}

    def _print(self, player: Player, hold: str) -> None:
        if not player.model.prints:
            return
        try:
            number = self.cups.submit(QUEUE, player.user_name, hold=hold)
        except CalledProcessError:
            assert player.user_name in self.unsure, self.happened
            self.happened[-1] += " (refused)"
            return
        job = model.Job(until=hold or model.NO_HOLD)
        self.numbers[job] = number
        player.model.jobs.append(job)
        self.happened[-1] += f" {number}"

    def _round(self) -> None:
        order_round(self.server)
        perform_due(Rounds())
        for player in self.players:
            player.model.read()

    def _job(self, job: model.Job, event: str, player: Player) -> None:
        number = self.numbers[job]
        self.happened[-1] += f" {number}"
        if event == "the owner releases":
            if job.until != model.NO_HOLD:
                assert self.cups.ipptool("Release-Job", job=number, user=player.user_name).is_ok
                job.until = model.NO_HOLD
            return
        if not PrintJob.objects.filter(server=self.server, remote_id=number).exists():
            self._round()
        if event == "an administrator holds":
            hold_job(self._row(number), by=factories.TESTER)
            if not job.stays:
                job.hold(job.by or factories.TESTER.label, job.before if job.by else job.until)
            return
        refused = isinstance(job.by, model.Run)
        try:
            release_job(self._row(number), by=factories.TESTER)
        except HeldForLeaving:
            assert refused, self.happened
        else:
            assert not refused, self.happened
            job.let_go(model.NO_HOLD)

    def _row(self, number: int) -> PrintJob:
        rows = PrintJob.objects.select_related("server", "organization", "printer", "person")
        return rows.get(server=self.server, remote_id=number)


def listed(values: Any) -> list[Any]:
    """What an attribute has, as a list: ipptool shows one value alone."""
    return values if isinstance(values, list) else [values]
