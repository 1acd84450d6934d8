"""Cards, PINs and devices of twenty people: enrolls them and later tries whether they still work."""

from dataclasses import dataclass, field
from typing import Any

from demo.commands import Commands
from demo.expected import Shown, State

KINDS = ("card", "PIN", "device")


@dataclass
class Badges:
    """The cards, PINs and devices of one organization. `wrong` has the errors of the last try."""

    commands: Commands
    organization: str
    holders: list[str]
    ids: dict[str, str]
    cards: dict[str, str] = field(default_factory=dict)
    pins: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    left_once: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    accepted: int = 0
    refused: int = 0

    def give_out(self, state: State) -> None:
        """Enrol everyone's card, PIN and device."""
        self._remember_names(state)
        self.cards = {who: f"0441{n:02d}7A{n * 37 % 256:02X}80" for n, who in enumerate(self.holders)}
        self.pins = {who: str(4711 + n) for n, who in enumerate(self.holders)}
        orders = [
            {
                "user_name": self.names[who],
                "card": self.cards[who],
                "pin": self.pins[who],
                "device": f"{self.names[who]}'s laptop",
            }
            for who in self.holders
        ]
        answers = self._ask("enrol_person", orders)
        self.tokens = {who: answer["device_token"] for who, answer in zip(self.holders, answers, strict=True)}

    def try_all(self, state: State) -> None:
        """Try every card, PIN and device: they must work for active people only.

        A revoked device stays revoked: people who come back must enroll it again.
        """
        self._remember_names(state)
        self.accepted = self.refused = 0
        self.wrong = []
        attempts = [(kind, who) for kind in KINDS for who in self.holders]
        answers = self._ask("identify", [self._question(kind, who) for kind, who in attempts])
        self.left_once |= {who for who in self.holders if not is_active(state[who])}
        for (kind, who), answer in zip(attempts, answers, strict=True):
            is_due = is_active(state[who]) and not (kind == "device" and who in self.left_once)
            self._judge(kind, who, answer["person"], self.ids.get(who) if is_due else None)

    def _judge(self, kind: str, who: str, got: str | None, due: str | None) -> None:
        if got is None:
            self.refused += 1
        else:
            self.accepted += 1
        if got != due:
            self.wrong.append(f"{self.names[who]}: {kind} {'accepted' if got else 'refused'}")

    def _question(self, kind: str, who: str) -> dict[str, Any]:
        if kind == "card":
            return {"card": self.cards[who]}
        if kind == "PIN":
            return {"user_name": self.names[who], "pin": self.pins[who]}
        return {"device_token": self.tokens[who]}

    def _remember_names(self, state: State) -> None:
        """Save the names for the PINs: the present one, or the last one of a person who left."""
        self.names |= {who: str(shown["userName"]) for who in self.holders if (shown := state[who])}

    def _ask(self, command: str, batch: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return self.commands.lines(command, "--organization", self.organization, "--batch", "-", batch=batch)


def is_active(shown: Shown | None) -> bool:
    return shown is not None and bool(shown["active"])
