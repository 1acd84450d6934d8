"""Plays histories: each event happens to a real person and to the model, and then the two are compared."""

import random
from dataclasses import dataclass, field
from typing import Any

from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.models import STEP_WORK, DeprovisionRun, DeprovisionStep, StepState
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser
from printmgmt.work.sweeps import sweep
from printmgmt.work.tasks import perform
from tests import factories
from tests.printmgmt.equipment import Equipped, equip
from tests.scim_sync.client import DISABLE, ENABLE, Scim
from tests.scim_sync.histories import model

DIRECTORY = ("disable", "enable", "delete", "post")
ADMINISTRATOR = ("block", "unblock", "restore")
WORKER = ("message", "messages twice", "old message", "sweep")


@dataclass
class Player:
    """Someone in two ways: the rows in the product, and the model."""

    real: Equipped
    model: model.Person
    user_name: str

    @property
    def person(self) -> PrintUser:
        return PrintUser.objects.get(pk=self.real.person.pk)

    def runs(self) -> list[DeprovisionRun]:
        """The runs, oldest first, as those of the model are."""
        return list(DeprovisionRun.objects.filter(person=self.real.person).order_by("epoch"))


@dataclass
class History:
    """What happened so far, and to whom; it may be printed where the product and the model differ."""

    organization: Organization
    scim: Scim
    dice: random.Random
    players: list[Player] = field(default_factory=list)
    happened: list[str] = field(default_factory=list)

    def add(self, user_name: str) -> Player:
        """Have the directory push a new person, and give them a card, a PIN and a device."""
        answer = self.scim.create(user_name, externalId=user_name)
        assert answer.status == 201, answer
        player = Player(equip(PrintUser.objects.get(pk=answer.id)), model.Person(), user_name)
        self.players.append(player)
        return player

    def events(self) -> tuple[str, ...]:
        """What may happen, each as often as it is named."""
        return (*DIRECTORY, *DIRECTORY, "disable", "enable", *ADMINISTRATOR, *WORKER, *WORKER)

    def step(self) -> None:
        """One event, to one of the people."""
        player, event = self.dice.choice(self.players), self.dice.choice(self.events())
        self.happened.append(f"{player.user_name}: {event}")
        self.happen(player, event)
        self.compare_access(player)

    def happen(self, player: Player, event: str) -> None:
        """Let an event happen to the product and the model."""
        if event in DIRECTORY:
            self._directory(player, event)
        elif event in ADMINISTRATOR:
            self._administrator(player, event)
        else:
            self._worker(player, event)

    def settle(self) -> None:
        """Everything ordered is done; what the product and the model say then is compared."""
        self.happened.append("all is done")
        sweep(STEP_WORK)
        for player in self.players:
            player.model.deliver_all()
            self.compare_access(player)
            self.compare_runs(player)

    def compare_access(self, player: Player) -> None:
        """Who may print is right from the answer on, whatever a worker has done until then."""
        person = player.person
        player.real.person.refresh_from_db()
        assert person.state == player.model.state, self.happened
        assert player.real.opens() == player.model.opens, self.happened

    def compare_runs(self, player: Player) -> None:
        runs, expected = player.runs(), player.model.runs
        assert [run.state for run in runs] == [run.state for run in expected], self.happened
        for run, known in zip(runs, expected, strict=True):
            previous = runs[expected.index(known.previous)].pk if known.previous else None
            assert run.previous_id == previous, self.happened
        steps = DeprovisionStep.objects.filter(run__person=player.real.person)
        assert not steps.filter(state__in=[StepState.UNDOING, StepState.ATTENTION]).exists(), self.happened
        waiting = steps.filter(state=StepState.PENDING)
        assert not waiting.filter(immediate=True).exists(), self.happened
        current = [] if player.model.prints or not runs else [runs[-1].pk]
        assert set(waiting.values_list("run", flat=True)) <= set(current), self.happened

    def _directory(self, player: Player, event: str) -> None:
        pk = player.real.person.pk
        if event == "post":
            answer = self.scim.create(player.user_name, externalId=player.user_name)
            if answer.status == 201:
                assert answer.id == str(pk), self.happened
        elif event == "delete":
            answer = self.scim.delete(pk)
        else:
            answer = self.scim.patch(pk, DISABLE if event == "disable" else ENABLE)
        status: int = getattr(player.model, event)()
        assert answer.status == status, (self.happened, answer)

    def _administrator(self, player: Player, event: str) -> None:
        person = player.person
        if event == "restore" or not person.removed_at:
            act: Any = getattr(leaving, event)
            act(person, by=factories.TESTER)
        getattr(player.model, event)()

    def _worker(self, player: Player, event: str) -> None:
        runs = player.runs()
        if event == "sweep":
            sweep(STEP_WORK)
            for each in self.players:
                each.model.deliver_all()
        elif runs:
            which = -1 if event == "message" else self.dice.randrange(len(runs))
            for _time in range(2 if event == "messages twice" else 1):
                perform(STEP_WORK, str(runs[which].pk))
                player.model.deliver(player.model.runs[which])
