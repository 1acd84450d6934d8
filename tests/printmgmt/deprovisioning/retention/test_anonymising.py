"""Anonymizing removed people: what goes, what stays, and what prevents it."""

import base64
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from django.apps import apps
from django.utils import timezone

from printmgmt.audit.models import AuditEvent
from printmgmt.audit.sealer import seal_due
from printmgmt.audit.verify import problems
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.exceptions import GraceOver, OnLegalHold, StillKept
from printmgmt.deprovisioning.models import DeprovisionRun
from printmgmt.deprovisioning.policy import change_policy
from printmgmt.deprovisioning.retention.anonymising import anonymise
from printmgmt.deprovisioning.retention.sweep import anonymise_due
from printmgmt.organizations.models import Organization
from printmgmt.people.credentials import set_card
from printmgmt.people.devices import enrol_device
from printmgmt.people.legal_hold import lift_legal_hold, set_legal_hold
from printmgmt.people.models import PersonState, PrintUser
from printmgmt.people.services import create_person, update_person
from printmgmt.printing.models import JobState, PrintJob, PrintServer
from tests import factories
from tests.due import perform_due

BY = factories.TESTER
VALUES = ("zyxwvut", "Zoë Quaxbert", "qqdept77", "EMP-990817", "Severance-Qx.pdf", "LAPTOP-QX77", "7Q7Q9Z9Z")


def _person(organization: Organization) -> PrintUser:
    person = create_person(
        organization,
        by=BY,
        user_name="zyxwvut.old@contoso.example",
        display_name="Zoë Quaxbert",
        work_email="zyxwvut@contoso.example",
        department="qqdept77",
        employee_number="EMP-990817",
    )
    update_person(person, {"user_name": "zyxwvut@contoso.example"}, by=BY)
    set_card(person, "7Q7Q9Z9Z", by=BY)
    enrol_device(person, "LAPTOP-QX77", by=BY)
    server = PrintServer.objects.create(organization=organization, name="print", uri="ipp://print.example/")
    for number, owner in ((1, person), (2, None)):
        PrintJob.objects.create(
            organization=organization,
            server=server,
            remote_id=number,
            owner_text="zyxwvut@contoso.example",
            owner_key="zyxwvut@contoso.example",
            person=owner,
            title="Severance-Qx.pdf",
            state=JobState.COMPLETED,
            impressions=7,
            submitted_at=timezone.now(),
        )
    return person


def _gone(person: PrintUser) -> None:
    """Remove a person and let the restore period pass, with everything done that follows."""
    leaving.remove(person, by=BY)
    perform_due()


def _later(days: float) -> Any:
    return time_machine.travel(timezone.now() + timedelta(days=days), tick=True)


def _found(value: str) -> Iterator[str]:
    """Yield the tables that have ``value`` in one of the spellings that a dump, a URL or JSON may have."""
    encoded = base64.b64encode(value.encode()).decode().rstrip("=")
    spellings = {value, value.casefold(), quote(value), json.dumps(value)[1:-1], encoded}
    for model in apps.get_models():
        for row in model._default_manager.values_list():
            text = " ".join(map(str, row))
            if any(spelling in text or spelling.casefold() in text.casefold() for spelling in spellings):
                yield model.__name__


@pytest.mark.django_db
def test_nothing_personal_is_left_in_any_table_and_totals_stay(contoso: Organization) -> None:
    person = _person(contoso)
    for value in VALUES[:-1]:  # a card's number is never stored
        assert list(_found(value)), value
    _gone(person)
    with _later(8):
        perform_due()
    events, pages = AuditEvent.objects.count(), _pages()

    with _later(366):
        seal_due()
        perform_due()
        assert anonymise_due() == 1
        assert anonymise_due() == 0

    for value in VALUES:
        assert list(_found(value)) == [], value
    person.refresh_from_db()
    assert person.state == PersonState.ANONYMISED
    assert str(person) == f"Anonymized person {str(person.pk)[:8]}"
    assert _pages() == pages == [7, 7]
    assert DeprovisionRun.objects.filter(person=person).count() == 1
    assert AuditEvent.objects.count() == events + 1
    assert list(problems(contoso)) == []


@pytest.mark.django_db
def test_a_person_is_kept_until_the_retention_of_the_newest_policy_is_over(contoso: Organization) -> None:
    _gone(_person(contoso))
    change_policy(contoso, {"retention_days": 40}, by=BY)

    with _later(39):
        perform_due()
        assert anonymise_due() == 0
    with _later(41):
        assert anonymise_due() == 1


@pytest.mark.django_db
def test_a_legal_hold_wins_until_it_is_lifted(contoso: Organization) -> None:
    person = _person(contoso)
    assert set_legal_hold(person, reason="Case 12", ticket="L-12", by=BY)
    assert not set_legal_hold(person, reason="Case 13", by=BY)
    _gone(person)

    with _later(400):
        perform_due()
        assert anonymise_due() == 0
        with pytest.raises(OnLegalHold):
            anonymise(person, by=BY)
        assert lift_legal_hold(person, reason="Closed", by=BY)
        assert anonymise_due() == 1

    verbs = AuditEvent.objects.filter(verb__startswith="person.hold").order_by("id")
    assert list(verbs.values_list("verb", flat=True)) == ["person.hold-set", "person.hold-lifted"]


@pytest.mark.django_db
def test_who_is_here_or_can_be_restored_is_not_anonymized(contoso: Organization) -> None:
    person = _person(contoso)
    with pytest.raises(StillKept):
        anonymise(person, by=BY)
    _gone(person)
    with pytest.raises(StillKept):
        anonymise(person, by=BY)


@pytest.mark.django_db
def test_an_anonymized_person_cannot_be_restored_and_the_same_name_is_a_new_person(
    contoso: Organization,
) -> None:
    person = _person(contoso)
    _gone(person)
    with _later(366):
        perform_due()
        anonymise_due()
        with pytest.raises(GraceOver):
            leaving.restore(person, by=BY)
        again = create_person(contoso, by=BY, user_name="zyxwvut@contoso.example")

    assert again.pk != person.pk


def _pages() -> list[int]:
    return list(PrintJob.objects.order_by("remote_id").values_list("impressions", flat=True))
