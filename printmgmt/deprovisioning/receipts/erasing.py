"""Erases the personal part of receipts. Their signatures stay valid."""

from printmgmt.deprovisioning.models import Receipt
from printmgmt.people.models import PrintUser


def erase_personal(person: PrintUser) -> int:
    """Erase names, mail and salt from all receipts of a person; return from how many.

    Without the salt nobody can try names against the digest in the signed body. Call it in the transaction
    that anonymises the person, with the person locked, so that no later version brings the names back.
    """
    kept = Receipt.objects.filter(run__person=person.pk, personal__isnull=False)
    return kept.update(personal=None, salt=None)
