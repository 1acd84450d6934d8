"""Too many people left at once: the notice on every page, why, and the decision."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from printmgmt.deprovisioning.models import BreakerBatch, RunState
from printmgmt.organizations.models import Organization
from printmgmt.organizations.roles import Role
from printmgmt.people.models import PersonState
from tests import factories
from tests.due import sweep_all
from tests.printmgmt.deprovisioning.breaker.waves import carry_out, crowd, leave, opened, runs_by_state

pytestmark = pytest.mark.django_db

NOTICE = "Many people left at once. What cannot be undone waits for a decision."
LEAVERS = 21


@pytest.fixture
def batch(contoso: Organization) -> BreakerBatch:
    """21 of 60 people removed within minutes."""
    leave(crowd(contoso, 60)[:LEAVERS], start=timezone.now() - timedelta(minutes=20))
    return opened(contoso)


def address(batch: BreakerBatch, view: str = "batch") -> str:
    return reverse(f"console:{view}", args=[batch.organization.slug, batch.pk])


def test_every_page_leads_to_the_decision_until_it_is_made(
    client: Client, batch: BreakerBatch, contoso: Organization
) -> None:
    groups = reverse("console:groups", args=[contoso.slug])
    before = client.get(groups).content.decode()
    client.post(address(batch, "batch_approve"))
    after = client.get(groups).content.decode()

    assert NOTICE in before
    assert address(batch) in before
    assert NOTICE not in after


def test_the_page_says_why_and_how_many_wait(client: Client, batch: BreakerBatch) -> None:
    text = client.get(address(batch)).content.decode()

    assert f"{LEAVERS} of 60 people left within 60 minutes. Up to 20 may leave without approval." in text
    assert "Restore all" in text
    assert "?state=waiting" in text


def test_approving_lets_what_waited_go_on(client: Client, batch: BreakerBatch, contoso: Organization) -> None:
    answer = client.post(address(batch, "batch_approve"), follow=True)
    carry_out()

    assert "Approved. What waited goes on, on its dates." in answer.content.decode()
    assert RunState.WAITING not in runs_by_state(contoso)
    again = client.post(address(batch, "batch_approve"), follow=True)
    assert "Someone has decided this already." in again.content.decode()


def test_everyone_is_restored_with_a_reason_and_followed_on_a_page(
    client: Client, batch: BreakerBatch, contoso: Organization
) -> None:
    refused = client.post(address(batch, "batch_restore"), follow=True).content.decode()
    gone = contoso.people.exclude(state=PersonState.ACTIVE).count()
    batch.refresh_from_db()
    assert "Enter a reason. No changes were made." in refused
    assert (gone, batch.operation) == (LEAVERS, None)

    client.post(address(batch, "batch_restore"), {"reason": "A wrong filter"})
    carry_out()
    batch.refresh_from_db()
    assert batch.operation is not None
    followed = client.get(reverse("console:bulk", args=[contoso.slug, batch.operation.pk]))

    assert not contoso.people.exclude(state=PersonState.ACTIVE).exists()
    assert "Restore everyone" in followed.content.decode()
    assert "21 of 21" in followed.content.decode()
    decided = client.get(address(batch)).content.decode()
    assert "A wrong filter" in decided
    assert "waits for a decision" not in decided


def test_the_help_desk_looks_and_does_not_decide(batch: BreakerBatch, contoso: Organization) -> None:
    desk = factories.signed_in(contoso, Role.HELPDESK)

    assert "Restore all" not in desk.get(address(batch)).content.decode()
    assert desk.post(address(batch, "batch_approve")).status_code == 403


def test_the_mail_leads_to_the_page(client: Client, batch: BreakerBatch) -> None:
    sweep_all()

    assert address(batch) in next(sent.body for sent in mail.outbox if "left at once" in sent.subject)
