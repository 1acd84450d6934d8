"""All findings of a test."""

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from printmgmt.printing.servers.findings.finding import DANGER, GOOD, INFO, WARNING, Finding, queues_words
from printmgmt.printing.servers.findings.holds import of_holds
from printmgmt.printing.servers.findings.names import of_names
from printmgmt.printing.servers.findings.privacy import of_privacy
from printmgmt.printing.servers.findings.room import of_room
from printmgmt.printing.servers.probe.found import Found, Skipped

_SKIPPED: Final = {
    Skipped.CLOSED: gettext_lazy("every queue accepts jobs from certain people only"),
    Skipped.FULL: gettext_lazy("the server accepts no more jobs"),
    Skipped.NOT_ACCEPTING: gettext_lazy("no queue accepts jobs"),
    Skipped.FAILED: gettext_lazy("the server refused the test job"),
}


def findings_of(found: Found) -> list[Finding]:
    """Return the findings, in the language of who reads them: the most urgent first."""
    order = (DANGER, WARNING, INFO, GOOD)
    return sorted(_all(found), key=lambda finding: order.index(finding.tone))


def _all(found: Found) -> Iterator[Finding]:
    if not found.is_cups:
        yield Finding(
            "not-cups",
            INFO,
            _("Not a CUPS server"),
            _(
                "The console shows this printer and its jobs. It cannot hold, release or move jobs here or "
                "block people, and it cannot tell whether an owner's name is true."
            ),
        )
        return
    if not found.queues:
        yield Finding(
            "no-queues",
            INFO,
            _("No queues found"),
            _(
                "CUPS shows only shared queues to other machines. Share the queues, or create one, and "
                "test again."
            ),
        )
    for policy in found.policies:
        if policy.skipped:
            yield Finding(
                "not-tested",
                WARNING,
                _("Not everything was tested"),
                _("On %(queues)s, nothing was tried: %(why)s.")
                % {"queues": queues_words([policy]), "why": _SKIPPED[Skipped(policy.skipped)]},
            )
    yield from of_privacy(found.policies)
    yield from of_holds(found.policies)
    yield from of_names(found)
    yield from of_room(found)
    if found.left_over:
        yield Finding(
            "left-over",
            WARNING,
            _("Test jobs are left"),
            ngettext(
                "%(count)d test job could not be removed. It prints nothing; the next test removes it.",
                "%(count)d test jobs could not be removed. They print nothing; the next test removes them.",
                found.left_over,
            )
            % {"count": found.left_over},
        )
