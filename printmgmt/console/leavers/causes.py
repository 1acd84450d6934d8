"""What caused a leaving: an administrator or a program of the console, the rule, or which add-on."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from printmgmt.console.shell.columns import Column
from printmgmt.console.shell.extensions import extensions
from printmgmt.console.shell.filters import Select
from printmgmt.console.shell.navigation import Text
from printmgmt.console.shell.sources import NO_NAMES, Names, names_of, of_source, source_words
from printmgmt.deprovisioning.models import DeprovisionRun
from printmgmt.people.models import CONSOLE

RULE: Final = "rule"
"""The value of the filter for people whom the console removed by itself after a long suspension."""


def cause_words(run: DeprovisionRun, names: Names = NO_NAMES) -> str:
    """What caused a run, in a word or two."""
    if run.by_rule:
        return _("Suspended for too long")
    return _("Console") if run.source == CONSOLE else source_words(run.source, names)


def _words_on(request: HttpRequest) -> Callable[[DeprovisionRun], object]:
    return lambda run: cause_words(run, names_of(request))


def _choices(view: View) -> Iterator[tuple[str, Text]]:
    yield CONSOLE, gettext_lazy("Console")
    yield RULE, gettext_lazy("Suspended for too long")
    for prefix, source in extensions.sources():
        yield prefix, source.label
    names = names_of(view.request)
    for stored in names:
        yield stored, source_words(stored, names)


def _caused_by(runs: Any, value: str) -> Any:
    """Runs of one cause: who ordered them, and the rule apart from that."""
    return runs.filter(Q(by_rule=True) if value == RULE else of_source(value) & Q(by_rule=False))


CAUSE: Final = Column[DeprovisionRun](
    gettext_lazy("Cause"),
    cause_words,
    value_on=_words_on,
    template="console/leavers/_cause.html",
    context={
        "source": lambda run: run.source,
        "by_rule": lambda run: run.by_rule,
        "caused_by": lambda run: run.caused_by,
    },
    classes="column-text",
)
CAUSE_FILTER: Final = Select(
    "cause", gettext_lazy("Cause"), gettext_lazy("All causes"), _choices, narrow=_caused_by
)
