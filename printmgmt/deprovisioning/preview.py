"""What a leaving would do to some people, counted before anyone orders it; no server is asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min, Q, QuerySet
from django.utils.functional import cached_property

from printmgmt.deprovisioning.console_access import administrators_among
from printmgmt.deprovisioning.foreseen import Effect, Foreseen, Plan
from printmgmt.deprovisioning.models import LeavingPolicy, Trigger
from printmgmt.deprovisioning.policy import shown_policy
from printmgmt.deprovisioning.steps import STEPS
from printmgmt.organizations.models import Administrator
from printmgmt.people.models import (
    LIVE_CREDENTIAL,
    LIVE_STATES,
    Credential,
    CredentialKind,
    Device,
    PersonState,
    PrintUser,
)
from printmgmt.printing.models import ServerRound


@dataclass(frozen=True)
class Total:
    """How many rows of all the people an effect changes, and how many days after the leaving."""

    effect: Effect
    number: int
    days: int


@dataclass(frozen=True)
class LeavingPreview:
    """A leaving of ``people``: those of the people asked about whom it would change.

    ``people`` is a query whose rows know the number of each effect (`Effect.number`): read as many of them
    as you show. All totals cost one statement for each effect, however many people there are.
    """

    plan: Plan
    people: QuerySet[PrintUser]
    foreseen: tuple[Foreseen, ...]

    @property
    def effects(self) -> list[Effect]:
        """The effects in the order of their columns."""
        return [each.effect for each in self.foreseen]

    @cached_property
    def number(self) -> int:
        """How many people would leave."""
        return self.people.count()

    @cached_property
    def totals(self) -> list[Total]:
        """The numbers of all people together."""
        return [Total(each.effect, each.of(self.people), each.days) for each in self.foreseen]

    @cached_property
    def read_at(self) -> datetime | None:
        """When the jobs were read of the server that was read longest ago; None: never, or there is none."""
        rounds = ServerRound.objects.filter(organization=self.plan.organization, server__paused_at=None)
        rounds = rounds.filter(server__removed_at=None).exclude(server__user_name="")
        read: datetime | None = rounds.aggregate(first=Min("jobs_read_at"))["first"]
        return read


def preview_leaving(
    people: QuerySet[PrintUser], trigger: Trigger, *, by: Administrator, policy: LeavingPolicy | None = None
) -> LeavingPreview:
    """Return what would happen if ``by`` ordered a leaving of ``people``, a query of their organization.

    People who have no access any more are left out, unless they would be removed and are not yet. ``policy``
    is another one than that of the organization, also one that is not saved.
    """
    plan = Plan(by.organization, trigger, policy or shown_policy(by.organization))
    before = (PersonState.ACTIVE,) if trigger == Trigger.SUSPENDED else LIVE_STATES
    leaving = people.filter(organization=by.organization, state__in=before)
    foreseen = sorted(
        [*_cut(plan), *_access(leaving, by), *_steps(plan)], key=lambda each: list(Effect).index(each.effect)
    )
    numbers = {each.effect.column: each.for_each() for each in foreseen}
    return LeavingPreview(plan, leaving.annotate(**numbers), tuple(foreseen))


def effects_of(plan: Plan) -> list[Effect]:
    """Return what is counted for any people, in the order of columns. No statement."""
    known = {each.effect for each in (*_cut(plan), *_steps(plan))} | {Effect.CONSOLE}
    return [effect for effect in Effect if effect in known]


def _cut(plan: Plan) -> Iterator[Foreseen]:
    """What ends in the transaction of the leaving."""
    credentials = Credential.objects.filter(LIVE_CREDENTIAL, organization=plan.organization)
    yield Foreseen(Effect.CARDS, credentials.filter(kind=CredentialKind.CARD))
    yield Foreseen(Effect.PINS, credentials.filter(kind=CredentialKind.PIN))
    yield Foreseen(Effect.DEVICES, Device.objects.filter(organization=plan.organization, revoked_at=None))
    active = PrintUser.objects.of(plan.organization).filter(state=PersonState.ACTIVE)
    yield Foreseen(Effect.SEATS, active, person="pk")


def _access(people: QuerySet[PrintUser], by: Administrator) -> Iterator[Foreseen]:
    """Administrators are few: which of them lose access is decided here, and looked up by address."""
    ending = {one.administrator.account.email for one in administrators_among(people, by=by) if one.ends}
    everyone = PrintUser.objects.of(by.organization)
    named = everyone.filter(Q(user_name_key__in=ending) | Q(work_email_key__in=ending))
    yield Foreseen(Effect.CONSOLE, named if ending else everyone.none(), person="pk")


def _steps(plan: Plan) -> Iterator[Foreseen]:
    for step in STEPS:
        if plan.trigger in step.triggers:
            yield from step.preview(plan)
