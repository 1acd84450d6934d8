"""Performing what is due, as a worker would."""

from uuid import UUID

from django.core import mail
from django.core.mail import EmailMessage
from django.utils import timezone

from addons import watching
from directory_export.performing import Exports
from printmgmt.deprovisioning.performing import Steps
from printmgmt.mail.models import Mail
from printmgmt.mail.sending import Mails
from printmgmt.rounds import isolate_errors
from printmgmt.work.runner import perform_due as perform
from printmgmt.work.sweeps import sweep, sweep_names


def perform_due(*, run_id: UUID | None = None) -> int:
    """Perform due steps, of one run or of all; return how many attempts were made."""
    return perform(Steps(), None if run_id is None else str(run_id))


def deliver_due() -> int:
    """Deliver the exports that are due; return how many attempts were made."""
    return perform(Exports())


def sweep_all() -> None:
    """Do everything that is due, as a worker's timer; the test's own connection stays open."""
    for name in sweep_names():
        with isolate_errors("a sweep", sweep=name):
            sweep(name)


def outbox() -> list[EmailMessage]:
    """Send the mails that are due, as a worker would; return all that were sent, oldest first."""
    # Ordered while a test had travelled ahead: what was not tried yet is due.
    Mail.objects.filter(attempts=0, due_at__gt=timezone.now()).update(due_at=timezone.now())
    perform(Mails())
    return mail.outbox


def watch() -> None:
    """One round of the watch on add-ons' health, and the mails that are due after it."""
    watching.watch()
    outbox()
