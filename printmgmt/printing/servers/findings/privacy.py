"""Who sees the owners and titles of jobs."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from printmgmt.printing.servers.findings.finding import (
    DANGER,
    GOOD,
    WARNING,
    Finding,
    queues_words,
    sections_words,
)
from printmgmt.printing.servers.probe.found import PolicyFound


def of_privacy(policies: Sequence[PolicyFound]) -> Iterator[Finding]:
    """Yield what the console, everyone, and anyone who states the operator's name see."""
    if hidden := [policy for policy in policies if policy.operator_sees_owners is False]:
        yield Finding(
            "owners-hidden",
            DANGER,
            _("Owners are hidden from the console"),
            _("On %(queues)s, the server does not tell its operator whose job it is.")
            % {"queues": queues_words(hidden)},
            block="  JobPrivateAccess default\n",
            where=_in_place_of("JobPrivateAccess", hidden),
        )
    if seen := [policy for policy in policies if policy.operator_sees_owners]:
        yield Finding(
            "operator",
            GOOD,
            _("The console sees and controls jobs"),
            _(
                "On %(queues)s, the operator sees owners and titles and can hold, release, move and cancel "
                "jobs."
            )
            % {"queues": queues_words(seen)},
        )
    if claimed := [policy for policy in policies if policy.operator_name_sees_owners]:
        yield Finding(
            "operator-name-sees",
            WARNING,
            _("Owners and titles are poorly protected"),
            _("On %(queues)s, anyone who states the operator's name sees them, without the password.")
            % {"queues": queues_words(claimed)},
        )
    if shown := [policy for policy in policies if policy.owners_shown or policy.titles_shown]:
        yield Finding(
            "owners-shown",
            WARNING,
            _("Everyone can see who prints what"),
            _("On %(queues)s, the server shows owners or titles of jobs to anyone who asks.")
            % {"queues": queues_words(shown)},
            block="  JobPrivateValues default\n",
            where=_in_place_of("JobPrivateValues", shown),
        )


def _in_place_of(directive: str, policies: Sequence[PolicyFound]) -> str:
    return _("Put this inside %(sections)s, in place of the %(directive)s line:") % {
        "sections": sections_words(policies),
        "directive": directive,
    }
