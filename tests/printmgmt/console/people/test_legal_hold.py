"""A legal hold, set and lifted on a person's page."""

import pytest
from django.test import Client

from printmgmt.audit.models import AuditEvent
from printmgmt.organizations.models import Organization
from printmgmt.organizations.roles import Role
from tests import factories


@pytest.mark.django_db
def test_a_legal_hold_is_set_with_a_reason_shown_filtered_and_lifted(contoso: Organization) -> None:
    person = factories.person(contoso, "ada@contoso.example")
    client = Client()
    client.force_login(factories.administrator(contoso, Role.OWNER).account)
    page = f"/o/{contoso.slug}/people/{person.pk}/"

    assert client.post(f"{page}legal-hold/", {"reason": ""}).status_code == 200
    person.refresh_from_db()
    assert not person.legal_hold
    client.post(f"{page}legal-hold/", {"reason": "Case 12", "ticket": "L-12"})
    person.refresh_from_db()

    assert person.legal_hold
    assert "Lift legal hold" in client.get(page).text
    assert "ada@contoso.example" in client.get(f"/o/{contoso.slug}/people/?hold=yes").text
    event = AuditEvent.objects.get(verb="person.hold-set")
    assert (event.reason, event.ticket) == ("Case 12", "L-12")
    client.post(f"{page}legal-hold/lift/", {"reason": "Closed"})
    person.refresh_from_db()
    assert not person.legal_hold


@pytest.mark.django_db
def test_the_help_desk_sets_no_legal_hold(contoso: Organization) -> None:
    person = factories.person(contoso, "ada@contoso.example")
    client = Client()
    client.force_login(factories.administrator(contoso, Role.HELPDESK).account)

    answer = client.post(f"/o/{contoso.slug}/people/{person.pk}/legal-hold/", {"reason": "Case 12"})

    assert answer.status_code == 403
    person.refresh_from_db()
    assert not person.legal_hold
