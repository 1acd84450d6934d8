"""Finds people who may be duplicates of a person."""

from django.db.models import Q

from printmgmt.people.attributes import ATTRIBUTES
from printmgmt.people.models import PrintUser, PrintUserQuerySet


def merge_candidates(person: PrintUser) -> PrintUserQuerySet:
    """Return everyone else of the organization with whom ``person`` can be merged."""
    others = PrintUser.objects.of(person.organization).unmerged().exclude(pk=person.pk)
    # Two removed people cannot be merged.
    return others.live() if person.removed_at else others


def likely_duplicates(person: PrintUser) -> PrintUserQuerySet:
    """Return the `merge_candidates` with the same userName before the ``@`` or the same identifying text.

    Compared by `names.name_key`, as names are everywhere (ADR 9).
    """
    local = person.user_name_key.partition("@")[0]
    alike = Q(user_name_key=local) | Q(user_name_key__startswith=f"{local}@")
    for attribute in ATTRIBUTES:
        key = getattr(person, attribute.key_column)
        if attribute.identifies and key:
            alike |= Q(**{attribute.key_column: key})
    return merge_candidates(person).filter(alike)
