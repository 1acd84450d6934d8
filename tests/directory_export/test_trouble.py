"""An export that fails is mailed once and stands on the dashboard; its clock is the organization's."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from addons.addresses import address_of
from addons.base import HealthState
from addons.models import Installation
from addons.services import configure, pause, resume
from directory_export import health
from directory_export.models import ExportPlan, ExportRun, RunState
from directory_export.performing import Exports
from directory_export.services import export_now
from printmgmt.organizations.models import Organization
from tests import factories
from tests.directory_export.conftest import Exporting
from tests.directory_export.receiver import Receiver
from tests.due import deliver_due, outbox, watch

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
GIVEN_UP, SERVED = 400, 200


def run_night(installation: Installation, receiver: Receiver, status: int) -> None:
    """People and groups are sent, the receiver answers, and the watch looks before and after."""
    export_now(installation, by=factories.TESTER)
    watch()
    receiver.statuses = [status, status]
    deliver_due()
    watch()


def subjects() -> list[str]:
    return [sent.subject.partition(": ")[2] for sent in outbox()]


def test_failing_every_night_is_mailed_once_and_so_is_the_end_of_it(
    sending: Installation, receiver: Receiver
) -> None:
    for status in (SERVED, GIVEN_UP, GIVEN_UP, SERVED, SERVED):
        run_night(sending, receiver, status)

    assert subjects() == ["directory export failed", "Directory export is working again"]
    assert "The last export of " in outbox()[0].body


def test_a_retry_notifies_nobody(sending: Installation, receiver: Receiver) -> None:
    run_night(sending, receiver, 503)

    assert health.check(sending).state == HealthState.WARNING
    assert subjects() == []


def test_the_last_retry_that_fails_is_mailed(sending: Installation, receiver: Receiver) -> None:
    run_night(sending, receiver, 503)
    ExportRun.objects.update(attempts=(Exports.patience.attempts or 0) - 1, due_at=timezone.now())
    receiver.statuses = [503, 503]
    deliver_due()
    watch()

    assert subjects() == ["directory export failed"]


def test_a_failure_that_was_mended_by_trying_again_is_over(sending: Installation, receiver: Receiver) -> None:
    run_night(sending, receiver, GIVEN_UP)
    run_night(sending, receiver, 503)
    ExportRun.objects.filter(state=RunState.WAITING).update(due_at=timezone.now())
    receiver.statuses = [SERVED, SERVED]
    deliver_due()
    watch()

    assert subjects() == ["directory export failed", "Directory export is working again"]


def test_an_overdue_export_is_mailed(contoso: Organization, exporting: Exporting) -> None:
    installation = exporting(contoso, notification_address="it@contoso.example")
    ExportPlan.objects.update(next_due_at=timezone.now() - timedelta(hours=1))

    watch()

    assert health.check(installation).state == HealthState.ERROR
    assert subjects() == ["directory export is overdue"]
    assert outbox()[0].to[-1] == "it@contoso.example"


def test_a_failed_export_needs_somebody_on_the_dashboard(
    sending: Installation, receiver: Receiver, client: Client, contoso: Organization
) -> None:
    dashboard = reverse("console:dashboard", kwargs={"organization": contoso.slug})
    details = address_of(sending)
    run_night(sending, receiver, SERVED)
    fine = client.get(dashboard).content.decode()
    run_night(sending, receiver, GIVEN_UP)

    broken = client.get(dashboard).content.decode()

    assert broken.count(f'href="{details}"') == fine.count(f'href="{details}"') + 1


def next_export(contoso: Organization) -> datetime:
    due = ExportPlan.objects.get(installation__organization=contoso).next_due_at
    assert due is not None
    return due.astimezone(ZoneInfo(Organization.objects.get(pk=contoso.pk).time_zone))


def test_a_new_time_of_day_counts_for_the_next_export(contoso: Organization, exporting: Exporting) -> None:
    with time_machine.travel(NOON, tick=False):
        installation = exporting(contoso, at="02:00")
        configure(installation, {"at": "15:30"}, by=factories.TESTER)

    assert next_export(contoso) == NOON.replace(hour=15, minute=30)


def test_a_new_time_zone_counts_for_the_next_export(
    contoso: Organization, exporting: Exporting, client: Client
) -> None:
    other = factories.organization("Fabrikam")
    with time_machine.travel(NOON, tick=False):
        exporting(contoso, at="15:00")
        exporting(other, at="15:00")
        client.post(
            reverse("console:settings_organization", kwargs={"organization": contoso.slug}),
            {"name": "Contoso", "time_zone": "America/New_York", "uncollected_hours": "24"},
        )

    assert next_export(contoso) == NOON.replace(hour=20)
    assert next_export(other) == NOON.replace(hour=15)


def test_an_export_whose_hour_passed_in_a_pause_is_late_half_an_hour_after_resuming(
    sending: Installation,
) -> None:
    now = timezone.now()
    ExportPlan.objects.update_or_create(
        installation=sending, defaults={"next_due_at": now + timedelta(hours=1)}
    )
    pause(sending, by=factories.TESTER)
    with time_machine.travel(now + timedelta(hours=9)):
        resumed = resume(sending, by=factories.TESTER)
        watch()
        assert health.check(resumed).condition == ""
    with time_machine.travel(now + timedelta(hours=9, minutes=40)):
        watch()
        assert health.check(resumed).condition == health.Condition.OVERDUE

    assert subjects() == ["directory export is overdue"]
