"""One finding of a test, as pages show it."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from printmgmt.printing.servers.probe.found import PolicyFound

GOOD, INFO, WARNING, DANGER = "green", "azure", "yellow", "red"
"""How urgent a finding is, as the color of its dot."""

HOUR: Final = 3600


@dataclass(frozen=True)
class Finding:
    """One finding. ``block`` is for the server's cupsd.conf, ``where`` says at which place; may be empty."""

    code: str
    tone: str
    title: str
    text: str
    block: str = ""
    where: str = ""


def queues_words(policy: PolicyFound) -> str:
    """Return how many queues have the policy, and its name."""
    return ngettext(
        "%(count)d queue with the policy “%(policy)s”",
        "%(count)d queues with the policy “%(policy)s”",
        policy.queues,
    ) % {"count": policy.queues, "policy": policy.name}


def in_place_of(policy: PolicyFound, directive: str) -> str:
    """Return where in cupsd.conf a directive of a policy stands."""
    return _("Put this inside <Policy %(policy)s>, in place of the %(directive)s line:") % {
        "policy": policy.name,
        "directive": directive,
    }


def hours_words(seconds: int) -> str:
    """Return a span in hours."""
    hours = max(1, round(seconds / HOUR))
    return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
