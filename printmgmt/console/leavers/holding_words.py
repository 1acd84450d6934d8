"""What a person who left still holds, in words: what it is, and why they still hold it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from printmgmt.console.shell.navigation import Text
from printmgmt.deprovisioning.models import DeprovisionStep
from printmgmt.deprovisioning.steps import step_label
from printmgmt.deprovisioning.still_holding.finding import Holding
from printmgmt.deprovisioning.still_holding.reasons import Why
from printmgmt.deprovisioning.still_holding.things import Kind
from printmgmt.organizations.moments import write_moment

ICONS: Final = {
    Kind.CARD: "credit-card",
    Kind.PIN: "key",
    Kind.DEVICE: "device-laptop",
    Kind.JOBS: "file-text",
    Kind.CONSOLE: "shield-lock",
}

_NOBODY_ENDS: Final[Mapping[str, Text]] = {
    Kind.CARD: gettext_lazy("It works, and no step turns it off."),
    Kind.PIN: gettext_lazy("It works, and no step turns it off."),
    Kind.DEVICE: gettext_lazy("It is not signed out, and no step does that."),
    Kind.JOBS: gettext_lazy("No step cancels them."),
}

_WHY: Final[Mapping[str, Text]] = {
    Why.APPROVAL: gettext_lazy("Too many people left at once. This waits for a decision."),
    Why.PRINTING: gettext_lazy("Printing now, and may finish."),
    Why.KEPT: gettext_lazy("It was kept, or given later."),
    Why.UNHELD: gettext_lazy("Not held, so it can print."),
    Why.UNREACHED: gettext_lazy("The console does nothing on this print server."),
    Why.UNDECIDED: gettext_lazy("An owner has to decide about it."),
}


def what_words(holding: Holding) -> str:
    """Return what is held."""
    name = holding.name
    if holding.kind == Kind.CARD:
        return _("Card ending in %(last4)s") % {"last4": name}
    if holding.kind == Kind.PIN:
        return _("PIN")
    if holding.kind == Kind.DEVICE:
        return _("Device %(name)s") % {"name": name}
    if holding.kind == Kind.CONSOLE:
        return _("Console access as %(address)s") % {"address": name}
    number = number_format(holding.number, use_l10n=True, force_grouping=True)
    return ngettext("%(number)s job on %(server)s", "%(number)s jobs on %(server)s", holding.number) % {
        "number": number,
        "server": name,
    }


def why_words(holding: Holding) -> str:
    """Return why it is still held, in a sentence."""
    why, step = holding.reason
    if step is not None and (text := _of_step(why, step)):
        return text
    return str(_NOBODY_ENDS[holding.kind] if why == Why.NO_STEP else _WHY[why])


def _of_step(why: Why, step: DeprovisionStep) -> str:
    values = {"step": step_label(step.name), "due": write_moment(step.due_at), "who": step.decided_by}
    if why == Why.DATED:
        return _("%(step)s: on %(due)s.") % values
    if why == Why.WORKING:
        return _("%(step)s: in progress.") % values
    if why == Why.FAILED:
        return _("%(step)s: needs attention.") % values
    if why == Why.SKIPPED:
        return _("%(step)s: skipped by %(who)s.") % values
    return ""


@dataclass(frozen=True)
class Line:
    """A holding as a page shows it."""

    holding: Holding
    icon: str
    what: str
    why: str

    @property
    def is_alarming(self) -> bool:
        """Whether it stays until someone acts."""
        return self.holding.reason.why.needs_someone


def line_of(holding: Holding) -> Line:
    """Return a holding in words."""
    return Line(holding, ICONS[holding.kind], what_words(holding), why_words(holding))
