"""Verifies the audit trail of an organization."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from printmgmt.audit.chain import seal_of
from printmgmt.audit.models import BEGINNING, AuditChain, AuditEvent
from printmgmt.audit.services import details_digest
from printmgmt.organizations.models import Organization

CHUNK = 1_000


def problems(organization: Organization) -> Iterator[str]:
    """Yield a sentence for each event that was changed or removed after it was sealed, or whose details
    (unless erased) were changed.

    Sealed events are checked in order, each against the stored seal before it, so that only a changed event
    is reported. Of events that are not sealed yet, the details are checked. Someone who can rewrite the whole
    table could compute a new chain: compare its end with the log lines "audit sealed".
    """
    sequence, seal = 0, BEGINNING
    events = AuditEvent.objects.filter(organization=organization)
    for event in events.filter(sequence__isnull=False).order_by("sequence").iterator(chunk_size=CHUNK):
        if event.sequence is None or event.sealed_at is None or event.seal is None:
            continue  # a constraint allows all three or none
        if event.sequence != sequence + 1:
            yield _missing(sequence + 1, event.sequence - 1)
        elif event.seal != seal_of(seal, event, sequence=event.sequence, sealed_at=event.sealed_at):
            yield _("Event %(id)d (number %(sequence)d) was changed after it was sealed.") % {
                "id": event.pk,
                "sequence": event.sequence,
            }
        yield from _wrong_details(event)
        sequence, seal = event.sequence, event.seal
    chain = AuditChain.objects.filter(organization=organization).first()
    end = (chain.sequence, chain.seal) if chain else (0, BEGINNING)
    if end[0] > sequence:
        yield _missing(sequence + 1, end[0])
    elif end != (sequence, seal):
        yield _("The chain ends with number %(sequence)d, but a different end was recorded.") % {
            "sequence": sequence
        }
    for event in events.filter(sequence__isnull=True).order_by("id").iterator(chunk_size=CHUNK):
        yield from _wrong_details(event)


def _wrong_details(event: AuditEvent) -> Iterator[str]:
    if event.details is None or event.salt is None:
        return
    if details_digest(bytes(event.salt), event.erasable) != event.digest:
        yield _("The details of event %(id)d differ from those that were written.") % {"id": event.pk}


def _missing(first: int, last: int) -> str:
    if first == last:
        return _("The event with number %(sequence)d was removed.") % {"sequence": first}
    return _("The events with the numbers %(first)d to %(last)d were removed.") % {
        "first": first,
        "last": last,
    }
