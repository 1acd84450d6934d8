"""Erases the personal part of receipts. Their signatures stay valid."""

from collections.abc import Collection
from uuid import UUID

from printmgmt.deprovisioning.models import Receipt


def erase_personal(people: Collection[UUID]) -> int:
    """Erase names, mail and salt from all receipts of people, named by their ids; return from how many.

    Without the salt nobody can try names against the digest in the signed body. Call it in the transaction
    that anonymises the people, with them locked, so that no later version brings the names back.
    """
    kept = Receipt.objects.filter(run__person__in=people, personal__isnull=False)
    return kept.update(personal=None, salt=None)
