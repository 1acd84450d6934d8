"""How far a sweep of the lists of a server is, and what all queues are certain to refuse until it ends.

A sweep of thousands of queues takes many attempts, and people leave and come back in the meantime. Each
queue is brought once in a sweep, to the names of that moment. Two bounds are noted: the names that all queues
refuse, and those that some may. When the last queue is reached, the bounds of the sweep are those of all; if
not all have the same names then, another sweep follows.
"""

from collections.abc import Callable
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from printmgmt.printing.models import QueueList, RefusedNames
from printmgmt.printing.queue_access.lists import Names
from printmgmt.printing.queue_access.rows import OUT_OF_DATE, digest_of

_UNFINISHED: Final = ("", OUT_OF_DATE)


@transaction.atomic
def begin(place: str, names: Names) -> int:
    """Begin a sweep, or go on with one, that writes these names; return its number.

    Noted before the first write: an attempt that dies leaves nothing promised, neither that queues are closed
    nor that they are open again.
    """
    row = _locked(place)
    if row.swept_at is not None or row.sweep == 0:
        row.sweep += 1
    if not QueueList.objects.filter(place=place, sweep=row.sweep).exists():
        row.sweep_names = row.sweep_perhaps = sorted(names)
    else:
        row.sweep_names = [name for name in row.sweep_names if name in names]
        row.sweep_perhaps = sorted({*row.sweep_perhaps, *names})
    row.perhaps = sorted({*row.perhaps, *row.names, *names})
    row.names = [name for name in row.names if name in names]
    row.swept_at = None
    row.save()
    return row.sweep


def is_reached(number: int, names: Names) -> Callable[[QueueList | None], bool]:
    """Return what tells whether a queue, by its row, has nothing to be done to it in the sweep.

    It was brought in this sweep, or to the same names before; or nothing is to be refused and it has no row.
    """
    digest = digest_of(names)

    def reached(row: QueueList | None) -> bool:
        if row is None:
            return not names
        return row.digest == digest or (row.sweep == number and row.digest not in _UNFINISHED)

    return reached


@transaction.atomic
def finish(place: str, names: Names) -> None:
    """Note that every queue was reached; ``names`` are those that the last attempt wrote."""
    row, digest = _locked(place), digest_of(names)
    rows = QueueList.objects.filter(place=place)
    behind = rows.exclude(digest=digest)
    if behind.exclude(Q(sweep=row.sweep) & ~Q(digest__in=_UNFINISHED)).exists():
        return  # someone had a list read again in the meantime: the sweep goes on there
    row.checked_at = timezone.now()
    if behind.exists():
        row.names, row.perhaps = row.sweep_names, row.sweep_perhaps
        row.sweep += 1
        row.save()
        return
    if not names:
        forget_rows_without_ours(place)
        if not rows.exists():
            row.delete()
            return
    row.names, row.perhaps, row.swept_at = sorted(names), [], row.checked_at
    row.sweep_names = row.sweep_perhaps = []
    row.save()


def forget_rows_without_ours(place: str) -> None:
    """Forget the queues in whose lists nothing is the console's any more."""
    QueueList.objects.filter(place=place, added=[], taken=[], sentinel=False).delete()


def _locked(place: str) -> RefusedNames:
    RefusedNames.objects.get_or_create(place=place)
    return RefusedNames.objects.select_for_update().get(place=place)
