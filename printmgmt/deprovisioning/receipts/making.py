"""Makes receipts. A worker does it, soon after nothing immediate is left to do in a run (ADR 35)."""

import hashlib
import secrets
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from printmgmt.deprovisioning.models import DUE_STATES, DeprovisionRun, DeprovisionStep, Receipt, StepState
from printmgmt.deprovisioning.receipts.body import facts_of
from printmgmt.deprovisioning.receipts.canonical import canonical
from printmgmt.deprovisioning.receipts.keys import sign
from printmgmt.deprovisioning.receipts.late import next_version_at, without_late
from printmgmt.deprovisioning.receipts.personal import SALT_BYTES, personal_digest, personal_of
from printmgmt.rounds import isolate_errors

NAME: Final = "deprovisioning.receipts"

BATCH: Final = 100
LATER: Final = timedelta(minutes=5)
"""When a receipt that could not be made is tried again."""


def make_due_receipts() -> int:
    """Make the receipts that are due, organizations in turn; return how many versions were made.

    Safe to call anywhere, any number of times, also at once.
    """
    now = timezone.now()
    turn = Window(RowNumber(), partition_by=F("organization"), order_by=["receipt_due_at", "id"])
    due = DeprovisionRun.objects.filter(receipt_due_at__lte=now).annotate(turn=turn)
    made = 0
    for pk in list(due.order_by("turn", "receipt_due_at").values_list("pk", flat=True)[:BATCH]):
        # Whatever happens, the next round begins with others.
        DeprovisionRun.objects.filter(pk=pk, receipt_due_at__lte=now).update(receipt_due_at=now + LATER)
        with isolate_errors("a receipt", run=str(pk)):
            made += make_receipt(pk) is not None
    return made


@transaction.atomic
def make_receipt(pk: UUID) -> Receipt | None:
    """Make the next version of a run's receipt.

    Returns None if the outcome is that of the last version, if something is still being done, and for a
    person who was anonymised: then the last version stands. Returns None as well where all that is new are
    further jobs that came after the leaving: they are collected for a while, and the run is due then.
    """
    # The lock makes the steps, the version's number and the mark belong together (ADR 21).
    DeprovisionRun.objects.select_for_update(no_key=True).get(pk=pk)
    run = DeprovisionRun.objects.select_related("organization", "person", "policy").get(pk=pk)
    steps = list(run.steps.order_by("due_at", "id"))
    DeprovisionRun.objects.filter(pk=pk).update(receipt_due_at=None)
    if run.person.anonymised_at or is_busy(steps):
        return None
    facts = facts_of(run, steps)
    last = run.receipts.order_by("-version").first()
    if last is not None and without_late(last.body) == without_late(facts):
        due_at = next_version_at(last.body, facts)
        if due_at is None or due_at > timezone.now():
            DeprovisionRun.objects.filter(pk=pk).update(receipt_due_at=due_at)
            return None
    personal, salt = personal_of(run, steps), secrets.token_bytes(SALT_BYTES)
    body = facts | {
        "version": last.version + 1 if last else 1,
        "made_at": timezone.now().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "previous": last.digest if last else None,
        "personal": personal_digest(salt, personal),
    }
    message = canonical(body)
    key_id, signature = sign(message)
    return Receipt.objects.create(
        run=run,
        version=body["version"],
        body=body,
        personal=personal,
        salt=salt,
        digest=hashlib.sha256(message).hexdigest(),
        key_id=key_id,
        signature=signature,
    )


def is_busy(steps: list[DeprovisionStep]) -> bool:
    """Whether something is still done at once: an immediate step, an undo, or what is due by now.

    The receipt is made after that. A step that waits for its next attempt is not due.
    """
    now = timezone.now()
    pending = [step for step in steps if step.state in DUE_STATES]
    return any(
        step.immediate or step.state == StepState.UNDOING or step.due_at <= now or step.lease_owner
        for step in pending
    )
