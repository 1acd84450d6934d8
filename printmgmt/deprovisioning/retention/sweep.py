"""Anonymizes people whose retention is over, in turns. The people are the queue: nothing else is stored."""

import time
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from printmgmt.audit.actors import system
from printmgmt.deprovisioning.exceptions import LeavingError
from printmgmt.deprovisioning.retention.anonymising import anonymise
from printmgmt.deprovisioning.retention.due import due_people
from printmgmt.people.models import PrintUser
from printmgmt.rounds import isolate_errors

BATCH: Final = 50
BUDGET: Final = 60.0
"""Seconds after which no further person is begun."""


def anonymise_due() -> int:
    """Anonymize people whose retention is over, until none is left or the budget is spent; return how many.

    Organizations take turns. May run in several processes at once: a person whom one of them has is skipped
    by the others. A worker that is killed leaves people either anonymized or untouched.
    """
    deadline = time.monotonic() + BUDGET
    done = 0
    turn = Window(RowNumber(), partition_by=F("organization"), order_by=["removed_at", "pk"])
    while True:
        due = due_people(timezone.now()).annotate(turn=turn).order_by("turn", "removed_at", "pk")
        before = done
        for pk in list(due.values_list("pk", flat=True)[:BATCH]):
            if time.monotonic() > deadline:
                return done
            with isolate_errors("anonymizing a person", person=str(pk)):
                done += _anonymise(pk)
        if done == before:
            return done


@transaction.atomic
def _anonymise(pk: UUID) -> bool:
    free = PrintUser.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
    person = free.filter(pk=pk, pk__in=due_people(timezone.now()).values("pk")).first()
    if person is None:
        return False
    try:
        return anonymise(person, by=system("retention"))
    except LeavingError:
        return False  # restored, or held, in the meantime
