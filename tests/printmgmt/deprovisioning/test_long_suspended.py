"""People suspended for as long as the policy says are removed, and nobody else."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from printmgmt.audit.actors import Actor
from printmgmt.audit.models import ActorKind, AuditEvent
from printmgmt.deprovisioning import long_suspended
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.breaker.judging import judge_due
from printmgmt.deprovisioning.long_suspended import removal_due, remove_due
from printmgmt.deprovisioning.models import LeavingPolicy
from printmgmt.deprovisioning.policy import change_policy, shown_policy
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PersonState, PrintUser
from tests import factories
from tests.printmgmt.deprovisioning.breaker.waves import batch_of, crowd, runs_by_state

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

DAYS = 90
DIRECTORY = Actor(kind=ActorKind.TOKEN, label="SCIM", source="scim")


@pytest.fixture
def contoso(db: None) -> Organization:
    """With the rule on."""
    organization = factories.organization("Contoso")
    change_policy(organization, {"remove_after_days": DAYS}, by=factories.TESTER)
    return organization


@pytest.fixture(autouse=True)
def _time_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a sweep leaves to the next after twenty seconds is not the point here, nor on a busy machine."""
    monkeypatch.setattr(long_suspended, "BUDGET", 3_600.0)


def suspended(of: Organization, name: str = "ada") -> PrintUser:
    person = factories.person(of, f"{name}@contoso.example", by=DIRECTORY)
    leaving.suspend(person, by=DIRECTORY)
    return person


def after(**span: int) -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(**span), tick=False)


def state_of(person: PrintUser) -> str:
    return PrintUser.objects.get(pk=person.pk).state


def test_a_person_is_removed_when_the_days_are_over_and_not_before(contoso: Organization) -> None:
    ada = suspended(contoso)

    with after(days=DAYS, minutes=-5):
        assert remove_due() == 0
    assert state_of(ada) == PersonState.SUSPENDED
    with after(days=DAYS, minutes=5):
        assert remove_due() == 1

    assert state_of(ada) == PersonState.REMOVED
    assert AuditEvent.objects.filter(verb="person.removed", object_id=str(ada.pk)).count() == 1


def test_pages_can_say_when(contoso: Organization) -> None:
    ada = suspended(contoso)

    assert removal_due(ada, shown_policy(contoso)) == ada.state_since + timedelta(days=DAYS)
    assert removal_due(factories.person(contoso), shown_policy(contoso)) is None


def test_these_people_stay(contoso: Organization) -> None:
    """On legal hold, allowed by the console, back, or blocked by the console alone."""
    held, allowed, back = (suspended(contoso, name) for name in ("held", "allowed", "back"))
    PrintUser.objects.filter(pk=held.pk).update(legal_hold=True)
    leaving.restore(allowed, by=factories.TESTER)
    leaving.reactivate(back, by=DIRECTORY)
    blocked = factories.person(contoso, "blocked@contoso.example", by=DIRECTORY)
    leaving.block(blocked, by=factories.TESTER)

    with after(days=DAYS + 1):
        assert remove_due() == 0

    assert [state_of(one) for one in (held, allowed, back, blocked)] == [
        PersonState.SUSPENDED,
        PersonState.ACTIVE,
        PersonState.ACTIVE,
        PersonState.SUSPENDED,
    ]


def test_the_newest_policy_of_each_organization_applies(contoso: Organization) -> None:
    fabrikam = factories.organization("Fabrikam")
    ada, grace = suspended(contoso), suspended(fabrikam)
    change_policy(contoso, {"remove_after_days": None}, by=factories.TESTER)

    with after(days=DAYS + 1):
        assert remove_due() == 0
        change_policy(fabrikam, {"remove_after_days": DAYS}, by=factories.TESTER)
        assert remove_due() == 1

    assert (state_of(ada), state_of(grace)) == (PersonState.SUSPENDED, PersonState.REMOVED)


def test_many_removed_by_the_rule_wait_for_a_decision(contoso: Organization) -> None:
    """Their access ended long ago, one by one; that their cards go at once is new."""
    start = timezone.now()
    for number, person in enumerate(crowd(contoso, 60)[:25]):
        with time_machine.travel(start + timedelta(hours=2 * number), tick=False):
            leaving.suspend(person, by=DIRECTORY)
            judge_due()
    assert batch_of(contoso) is None

    with after(days=DAYS + 5):
        assert remove_due() == 25
        judge_due()

        batch = batch_of(contoso)
        assert batch is not None
        assert runs_by_state(contoso)["waiting"] == 25


def test_a_policy_without_the_rule_removes_nobody(contoso: Organization) -> None:
    suspended(contoso)
    LeavingPolicy.objects.update(remove_after_days=None)

    with after(days=3_650):
        assert remove_due() == 0
