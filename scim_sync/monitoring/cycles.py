"""What the directory did in the running cycle, in the last one, and in the last full one."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from addons.models import Installation
from printmgmt.people.models import LIVE_STATES
from scim_sync.models import Action, Contact, ProvisioningEvent, Result, ScimUser, Visit
from scim_sync.monitoring.contact import SILENCE

DONE = Q(result__in=[Result.OK, Result.WARNING])
COUNTS = {
    "created": DONE & Q(action__in=[Action.CREATE, Action.LINK, Action.REATTACH]),
    "updated": DONE & Q(action__in=[Action.UPDATE, Action.REACTIVATE]),
    "left": DONE & Q(action__in=[Action.SUSPEND, Action.REMOVE]),
    "unchanged": Q(result=Result.UNCHANGED),
}

LINES = {
    "began_at": _("Started"),
    "created": _("Created or linked"),
    "updated": _("Changed"),
    "left": _("Suspended or removed"),
    "unchanged": _("No change"),
    "refused": _("Rejected"),
    "reads": _("Lookups"),
    "throttled": _("Too fast, asked to retry"),
}
NOT_IF_NONE = {"throttled"}
"""Lines that are shown only if there is something to count."""

AT_ONCE = 100
"""Cycles counted in one round of maintenance; Entra makes one about every 40 minutes."""


@dataclass(frozen=True)
class Row:
    """A line of the table: what is counted, and the numbers."""

    label: str | Promise
    cells: list[datetime | int]


@dataclass(frozen=True)
class Cycles:
    """``running`` is None after a silence; ``full`` is None if it is one of the other two."""

    running: Visit | None
    last: Visit | None
    full: Visit | None
    last_is_full: bool

    @property
    def shown(self) -> list[Visit]:
        """The cycles to show, from left to right."""
        return [visit for visit in (self.running, self.last, self.full) if visit]

    @property
    def rows(self) -> list[Row]:
        """The lines of the table; the first is when each cycle began."""
        rows = {
            name: Row(label, [getattr(visit, name) for visit in self.shown]) for name, label in LINES.items()
        }
        return [row for name, row in rows.items() if name not in NOT_IF_NONE or any(row.cells)]


def cycles_of(installation: Installation, contact: Contact | None) -> Cycles:
    """The cycles of an installation, in seven queries at most. ``contact`` is its contact, if any."""
    newest: list[Visit] = list(installation.visits.order_by("-began_at", "-id")[:2])
    running = newest.pop(0) if newest and not _is_over(contact) else None
    last = newest[0] if newest else None
    ends = running.began_at if running and last else None
    full = Visit.objects.filter(installation=installation).full().order_by("-began_at").first()
    if running:
        _count(running, None)
    if last and last.people is None:
        _count(last, ends)
    return Cycles(running, last, None if full == last else full, last is not None and full == last)


def count_cycles(installation: Installation) -> None:
    """Count each finished cycle once, and store the numbers."""
    visits = list(installation.visits.filter(people__isnull=True).order_by("began_at", "id")[: AT_ONCE + 1])
    ends: list[datetime | None] = [visit.began_at for visit in visits[1:]]
    if len(visits) <= AT_ONCE and _is_over(Contact.objects.filter(installation=installation).first()):
        ends.append(None)
    linked = ScimUser.objects.linking().filter(installation=installation, person__state__in=LIVE_STATES)
    # One end less than visits while the newest still runs.
    for visit, end in zip(visits, ends, strict=False):
        _count(visit, end)
        visit.people = linked.count()
        # Not ``reads``: a web process may add the last ones even now.
        visit.save(update_fields=[*COUNTS, "refused", "people"])


def _is_over(contact: Contact | None) -> bool:
    return contact is None or timezone.now() - contact.last_at >= SILENCE


def _count(visit: Visit, until: datetime | None) -> None:
    events = ProvisioningEvent.objects.filter(installation=visit.installation_id)
    done = events.filter(at__gte=visit.began_at)
    refused = events.counted().filter(counter__at__gte=visit.began_at).exclude(action=Action.SIGN_IN)
    if until is not None:
        done, refused = done.filter(at__lt=until), refused.filter(counter__at__lt=until)
    found = done.aggregate(**{name: Count("pk", filter=kind) for name, kind in COUNTS.items()})
    for name, number in found.items():
        setattr(visit, name, number)
    visit.refused = refused.count()  # different refusals, not requests: repetitions share a row
