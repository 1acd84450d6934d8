"""Who sees the owners and titles of jobs."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from printmgmt.printing.servers.findings.finding import (
    DANGER,
    GOOD,
    WARNING,
    Finding,
    in_place_of,
    queues_words,
)
from printmgmt.printing.servers.probe.found import PolicyFound


def of_privacy(policy: PolicyFound) -> Iterator[Finding]:
    """Yield what the console, everyone, and whoever states the operator's name see."""
    where = queues_words(policy)
    if policy.operator_sees_owners is False:
        yield Finding(
            "owners-hidden",
            DANGER,
            _("Owners are hidden from the console"),
            _("On %(queues)s the server does not tell its operator whose job it is.") % {"queues": where},
            block="  JobPrivateAccess default\n",
            where=in_place_of(policy, "JobPrivateAccess"),
        )
    elif policy.operator_sees_owners:
        yield Finding(
            "operator",
            GOOD,
            _("The console sees and controls all jobs"),
            _(
                "On %(queues)s the operator sees owners and titles and can hold, release, move and cancel "
                "jobs."
            )
            % {"queues": where},
        )
    if policy.operator_name_sees_owners:
        yield Finding(
            "operator-name-sees",
            WARNING,
            _("Owners and titles are poorly protected"),
            _("On %(queues)s anyone who states the operator's name sees them, without the password.")
            % {"queues": where},
        )
    if policy.owners_shown or policy.titles_shown:
        yield Finding(
            "owners-shown",
            WARNING,
            _("Everyone can see who prints what"),
            _("On %(queues)s the server shows owners or titles of jobs to anyone who asks.")
            % {"queues": where},
            block="  JobPrivateValues default\n",
            where=in_place_of(policy, "JobPrivateValues"),
        )
