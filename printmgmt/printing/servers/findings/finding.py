"""One finding of a test, as pages show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.text import get_text_list
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


def queues_words(policies: Sequence[PolicyFound]) -> str:
    """Return how many queues have one of these policies, and what those are called."""
    count = sum(policy.queues for policy in policies)
    if len(policies) > 1:
        names = [f"“{policy.name}”" for policy in policies]
        return _("%(count)d queues with the policies %(policies)s") % {
            "count": count,
            "policies": get_text_list(names, _("and")),
        }
    return ngettext(
        "%(count)d queue with the policy “%(policy)s”",
        "%(count)d queues with the policy “%(policy)s”",
        count,
    ) % {"count": count, "policy": policies[0].name} + _named(policies[0])


def _named(policy: PolicyFound) -> str:
    more = ["…"] if policy.queues > len(policy.names) else []
    return f" ({', '.join([*policy.names, *more])})" if policy.names else ""


def sections_words(policies: Sequence[PolicyFound]) -> str:
    """Return the sections of these policies as cupsd.conf writes them."""
    return get_text_list([f"<Policy {policy.name}>" for policy in policies], _("and"))


def hours_words(seconds: int) -> str:
    """Return a span in hours."""
    hours = max(1, round(seconds / HOUR))
    return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
