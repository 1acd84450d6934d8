"""Rows that may stand for the same human."""

from django.db.models import Q

from printmgmt.people.attributes import ATTRIBUTES
from printmgmt.people.models import PrintUser, PrintUserQuerySet


def others_of(person: PrintUser) -> PrintUserQuerySet:
    """Whom ``person`` could turn out to be: everybody else of the organization who stands for somebody."""
    others = PrintUser.objects.of(person.organization).unmerged().exclude(pk=person.pk)
    # Of two who were removed none can take the other in.
    return others.live() if person.removed_at else others


def likely_same(person: PrintUser) -> PrintUserQuerySet:
    """Those of `others_of` with the same userName before the ``@``, or the same of what `identifies` people.

    Compared under `names.name_key`, as names are everywhere (ADR 9).
    """
    local = person.user_name_key.partition("@")[0]
    alike = Q(user_name_key=local) | Q(user_name_key__startswith=f"{local}@")
    for attribute in ATTRIBUTES:
        key = getattr(person, attribute.key_column)
        if attribute.identifies and key:
            alike |= Q(**{attribute.key_column: key})
    return others_of(person).filter(alike)
