"""Why a job is in its state, in words (RFC 8011 §5.3.8, PWG 5100.11, and CUPS's own)."""

from collections.abc import Iterator, Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from printmgmt.console.shell.keywords import readable
from printmgmt.console.shell.navigation import Text

REASONS: Final[Mapping[str, Text]] = {
    "aborted-by-system": _("The print server gave up on it."),
    "account-closed": _("The account to charge is closed."),
    "account-info-needed": _("The print server wants to know whom to charge."),
    "account-limit-reached": _("The limit of the account to charge is reached."),
    "compression-error": _("Its document cannot be decompressed."),
    "cups-filter-crashed": _("A filter of the print server crashed."),
    "document-access-error": _("Its document cannot be read."),
    "document-format-error": _("Its document is damaged."),
    "document-password-error": _("Its document needs a password."),
    "document-permission-error": _("Printing its document is not allowed."),
    "document-security-error": _("Its document has security problems."),
    "document-unprintable-error": _("Its document cannot be printed."),
    "errors-detected": _("There were errors."),
    "job-canceled-at-device": _("Canceled at the device."),
    "job-canceled-by-operator": _("Canceled by an operator of the print server."),
    "job-canceled-by-user": _("Canceled by its owner."),
    "job-completed-with-errors": _("Printed with errors."),
    "job-completed-with-warnings": _("Printed with warnings."),
    "job-data-insufficient": _("Its document has not arrived yet."),
    "job-held-for-authentication": _("Its owner has to sign in at the print server."),
    "job-held-for-review": _("An operator has to review it."),
    "job-held-on-create": _("Its printer holds new jobs."),
    "job-incoming": _("Its document is still being sent."),
    "job-interpreting": _("The printer is reading its document."),
    "job-outgoing": _("It is being sent to the printer."),
    "job-password-wait": _("The printer waits for its password."),
    "job-queued": _("The printer has it in its own queue."),
    "job-spooling": _("Its document is being stored."),
    "job-stopped": _("Its printer stopped."),
    "job-suspended": _("It is suspended."),
    "job-transforming": _("Its document is being converted."),
    "printer-stopped": _("Its printer is stopped."),
    "printer-stopped-partly": _("Its printer is partly stopped."),
    "processing-to-stop-point": _("It is being canceled."),
    "queued-in-device": _("The printer has it in its own queue."),
    "resources-are-not-ready": _("Paper or something else that it needs is missing."),
    "service-off-line": _("The printer is offline."),
    "submission-interrupted": _("Its document did not arrive completely."),
    "unsupported-compression": _("Its document is compressed in a way that the printer does not know."),
    "unsupported-document-format": _("The printer does not know the format of its document."),
    "waiting-for-user-action": _("Its owner has to do something at the printer."),
    "warnings-detected": _("There were warnings."),
}

# What the state says already.
_SAYS_NOTHING: Final = frozenset(
    {
        "none",
        "job-completed-successfully",
        "job-hold-until-specified",
        "job-printing",
        "job-processing",
        "job-restartable",
    }
)


def job_reasons(reasons: list[str]) -> Iterator[Text]:
    """Say each reason of a job's state in a sentence; an unknown one as it is called."""
    for reason in reasons:
        if reason not in _SAYS_NOTHING:
            yield REASONS.get(reason) or readable(reason)
