"""Removes people who have been suspended for as long as the organization's policy says.

Microsoft Entra never deletes a person whom it unassigned first. Days are spans of 24 hours from the moment of
the suspension, so no time zone matters.
"""

import time
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from printmgmt.audit.actors import Actor, system
from printmgmt.deprovisioning.models import LeavingPolicy
from printmgmt.deprovisioning.policy import shown_policy
from printmgmt.deprovisioning.services import remove
from printmgmt.people.models import PersonState, PrintUser
from printmgmt.people.services import lock_person
from printmgmt.rounds import isolate_errors

SWEEP = "deprovisioning.long-suspended"

BUDGET = 20.0
"""Seconds after which a sweep removes nobody else: no worker is kept from single leavers' steps for long."""

TURN = 100

BY: Actor = system("suspended for long")


def removal_due(person: PrintUser, policy: LeavingPolicy) -> datetime | None:
    """Return when a person will be removed because they are suspended; None if they will not.

    Who is blocked in the console only, while the directory has them active, stays: the directory would create
    them again.
    """
    if policy.remove_after_days is None or not _may_go(person):
        return None
    return person.state_since + timedelta(days=policy.remove_after_days)


def due_for_removal(policy: LeavingPolicy, now: datetime) -> QuerySet[PrintUser]:
    """Return the people of a policy's organization who are suspended for as long as it says."""
    if policy.remove_after_days is None:
        return PrintUser.objects.none()
    long = now - timedelta(days=policy.remove_after_days)
    people = PrintUser.objects.filter(organization=policy.organization_id, state=PersonState.SUSPENDED)
    return people.filter(active=False, legal_hold=False, state_since__lte=long).order_by("state_since", "pk")


def remove_due() -> int:
    """Remove who is due in all organizations, in turns; return how many. Safe to run anywhere."""
    deadline = time.monotonic() + BUDGET
    removed = 0
    failed: set[UUID] = set()
    more = True
    while more:
        more = False
        for policy in _policies():
            due = due_for_removal(policy, timezone.now()).exclude(pk__in=failed)
            for pk in list(due.values_list("pk", flat=True)[:TURN]):
                if time.monotonic() > deadline:
                    return removed
                failed.add(pk)
                with isolate_errors("a removal after a long suspension", person=str(pk)):
                    removed += _remove(pk)
                    more = True
    return removed


@transaction.atomic
def _remove(pk: UUID) -> bool:
    person = PrintUser.objects.select_related("organization").get(pk=pk)
    lock_person(person)
    # Who came back in the meantime stays, and so does everyone once the rule is turned off.
    due = removal_due(person, shown_policy(person.organization))
    if due is None or due > timezone.now():
        return False
    remove(person, by=BY, by_rule=True)
    return True


def _policies() -> QuerySet[LeavingPolicy]:
    """Return the policy of each organization that has this rule."""
    versions = LeavingPolicy.objects.filter(organization=OuterRef("organization")).order_by("-version")
    newest = LeavingPolicy.objects.filter(version=Subquery(versions.values("version")[:1]))
    return newest.filter(remove_after_days__isnull=False).order_by("pk")


def _may_go(person: PrintUser) -> bool:
    return person.state == PersonState.SUSPENDED and not person.active and not person.legal_hold
