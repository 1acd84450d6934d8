"""The hints of an installation as pages, health and mails show them, and dismissing one."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from addons.models import Installation
from printmgmt.audit.actors import Actor
from printmgmt.audit.services import record
from printmgmt.people.models import PrintGroup
from scim_sync.models import Contact, MappingHints, ProvisioningEvent
from scim_sync.monitoring.hints.deciding import Found, groups_of
from scim_sync.monitoring.hints.kinds import HintKind
from scim_sync.monitoring.hints.words import Words, words_of

DISMISSED_FOR: Final = timedelta(days=30)
"""A dismissed hint comes back if the same is seen again after so long."""


@dataclass(frozen=True)
class ShownHint:
    """One hint; ``event`` and ``groups`` are examples, which only `with_examples` reads."""

    kind: HintKind
    found: Found
    dismissed_at: datetime | None = None
    event: ProvisioningEvent | None = None
    groups: list[PrintGroup] = field(default_factory=list)

    @property
    def is_dismissed(self) -> bool:
        """Whether it is dismissed, and not seen again since that ended."""
        if self.dismissed_at is None:
            return False
        ends = self.dismissed_at + DISMISSED_FOR
        return timezone.now() < ends or self.found.at <= ends

    @property
    def words(self) -> Words:
        return words_of(self.kind, self.found.sign)

    @property
    def saw(self) -> str:
        """What was seen, in a sentence."""
        return self.words.saw(self.found.count, self.found.since)


def hints_row(contact: Contact | None) -> MappingHints | None:
    """The row of a contact that was read with ``installation__mapping_hints``, if there is one."""
    return getattr(contact.installation, "mapping_hints", None) if contact else None


def shown_hints(row: MappingHints | None) -> list[ShownHint]:
    """All hints of a row, dismissed ones too, without a query; what leaves access comes first."""
    if row is None:
        return []
    dismissed = {kind: datetime.fromisoformat(at) for kind, at in row.dismissed.items()}
    return [
        ShownHint(kind, Found.read(row.found[kind]), dismissed.get(kind))
        for kind in HintKind
        if kind in row.found
    ]


def with_examples(hints: list[ShownHint], installation: Installation) -> list[ShownHint]:
    """The same hints with events that the log still has, and groups; a query each if there are any."""
    pks = [hint.found.event for hint in hints if hint.found.event]
    events = installation.events.only("installation", "at").in_bulk(pks) if pks else {}
    return [
        ShownHint(
            hint.kind,
            hint.found,
            hint.dismissed_at,
            events.get(hint.found.event or 0),
            groups_of(hint.found, installation),
        )
        for hint in hints
    ]


@transaction.atomic
def dismiss_hint(installation: Installation, kind: HintKind, *, by: Actor) -> bool:
    """Hide a hint for DISMISSED_FOR. Returns False if it is not there or was dismissed already."""
    row = MappingHints.objects.select_for_update(no_key=True).filter(installation=installation).first()
    hint = next((hint for hint in shown_hints(row) if hint.kind == kind), None)
    if row is None or hint is None or hint.is_dismissed:
        return False
    row.dismissed[kind.value] = timezone.now().isoformat()
    row.save(update_fields=["dismissed"])
    _record(installation, "hint.dismissed", hint, by)
    return True


@transaction.atomic
def show_hint_again(installation: Installation, kind: HintKind, *, by: Actor) -> bool:
    """Show a dismissed hint. Returns False if it is not there or not dismissed."""
    row = MappingHints.objects.select_for_update(no_key=True).filter(installation=installation).first()
    hint = next((hint for hint in shown_hints(row) if hint.kind == kind), None)
    if row is None or hint is None or not hint.is_dismissed:
        return False
    del row.dismissed[kind.value]
    row.save(update_fields=["dismissed"])
    _record(installation, "hint.shown", hint, by)
    return True


def _record(installation: Installation, verb: str, hint: ShownHint, by: Actor) -> None:
    record(
        installation.organization,
        verb,
        by=by,
        object_type="hint",
        object_id=installation.pk,
        label=str(hint.words.title),
        hint=hint.kind.value,
    )
