"""A preview of a leaving on pages: the columns that count for each person."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy

from printmgmt.console.shell.columns import Column
from printmgmt.console.shell.navigation import Text
from printmgmt.deprovisioning.foreseen import Effect
from printmgmt.deprovisioning.models import LeavingPolicy, Trigger
from printmgmt.deprovisioning.queues_foreseen import queues_foreseen
from printmgmt.people.models import PrintUser

SHOWN_QUEUES: Final = 20
"""Queues of a server that are named; of the others the number is said."""

_SHORT: Final[dict[Effect, Text]] = {
    Effect.CARDS: gettext_lazy("Cards"),
    Effect.PINS: gettext_lazy("PINs"),
    Effect.DEVICES: gettext_lazy("Devices"),
    Effect.HELD: gettext_lazy("Jobs held"),
    Effect.CLOSED: gettext_lazy("Names refused"),
    Effect.CANCELED: gettext_lazy("Jobs canceled"),
    Effect.ERASED: gettext_lazy("Erased"),
    Effect.SEATS: gettext_lazy("Seats"),
    Effect.CONSOLE: gettext_lazy("Console"),
}
"""Headings of columns, where the totals above say it in full."""


@dataclass(frozen=True)
class EffectColumn(Column[PrintUser]):
    """The number of one effect for a person; shown only where the preview counts it."""

    effect: Effect = Effect.HELD


EFFECTS: Final = tuple(
    EffectColumn(_SHORT[effect], effect.number, classes="tabular", effect=effect) for effect in Effect
)


def columns_of(columns: Sequence[Column[PrintUser]], effects: Sequence[Effect]) -> list[Column[PrintUser]]:
    """Return the columns without those of effects that are not counted."""
    return [each for each in columns if getattr(each, "effect", None) in (None, *effects)]


@dataclass(frozen=True)
class Closing:
    """Queues that would be closed: under which names, which names stay open and why, and where."""

    names: list[str]
    shared: list[str]
    unsafe: list[str]
    places: list[tuple[str, list[str], int]]
    """The name of a server, some of its queues, and how many more there are."""


def closing_of(person: PrintUser, policy: LeavingPolicy) -> list[Closing]:
    """Return the queues that a leaving of this person would close, as their page shows them."""
    return [
        Closing(
            names=sorted(each.names.names.values()),
            shared=sorted(each.names.shared.values()),
            unsafe=sorted(each.names.unsafe.values()),
            places=[
                (server, queues[:SHOWN_QUEUES], len(queues[SHOWN_QUEUES:]))
                for server, queues in each.queues.items()
            ],
        )
        for each in queues_foreseen(person, policy)
    ]


def trigger_of(value: str) -> Trigger:
    """Return the way of leaving that a form or an address names; a suspension if it names none."""
    return Trigger(value) if value in Trigger.values else Trigger.SUSPENDED
