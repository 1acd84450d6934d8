"""What is announced: when someone is removed or anonymized by itself, and how many soon."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.long_suspended import remove_due
from printmgmt.deprovisioning.models import LeavingPolicy
from printmgmt.deprovisioning.policy import change_policy, shown_policy
from printmgmt.deprovisioning.retention.coming import Coming, coming_to, coming_up
from printmgmt.deprovisioning.retention.sweep import anonymise_due
from printmgmt.organizations.models import Organization
from printmgmt.people.legal_hold import set_legal_hold
from printmgmt.people.models import PersonState, PrintUser
from tests import factories
from tests.due import perform_due

pytestmark = pytest.mark.django_db

BY = factories.TESTER


@pytest.fixture
def policy(contoso: Organization) -> LeavingPolicy:
    change_policy(contoso, {"remove_after_days": 40, "retention_days": 50}, by=BY)
    return shown_policy(contoso)


def _suspended(of: Organization) -> PrintUser:
    person = factories.person(of)
    leaving.suspend(person, by=BY)
    return person


def _removed(of: Organization) -> PrintUser:
    person = factories.person(of)
    leaving.remove(person, by=BY)
    return person


def _later(**span: float) -> Any:
    return time_machine.travel(timezone.now() + timedelta(**span), tick=True)


def test_what_is_announced_happens_then_and_not_before(contoso: Organization, policy: LeavingPolicy) -> None:
    suspended, removed = _suspended(contoso), _removed(contoso)

    assert coming_to(suspended, policy) == Coming(removed_at=suspended.state_since + timedelta(days=40))
    assert removed.removed_at is not None
    assert coming_to(removed, policy) == Coming(anonymised_at=removed.removed_at + timedelta(days=50))
    with _later(days=40, minutes=-1):
        perform_due()
        assert remove_due() == 0
    with _later(days=40, minutes=1):
        assert remove_due() == 1
    with _later(days=50, minutes=-1):
        assert anonymise_due() == 0
    with _later(days=50, minutes=1):
        perform_due()
        assert anonymise_due() == 1


def test_nothing_is_announced_for_who_is_here_held_merged_or_gone(
    contoso: Organization, policy: LeavingPolicy
) -> None:
    active, held, gone = factories.person(contoso), _removed(contoso), _removed(contoso)
    set_legal_hold(held, reason="Case", by=BY)
    with _later(days=51):
        perform_due()
        anonymise_due()
    gone.refresh_from_db()

    assert gone.state == PersonState.ANONYMISED
    assert [coming_to(person, policy) for person in (active, held, gone)] == [Coming()] * 3


def test_the_next_thirty_days_are_counted_in_one_query(
    contoso: Organization, policy: LeavingPolicy, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _each in range(3):
        _suspended(contoso)
    _removed(contoso)
    set_legal_hold(_removed(contoso), reason="Case", by=BY)
    _removed(factories.organization("Fabrikam"))

    with django_assert_num_queries(1):
        now = coming_up(policy)
    with _later(days=11):
        suspended_soon = coming_up(policy)
    with _later(days=21):
        both = coming_up(policy)

    assert (now.days, now.removed, now.anonymised, bool(now)) == (30, 0, 0, False)
    assert (suspended_soon.removed, suspended_soon.anonymised) == (3, 0)
    assert (both.removed, both.anonymised) == (3, 1)


def test_without_the_rule_nobody_suspended_is_announced(contoso: Organization) -> None:
    person = _suspended(contoso)
    policy = shown_policy(contoso)

    with _later(days=900):
        assert coming_to(person, policy) == Coming()
        assert not coming_up(policy)
