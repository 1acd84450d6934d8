"""The sweep: bounded in each turn, in statements for each person, and fair to organizations."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.retention import sweep
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PersonState, PrintUser
from printmgmt.people.services import update_person
from tests import factories
from tests.due import perform_due

pytestmark = pytest.mark.django_db

BY = factories.TESTER

EACH = 33
"""Statements for one person, whatever there is about them."""


def gone(of: Organization, number: int) -> list[PrintUser]:
    """So many people of an organization, removed, each with two names."""
    people = [factories.person(of) for _each in range(number)]
    for person in people:
        update_person(person, {"user_name": f"new.{person.user_name}"}, by=BY)
        leaving.remove(person, by=BY)
    perform_due()
    return people


def years_later() -> Any:
    return time_machine.travel(timezone.now() + timedelta(days=400), tick=True)


def statements(number: int) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert sweep.anonymise_due() == number
    return len(captured)


def test_each_person_costs_the_same_however_many_there_are(contoso: Organization) -> None:
    gone(contoso, 1)
    with years_later():
        perform_due()
        one = statements(1)
    gone(contoso, 4)
    with years_later():
        perform_due()
        four = statements(4)

    assert (four - one) / 3 == EACH


def test_a_turn_begins_nobody_after_its_budget(
    contoso: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone(contoso, 3)
    with years_later():
        perform_due()
        with monkeypatch.context() as spent:
            spent.setattr(sweep, "BUDGET", -1.0)
            assert sweep.anonymise_due() == 0
        assert sweep.anonymise_due() == 3


def test_organizations_take_turns(contoso: Organization, monkeypatch: pytest.MonkeyPatch) -> None:
    many, few = gone(contoso, 4), gone(factories.organization("Fabrikam"), 1)
    order: list[PrintUser] = []
    erase = sweep.anonymise

    def noted(person: PrintUser, **more: Any) -> bool:
        order.append(person)
        return erase(person, **more)

    monkeypatch.setattr(sweep, "anonymise", noted)
    with years_later():
        perform_due()
        assert sweep.anonymise_due() == 5

    assert few[0] in order[:2]
    assert PrintUser.objects.filter(state=PersonState.ANONYMISED).count() == len(many) + len(few)
