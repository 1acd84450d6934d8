"""The live things of people who may not print, as rows, and what of it nobody and nothing will end."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from django.db import models
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Replace
from django.utils.translation import gettext_lazy as _

from printmgmt.deprovisioning.models import DeprovisionStep, StepState
from printmgmt.deprovisioning.steps.cancel_jobs import CancelJobs
from printmgmt.deprovisioning.steps.end_device_connections import EndDeviceConnections
from printmgmt.deprovisioning.steps.hold_jobs import HoldJobs
from printmgmt.deprovisioning.steps.on_print_servers.foreseen import STAYS_HELD
from printmgmt.organizations.models import Administrator, Organization
from printmgmt.people.models import (
    LIVE_CREDENTIAL,
    Credential,
    CredentialKind,
    Device,
    PersonState,
    PrintUser,
)
from printmgmt.printing.models import IS_OPEN, WAITING, PrintJob


class Kind(models.TextChoices):
    """What a person can hold. A seat is none of it: only people who may print take one."""

    CARD = "card", _("Cards")
    PIN = "pin", _("PINs")
    DEVICE = "device", _("Devices")
    JOBS = "jobs", _("Print jobs")
    CONSOLE = "console", _("Console access")


STEP_NAMES: Final = (HoldJobs.name, CancelJobs.name, EndDeviceConnections.name)
"""The steps that end what is held."""

AHEAD: Final = (StepState.PENDING, StepState.WAITING)
"""States of a step that will still be performed, or waits for a decision about many people."""

OWNER: Final = Coalesce("person__merged_into", "person")
"""Whose a job is: merged people leave their jobs where they were."""

PRINTS: Final = ~Q(state__in=WAITING)
"""Jobs among the open ones that have begun to print, and may finish."""


def credentials_of_leavers(organization: Organization) -> QuerySet[Credential]:
    """Return cards and PINs that work although their person may not print."""
    rows = Credential.objects.filter(LIVE_CREDENTIAL, organization=organization)
    return rows.exclude(person__state=PersonState.ACTIVE)


def devices_of_leavers(organization: Organization) -> QuerySet[Device]:
    """Return devices of people who may not print that are not revoked, or still connected."""
    live = Q(revoked_at=None) | Q(connected_since__isnull=False)
    return Device.objects.filter(live, organization=organization).exclude(person__state=PersonState.ACTIVE)


def jobs_of_leavers(organization: Organization) -> QuerySet[PrintJob]:
    """Return the jobs of people who may not print that are not over."""
    jobs = PrintJob.objects.filter(IS_OPEN, organization=organization)
    active = PersonState.ACTIVE
    gone = ~Q(person__state=active) & (Q(person__merged_into=None) | ~Q(person__merged_into__state=active))
    return jobs.filter(gone, person__isnull=False)


def administrators_of_leavers(organization: Organization) -> QuerySet[Administrator]:
    """Return administrators with console access whose address no person has who may print."""
    here = PrintUser.objects.of(organization).filter(state=PersonState.ACTIVE)
    # Apart, so that each is found by its index.
    named = here.filter(user_name_key=OuterRef("account__email"))
    mailed = here.filter(work_email_key=OuterRef("account__email"))
    return organization.administrators.active().filter(~Exists(named), ~Exists(mailed))


def current_steps() -> QuerySet[DeprovisionStep]:
    """Return the steps of present absences that would end what is held."""
    return DeprovisionStep.objects.filter(name__in=STEP_NAMES, run__epoch=F("run__person__epoch"))


def without_step_ahead(organization: Organization) -> dict[Kind, QuerySet[Any]]:
    """Return, of each kind, the rows that need someone: no step will end them, or one failed.

    `reasons.py` says the same of single rows.
    """
    credentials = credentials_of_leavers(organization)
    stays = STAYS_HELD & ~_has(HoldJobs.name, "server_id", StepState.ATTENTION)
    planned = PRINTS | (stays & _has(CancelJobs.name, "server_id", *AHEAD))
    planned |= ~STAYS_HELD & _has(HoldJobs.name, "server_id", *AHEAD)
    ending = Q(revoked_at__isnull=False) & _has(EndDeviceConnections.name, "id", *AHEAD)
    return {
        Kind.CARD: credentials.filter(kind=CredentialKind.CARD),
        Kind.PIN: credentials.filter(kind=CredentialKind.PIN),
        Kind.DEVICE: devices_of_leavers(organization).exclude(ending),
        Kind.JOBS: jobs_of_leavers(organization).exclude(planned),
        Kind.CONSOLE: administrators_of_leavers(organization).filter(kept_by_run__isnull=False),
    }


def all_things(organization: Organization) -> dict[Kind, QuerySet[Any]]:
    """Return the live rows of each kind."""
    credentials = credentials_of_leavers(organization)
    return {
        Kind.CARD: credentials.filter(kind=CredentialKind.CARD),
        Kind.PIN: credentials.filter(kind=CredentialKind.PIN),
        Kind.DEVICE: devices_of_leavers(organization),
        Kind.JOBS: jobs_of_leavers(organization),
        Kind.CONSOLE: administrators_of_leavers(organization),
    }


def holders(kind: Kind, rows: QuerySet[Any]) -> Q:
    """Return which people hold one of these rows."""
    if kind == Kind.CONSOLE:
        addresses = rows.values("account__email")
        return Q(user_name_key__in=addresses) | Q(work_email_key__in=addresses)
    if kind == Kind.JOBS:
        return Q(pk__in=rows.order_by().annotate(owner=OWNER).values("owner"))
    return Q(pk__in=rows.order_by().values("person"))


def _has(name: str, target: str, *states: StepState) -> Q:
    """Whether a step of a row's person is in one of these states, with the row's ``target`` as its own.

    Targets are texts. SQLite stores an id without the hyphens that a text has.
    """
    own = _plain(Cast(OuterRef(target), CharField()))
    steps = current_steps().filter(run__person=OuterRef("person"), name=name, state__in=states)
    return Q(Exists(steps.annotate(own=_plain(F("target_id"))).filter(own=own)))


def _plain(text: Any) -> Replace:
    return Replace(text, Value("-"), Value(""))


Things = Callable[[Organization], dict[Kind, QuerySet[Any]]]


def people_holding(
    organization: Organization, things: Things = all_things, kinds: Iterable[Kind] = tuple(Kind)
) -> Q:
    """Return which people of an organization hold any of ``things``, of these kinds."""
    rows, found = things(organization), Q(pk__in=[])
    for kind in kinds:
        found |= holders(kind, rows[kind])
    return found & Q(merged_into=None) & ~Q(state=PersonState.ACTIVE)
