"""Gives what a person has from one source to another: when another directory manages them from now on."""

from django.db.models import F
from django.utils import timezone

from printmgmt.people.models import Credential, PrintAlias, PrintUser, ReviewItem, ReviewKind, ReviewState


def change_owner(person: PrintUser, source: str) -> None:
    """Make ``source`` the owner of a person and of the names, cards and PINs that the former owner sent.

    So its next card replaces the present one. Open questions about the person go along, except those for the
    person themselves. Groups keep their members: a group stays its directory's. Call with the person locked.
    """
    former = person.source
    for model in (PrintAlias, Credential):
        model._default_manager.filter(person=person, source=former).update(source=source)
    asked = ReviewItem.objects.filter(person=person, source=former, state=ReviewState.OPEN)
    asked.filter(kind__in=[ReviewKind.CARD_HELD, ReviewKind.REHIRE]).update(source=source)
    person.source, person.updated_at = source, timezone.now()
    PrintUser.objects.filter(pk=person.pk).update(
        source=source, updated_at=person.updated_at, version=F("version") + 1
    )
