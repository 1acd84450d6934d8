"""Reads what is new in the log, once, and keeps what it says of the mapping."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from addons.models import Installation
from printmgmt.deprovisioning.models import DeprovisionRun
from scim_sync.models import Action, Contact, MappingHints, ProvisioningEvent
from scim_sync.monitoring.contact import SILENCE, WRITE_EVERY
from scim_sync.monitoring.hints.deciding import decide
from scim_sync.monitoring.hints.evidence import Evidence
from scim_sync.monitoring.hints.groups import note_group
from scim_sync.monitoring.hints.mails import mail_hint
from scim_sync.monitoring.hints.people import note_person
from scim_sync.monitoring.hints.shown import shown_hints
from scim_sync.preferences import preferences_of

SETTLED: Final = timedelta(minutes=2)
"""Events are read once no request can add an older one."""

STEP: Final = 200
MOST_STEPS: Final = 25
"""Events read in one statement, and statements in one round; the next round is five minutes later."""

AT_LEAST_EVERY: Final = timedelta(days=1)
READ: Final = ("action", "result", "method", "path", "changes", "detail", "reasons", "at")


def look_for_hints(installation: Installation) -> None:
    """Read new events of an installation and decide which hints hold; one query if nothing is new.

    While a sync runs nothing is decided: its groups may be here, its members not yet.
    """
    now = timezone.now()
    contact = (
        Contact.objects.filter(installation=installation)
        .select_related("installation__mapping_hints")
        .first()
    )
    if contact is None or not _is_due(contact, now):
        return
    with transaction.atomic():
        MappingHints.objects.get_or_create(installation=installation)
        row = MappingHints.objects.select_for_update(of=("self",), no_key=True).get(installation=installation)
        replace_adds = preferences_of(installation).replace_adds
        is_all = _read(row, now, replace_adds=replace_adds)
        row.looked_at = now if is_all else None
        if is_all and now - contact.last_at >= SILENCE:
            found = decide(installation, Evidence(row.evidence), now, replace_adds=replace_adds)
            row.found = {kind.value: hint.as_json() for kind, hint in found.items()}
        row.save(update_fields=["read_at", "read_id", "looked_at", "evidence", "found"])
        row.installation = installation
        for hint in shown_hints(row):
            if hint.kind.leaves_access and not hint.is_dismissed:
                mail_hint(installation, hint.kind)


def _is_due(contact: Contact, now: datetime) -> bool:
    row: MappingHints | None = getattr(contact.installation, "mapping_hints", None)
    if row is None or row.looked_at is None or row.looked_at <= now - AT_LEAST_EVERY:
        return True
    # What was written before ``looked_at`` and had not settled then is due; so is the end of its sync.
    newest = max(contact.last_at, (contact.last_write_at or contact.last_at) + WRITE_EVERY)
    return row.looked_at <= newest + max(SETTLED, SILENCE)


def _read(row: MappingHints, now: datetime, *, replace_adds: bool) -> bool:
    """Note what new events show. Returns whether those were all."""
    evidence = Evidence(row.evidence)
    for _step in range(MOST_STEPS):
        events = list(_new(row, now)[:STEP])
        for event in events:
            if event.is_of_group:
                note_group(event, evidence, replace_adds=replace_adds)
            else:
                note_person(event, evidence, ended_access=event.ended_access)
            row.read_at, row.read_id = event.at, event.pk
        if len(events) < STEP:
            return True
    return False


def _new(row: MappingHints, now: datetime) -> QuerySet[Any]:
    """New events, the oldest first; ``ended_access`` says whether the person could print until then."""
    events = ProvisioningEvent.objects.filter(installation=row.installation_id, at__lt=now - SETTLED)
    if row.read_at is not None:
        events = events.filter(Q(at__gt=row.read_at) | Q(id__gt=row.read_id), at__gte=row.read_at)
    runs = DeprovisionRun.objects.filter(person=OuterRef("person"), request_id=OuterRef("request_id"))
    events = events.exclude(action=Action.SIGN_IN).annotate(ended_access=Exists(runs.filter(had_access=True)))
    return events.select_related("body").only(*READ, "body__request").order_by("at", "id")
