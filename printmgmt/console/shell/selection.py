"""A list whose rows can be selected: the boxes of its rows, and the bar above them (selection.js)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from printmgmt.console.shell.columns import Column
from printmgmt.console.shell.navigation import Text


@dataclass(frozen=True)
class SelectionButton:
    """A button for what is selected: sent as ``deed``. One with a ``question`` asks before it is sent."""

    deed: str
    label: Text
    icon: str
    question: Text = ""
    title: Text = ""
    confirm: Text = ""


@dataclass(frozen=True)
class Selection:
    """What the bar offers. Its buttons post to ``url``, with ``back`` where that page leads elsewhere.

    ``total`` is how many rows there are on all pages, where all of them can be selected at once; else 0.
    """

    url: str
    buttons: Sequence[SelectionButton]
    box: Column[Any]
    total: int = 0
    back: str = ""


def boxes(
    name: str, label: Callable[[Any], object], *, offered: Callable[[Any], bool] = lambda _row: True
) -> Column[Any]:
    """The column of boxes: sent as ``name``, with the row's id; ``label`` is what screen readers say.

    A row that is not ``offered`` has none.
    """
    return Column(
        _("Select"),
        template="console/shell/_box.html",
        context={
            "name": lambda _row: name,
            "value": lambda row: row.pk,
            "label": label,
            "offered": offered,
        },
        classes="row-pick w-1",
    )
