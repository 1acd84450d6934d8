"""A run's page: one step retried, skipped or performed before its date, with a reason."""

import pytest
from django.test import Client
from django.urls import reverse

from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.models import DeprovisionRun, StepState
from printmgmt.organizations.models import Organization
from printmgmt.organizations.roles import Role
from tests import factories
from tests.factories import TESTER

pytestmark = pytest.mark.django_db


@pytest.fixture
def contoso() -> Organization:
    return factories.organization("Contoso")


@pytest.fixture
def run(contoso: Organization) -> DeprovisionRun:
    return leaving.remove(factories.person(contoso), by=TESTER)


def address(run: DeprovisionRun, name: str) -> str:
    return reverse(f"console:{name}", args=[run.organization.slug, run.pk])


def send(client: Client, run: DeprovisionRun, name: str, **data: object) -> str:
    return client.post(address(run, name), data, follow=True).content.decode()


def test_a_step_is_skipped_with_a_reason_and_retried_again(
    run: DeprovisionRun, contoso: Organization
) -> None:
    client = factories.signed_in(contoso, Role.HELPDESK)
    step = run.steps.get(name="notify-administrators")
    assert f"?step={step.pk}" in client.get(address(run, "run")).content.decode()

    assert "Enter a reason" in send(client, run, "run_skip", step=step.pk)
    text = send(client, run, "run_skip", step=step.pk, reason="They know")

    assert "They know" in text
    step.refresh_from_db()
    assert step.state == StepState.SKIPPED
    assert "Retrying 1 step now." in send(client, run, "run_retry", step=step.pk)
    step.refresh_from_db()
    assert step.state == StepState.PENDING


def test_a_manager_has_an_irreversible_step_performed_now(run: DeprovisionRun, contoso: Organization) -> None:
    step = run.steps.get(name="wipe-credentials")
    helpdesk = factories.signed_in(contoso, Role.HELPDESK)
    assert "Perform now" not in helpdesk.get(address(run, "run")).content.decode()
    client = factories.signed_in(contoso, Role.ADMIN)

    text = send(client, run, "run_approve", step=step.pk, reason="Court order")

    assert "Performing 1 step now." in text
    assert "Court order" in text
    again = send(client, run, "run_approve", step=step.pk, reason="again")
    assert "nothing is left to decide" in again


def test_approval_asks_for_the_password_again(run: DeprovisionRun, contoso: Organization) -> None:
    client = Client()
    client.force_login(factories.administrator(contoso, Role.OWNER).account)

    answer = client.post(address(run, "run_approve"), {"reason": "Court order"})

    assert answer["Location"].startswith(reverse("account_reauthenticate"))


def test_a_step_of_another_run_is_not_decided_here(run: DeprovisionRun, contoso: Organization) -> None:
    other = leaving.remove(factories.person(contoso), by=TESTER)
    step = other.steps.get(name="notify-administrators")

    send(factories.signed_in(contoso), run, "run_skip", step=step.pk, reason="x")

    step.refresh_from_db()
    assert step.state == StepState.PENDING
