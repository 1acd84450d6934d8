"""*Anonymize now*: for managers, with a reason and a fresh password, refused in words; and announcements."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from printmgmt.audit.models import AuditEvent
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.policy import change_policy
from printmgmt.organizations.models import Organization
from printmgmt.organizations.roles import Role
from printmgmt.people.legal_hold import set_legal_hold
from printmgmt.people.models import PersonState, PrintUser
from tests import factories
from tests.due import perform_due
from tests.printmgmt.console.conftest import Page

pytestmark = pytest.mark.django_db

BY = factories.TESTER


@pytest.fixture
def gone(contoso: Organization) -> Iterator[PrintUser]:
    """Ada, removed for longer than she can be restored."""
    person = factories.person(contoso, "ada@contoso.example", display_name="Ada Winterbourne")
    leaving.remove(person, by=BY)
    perform_due()
    with time_machine.travel(timezone.now() + timedelta(days=8), tick=True):
        perform_due()
        yield person


def _page(person: PrintUser, more: str = "anonymize/") -> str:
    return f"/o/{person.organization.slug}/people/{person.pk}/{more}"


def test_a_removed_person_is_anonymized_now_with_a_reason(contoso: Organization, gone: PrintUser) -> None:
    client = factories.signed_in(contoso, Role.ADMIN)
    assert "Anonymize now…" in client.get(_page(gone, "")).text
    assert "Title and owner of" in client.get(_page(gone)).text

    assert "required" in client.post(_page(gone), {"reason": ""}).text
    gone.refresh_from_db()
    assert gone.state == PersonState.REMOVED
    answer = client.post(_page(gone), {"reason": "Asked to be forgotten", "ticket": "G-17"}, follow=True)

    gone.refresh_from_db()
    assert gone.state == PersonState.ANONYMISED
    assert "The person was anonymized." in answer.text
    assert "Winterbourne" not in answer.text
    assert "Anonymize now" not in answer.text
    event = AuditEvent.objects.get(verb="person.anonymised")
    assert (event.reason, event.ticket, event.actor_kind) == ("Asked to be forgotten", "G-17", "account")


def test_it_asks_for_the_password_again(contoso: Organization, gone: PrintUser) -> None:
    client = Client()
    client.force_login(factories.administrator(contoso, Role.OWNER).account)

    answer = client.post(_page(gone), {"reason": "Asked to be forgotten"})

    assert answer.status_code == 302
    assert "reauthenticate" in answer["Location"]
    gone.refresh_from_db()
    assert gone.state == PersonState.REMOVED


def test_a_legal_hold_refuses_it_and_says_whose(contoso: Organization, gone: PrintUser) -> None:
    client = factories.signed_in(contoso)
    set_legal_hold(gone, reason="Case 12", by=BY)

    html = client.get(_page(gone)).text
    assert "Ada Winterbourne is on legal hold" in html
    assert "Legal hold set by tests on" in html
    assert "<textarea" not in html
    answer = client.post(_page(gone), {"reason": "Asked to be forgotten"}, follow=True)

    assert "is on legal hold: their history is kept" in answer.text
    gone.refresh_from_db()
    assert gone.state == PersonState.REMOVED


def test_who_can_still_be_restored_or_is_here_is_not_anonymized(contoso: Organization) -> None:
    client = factories.signed_in(contoso)
    here = factories.person(contoso)
    removed = factories.person(contoso)
    leaving.remove(removed, by=BY)

    assert "Anonymize now" not in client.get(_page(here, "")).text
    assert "is not removed" in client.get(_page(here)).text
    assert "can still be restored" in client.get(_page(removed)).text
    client.post(_page(removed), {"reason": "Now"})
    removed.refresh_from_db()
    assert removed.state == PersonState.REMOVED


def test_the_help_desk_may_not(contoso: Organization, gone: PrintUser) -> None:
    client = factories.signed_in(contoso, Role.HELPDESK)

    assert "Anonymize now" not in client.get(_page(gone, "")).text
    assert client.get(_page(gone)).status_code == 403
    assert client.post(_page(gone), {"reason": "Now"}).status_code == 403


def test_pages_announce_the_removal_and_the_anonymization(
    page: Page, contoso: Organization, gone: PrintUser
) -> None:
    change_policy(contoso, {"remove_after_days": 20, "retention_days": 30}, by=BY)
    suspended = factories.person(contoso)
    run = leaving.suspend(suspended, by=BY)
    assert run is not None

    assert "Will be removed on" in page("console:person", person=suspended.pk)
    assert "Will be removed on" in page("console:run", run=run.pk)
    assert "Will be anonymized on" in page("console:person", person=gone.pk)
    leavers = page("console:leavers")
    assert "Removed on" in leavers
    assert "Anonymized on" in leavers
    for html in (leavers, page("console:settings")):
        assert "In the next 30 days:" in html
        assert "1 suspended person is removed" in html
        assert "1 removed person is anonymized" in html


def test_a_hold_is_shown_with_who_set_it_to_those_who_may_read_the_audit_log(
    contoso: Organization, gone: PrintUser
) -> None:
    set_legal_hold(gone, reason="Case 12", by=BY)
    run = gone.runs.get()
    pages = [_page(gone, ""), f"/o/{contoso.slug}/leavers/{run.pk}/"]

    auditor, helpdesk = (factories.signed_in(contoso, role) for role in (Role.AUDITOR, Role.HELPDESK))

    for path in pages:
        assert "Legal hold set by tests on" in auditor.get(path).text
        text = helpdesk.get(path).text
        assert "Legal hold" in text
        assert "Legal hold set by" not in text
        assert "Will be anonymized" not in text
