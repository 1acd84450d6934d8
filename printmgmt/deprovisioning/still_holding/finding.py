"""Finds what people who left still hold, since when and why: six statements, however many people."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import BooleanField, Case, Count, Min, Q, Value, When
from django.utils import timezone

from printmgmt.deprovisioning.models import DeprovisionStep
from printmgmt.deprovisioning.steps.cancel_jobs import CancelJobs
from printmgmt.deprovisioning.steps.end_device_connections import EndDeviceConnections
from printmgmt.deprovisioning.steps.hold_jobs import HoldJobs
from printmgmt.deprovisioning.steps.on_print_servers.foreseen import STAYS_HELD
from printmgmt.deprovisioning.still_holding.reasons import Reason, Why, of_jobs, of_step
from printmgmt.deprovisioning.still_holding.things import (
    PRINTS,
    Kind,
    administrators_of_leavers,
    credentials_of_leavers,
    current_steps,
    devices_of_leavers,
    jobs_of_leavers,
)
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser


@dataclass(frozen=True)
class Holding:
    """Something that a person who left still holds.

    ``name`` is a card's last four digits, the name of a device or a print server, or an account's address;
    ``id`` is the id of the card, PIN, device, server or administrator. Jobs on one server for one reason are
    one holding: ``number`` of them, the oldest from ``since``.
    """

    person: UUID
    kind: Kind
    since: datetime
    reason: Reason
    name: str = ""
    id: object = None
    number: int = 1
    source: str = ""


Targets = Mapping[tuple[UUID, str], Mapping[str, DeprovisionStep]]
"""The steps of a person (or of a row merged with theirs) on a target, by name."""


def holdings_of(organization: Organization, people: Sequence[PrintUser]) -> dict[UUID, list[Holding]]:
    """Return what each of these people holds, what needs someone first. They have left, all of them."""
    if not people:
        return {}
    ids = [person.pk for person in people]
    merged = PrintUser.objects.filter(merged_into__in=ids).values_list("pk", "merged_into")
    owners = {pk: pk for pk in ids} | {pk: keep for pk, keep in merged if keep is not None}
    steps = _steps(owners)
    found: dict[UUID, list[Holding]] = defaultdict(list)
    for holdings in (
        _credentials(organization, ids),
        _devices(organization, ids, steps),
        _jobs(organization, owners, steps),
        _console(organization, people),
    ):
        for holding in holdings:
            found[holding.person].append(holding)
    for theirs in found.values():
        theirs.sort(key=lambda each: (not each.reason.why.needs_someone, each.since))
    return found


def _steps(owners: Mapping[UUID, UUID]) -> Targets:
    targets: dict[tuple[UUID, str], dict[str, DeprovisionStep]] = defaultdict(dict)
    for step in current_steps().filter(run__person__in=owners).select_related("run"):
        targets[step.run.person_id, step.target_id][step.name] = step
    return targets


def _credentials(organization: Organization, ids: list[UUID]) -> Iterator[Holding]:
    for row in credentials_of_leavers(organization).filter(person__in=ids).order_by("created_at"):
        yield Holding(
            row.person_id,
            Kind(row.kind),
            row.created_at,
            Reason(Why.NO_STEP),
            name=row.last4,
            id=row.pk,
            source=row.source,
        )


def _devices(organization: Organization, ids: list[UUID], steps: Targets) -> Iterator[Holding]:
    now = timezone.now()
    for row in devices_of_leavers(organization).filter(person__in=ids):
        step = steps.get((row.person_id, str(row.pk)), {}).get(EndDeviceConnections.name)
        reason = Reason(Why.NO_STEP) if row.revoked_at is None else of_step(step, now)
        yield Holding(row.person_id, Kind.DEVICE, row.enrolled_at, reason, name=row.name, id=row.pk)


def _jobs(organization: Organization, owners: Mapping[UUID, UUID], steps: Targets) -> Iterator[Holding]:
    now = timezone.now()
    jobs = jobs_of_leavers(organization).filter(person__in=owners)
    alike = jobs.annotate(stays=_flag(STAYS_HELD), prints=_flag(PRINTS)).values(
        "person", "server", "server__name", "server__paused_at", "server__user_name", "stays", "prints"
    )
    counted = alike.annotate(number=Count("pk"), oldest=Min("submitted_at"))
    for row in counted.order_by("oldest", "server__name"):
        reason = of_jobs(
            steps.get((row["person"], str(row["server"])), {}),
            hold=HoldJobs.name,
            cancel=CancelJobs.name,
            prints=row["prints"],
            stays=row["stays"],
            acts=row["server__paused_at"] is None and row["server__user_name"] != "",
            now=now,
        )
        yield Holding(
            owners[row["person"]],
            Kind.JOBS,
            row["oldest"],
            reason,
            name=row["server__name"],
            id=row["server"],
            number=row["number"],
        )


def _console(organization: Organization, people: Sequence[PrintUser]) -> Iterator[Holding]:
    at: dict[str, set[UUID]] = defaultdict(set)
    for person in people:
        for address in (person.user_name_key, person.work_email_key):
            at[address].add(person.pk)
    at.pop("", None)
    rows = administrators_of_leavers(organization).filter(account__email__in=at).select_related("account")
    for row in rows.order_by("created_at"):
        reason = Reason(Why.UNDECIDED if row.kept_by_run else Why.KEPT)
        for pk in at[row.account.email]:
            yield Holding(pk, Kind.CONSOLE, row.created_at, reason, name=row.account.email, id=row.pk)


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())
