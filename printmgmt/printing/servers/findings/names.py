"""What a name is worth on a server: whether it is checked, and how it is compared."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from printmgmt.printing.servers.findings.finding import GOOD, INFO, WARNING, Finding
from printmgmt.printing.servers.probe.found import Compares, Found


def of_names(found: Found) -> Iterator[Finding]:
    """Yield on how many queues a name is believed or checked, and how lists are compared."""
    believing = sum(policy.queues for policy in found.policies if policy.needs_login is False)
    checking = sum(policy.queues for policy in found.policies if policy.needs_login)
    if believing:
        yield Finding(
            "names-believed",
            WARNING,
            _("The server believes every name"),
            ngettext(
                "On %(count)d queue, the computer states who prints, and the server does not "
                "check it. Anyone can print under another name there, so a list that blocks "
                "names stops only those who use their own.",
                "On %(count)d queues, the computer states who prints, and the server does not "
                "check it. Anyone can print under another name there, so a list that blocks "
                "names stops only those who use their own.",
                believing,
            )
            % {"count": believing},
        )
    if checking:
        yield Finding(
            "names-checked",
            GOOD,
            _("Names are checked"),
            ngettext(
                "%(count)d queue asks for a password before it accepts a job.",
                "%(count)d queues ask for a password before they accept a job.",
                checking,
            )
            % {"count": checking},
        )
    if found.compares == Compares.LOCAL_PART:
        yield Finding(
            "compares",
            INFO,
            _("Names in lists"),
            _(
                "In a queue's list the server compares only the part before the @, in any letter case. "
                "A full address in a list blocks nobody. Names are cut after 32 bytes."
            ),
        )
    elif found.compares == Compares.WHOLE_NAME:
        yield Finding(
            "compares",
            INFO,
            _("Names in lists"),
            _(
                "In a queue's list the server compares the whole name, with its domain, in any letter case. "
                "Names are cut after 32 bytes."
            ),
        )
