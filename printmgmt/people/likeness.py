"""Rows that may stand for the same human."""

from django.db.models import Q

from printmgmt.people.models import PrintUser, PrintUserQuerySet


def others_of(person: PrintUser) -> PrintUserQuerySet:
    """Whom ``person`` could turn out to be: everybody else of the organization who stands for somebody."""
    others = PrintUser.objects.of(person.organization).unmerged().exclude(pk=person.pk)
    # Of two who were removed none can take the other in.
    return others.live() if person.removed_at else others


def likely_same(person: PrintUser) -> PrintUserQuerySet:
    """Those of `others_of` with the same name, e-mail, employee number or userName before the ``@``.

    Compared under `names.name_key`, as names are everywhere (ADR 9).
    """
    local = person.user_name_key.partition("@")[0]
    alike = Q(user_name_key=local) | Q(user_name_key__startswith=f"{local}@")
    for name in ("display_name_key", "work_email_key", "employee_number_key"):
        if value := getattr(person, name):
            alike |= Q(**{name: value})
    return others_of(person).filter(alike)
