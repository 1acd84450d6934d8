"""Ends the console access of people who leave, if the actor who ordered it may do that (ADR 17)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from printmgmt.audit.actors import Actor
from printmgmt.audit.models import ActorKind
from printmgmt.audit.services import record
from printmgmt.deprovisioning.chain import current_run
from printmgmt.deprovisioning.models import DeprovisionRun, Trigger
from printmgmt.organizations.leavers import (
    Leaving,
    administrators_at,
    ask_owners_about_return,
    follow_leaving,
)
from printmgmt.organizations.models import AccessEnd, Administrator, Organization
from printmgmt.organizations.permissions import ADMINISTER
from printmgmt.organizations.roles import Role
from printmgmt.people.addresses import addresses_of
from printmgmt.people.models import CONSOLE, PrintUser


def may_end_console_access(organization: Organization, by: Actor) -> bool:
    """Whether a leaving that ``by`` orders now also ends the person's console access.

    True for directories, for the host (its staff and commands) and for administrators who may end access. A
    stored order keeps the answer from when it was given (``ends_console_access`` of the actor).
    """
    if by.ends_console_access is not None:
        return by.ends_console_access
    if by.kind != ActorKind.ACCOUNT or by.source != CONSOLE:
        return True
    here = organization.administrators.active()
    return here.filter(account__pk=by.id, role__in=ADMINISTER).exists()


def end_console_access(person: PrintUser, run: DeprovisionRun, *, by: Actor) -> None:
    """End the leaver's console access if the run says so; otherwise mark it for the owners to decide."""
    leaving = Leaving(
        run=run.pk,
        how=_how_ended(person, run, by),
        by=by.label,
        source=by.source,
        may_end=run.ends_console_access,
        never=by.id if by.kind == ActorKind.ACCOUNT else "",
    )
    addresses = addresses_of(person)
    # A directory may not end access by an address that was typed in the console: owners decide.
    typed = addresses.intersection(person.typed_addresses) if by.kind == ActorKind.TOKEN else set()
    followed = follow_leaving(person.organization, addresses - typed, leaving)
    if typed:
        followed += follow_leaving(person.organization, typed, replace(leaving, may_end=False))
    for one in followed:
        verb = "access-ended" if one.ended else "last-owner-left" if one.last_owner else "access-kept"
        _audit(one.administrator, f"administrator.{verb}", run.pk, by)


def end_console_access_again(person: PrintUser, *, by: Actor) -> None:
    """End console access of a person who has left already, if ``by`` may end it and the run did not."""
    run = current_run(person)
    if run is None or not may_end_console_access(person.organization, by):
        return
    if not run.ends_console_access:
        run.ends_console_access = True
        run.save(update_fields=["ends_console_access"])
    end_console_access(person, run, by=by)


def ask_owners_to_restore_access(person: PrintUser, run_ids: list[UUID], *, by: Actor) -> None:
    """Ask the owners whether a person who is back gets the console access that these runs ended."""
    for administrator in ask_owners_about_return(person.organization, run_ids):
        _audit(administrator, "administrator.return-pending", run_ids[0], by)


@dataclass(frozen=True)
class AlsoAdministers:
    """An administrator with a person's address, and what a leaving ordered now would do to their access."""

    administrator: Administrator
    ends: bool
    is_own: bool
    last_owner: bool
    has_ended: bool


def also_administers(person: PrintUser, *, by: Administrator) -> Iterator[AlsoAdministers]:
    """Yield the administrators with one of the person's addresses, as if ``by`` ordered the leaving."""
    return _effects(administrators_at(by.organization, addresses_of(person)), by)


def administrators_among(people: QuerySet[PrintUser], *, by: Administrator) -> Iterator[AlsoAdministers]:
    """The same for many people of one organization."""
    names = people.filter(user_name_key=OuterRef("account__email"))
    mails = people.filter(work_email_key=OuterRef("account__email"))
    rows = Administrator.objects.filter(Exists(names) | Exists(mails), organization=by.organization_id)
    return _effects(rows.select_related("account").order_by("account__email"), by)


def _effects(rows: QuerySet[Administrator], by: Administrator) -> Iterator[AlsoAdministers]:
    may_end = by.role in ADMINISTER
    for row in rows:
        if not row.account.is_active:
            continue
        owns = row.role == Role.OWNER and row.disabled_at is None
        others = by.organization.administrators.active().filter(role=Role.OWNER).exclude(pk=row.pk)
        last_owner = owns and not others.exists()
        is_own = row.pk == by.pk
        ends = may_end and not is_own and not last_owner and row.disabled_at is None
        yield AlsoAdministers(row, ends, is_own, last_owner, has_ended=row.disabled_at is not None)


def _how_ended(person: PrintUser, run: DeprovisionRun, by: Actor) -> AccessEnd:
    if run.trigger == Trigger.REMOVED:
        return AccessEnd.REMOVED
    if person.blocked_at and by.kind != ActorKind.TOKEN:
        return AccessEnd.BLOCKED
    return AccessEnd.SUSPENDED


def _audit(administrator: Administrator, verb: str, run: UUID, by: Actor) -> None:
    record(
        administrator.organization,
        verb,
        by=by,
        object_type="administrator",
        object_id=administrator.pk,
        label=str(administrator.account),
        run=str(run),
    )
