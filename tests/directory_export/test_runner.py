"""The row is the order: nights, retries, leases, and what ends an export."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from addons.disposition import Disposition
from addons.models import Installation
from addons.services import configure, pause, resume, uninstall
from directory_export.exceptions import NothingToExportTo
from directory_export.models import EXPORT_WORK, Cause, ExportPlan, ExportRun, Kind, RunState
from directory_export.preferences import next_export
from directory_export.services import export_now, order_nightly
from printmgmt.celery import app
from printmgmt.organizations.models import Organization
from printmgmt.services import commands
from printmgmt.services.process import wait_until
from printmgmt.work.sweeps import perform_one
from tests import factories
from tests.conftest import Worker
from tests.directory_export.conftest import Exporting
from tests.directory_export.receiver import Receiver
from tests.due import deliver_due, sweep_all

pytestmark = pytest.mark.django_db

MAX_ATTEMPTS = 9


def make_due(installation: Installation) -> None:
    ExportPlan.objects.filter(installation=installation).update(next_due_at=timezone.now())


@pytest.mark.parametrize(
    ("zone", "after", "expected"),
    [
        ("UTC", "2026-11-23T01:59:00+00:00", "2026-11-23T02:30:00+00:00"),
        ("UTC", "2026-11-23T02:30:00+00:00", "2026-11-24T02:30:00+00:00"),
        ("Asia/Tokyo", "2026-11-23T18:00:00+00:00", "2026-11-24T17:30:00+00:00"),
        ("Europe/Paris", "2026-03-28T12:00:00+00:00", "2026-03-29T01:30:00+00:00"),  # 02:30 does not exist
        ("Europe/Paris", "2026-10-24T12:00:00+00:00", "2026-10-25T00:30:00+00:00"),  # 02:30 comes twice
        ("Europe/Paris", "2026-10-25T00:30:00+00:00", "2026-10-26T01:30:00+00:00"),  # and is used once
        ("Nowhere/Nothing", "2026-11-23T00:00:00+00:00", "2026-11-23T02:30:00+00:00"),
    ],
)
def test_the_next_export_is_at_the_organizations_time(
    contoso: Organization, exporting: Exporting, zone: str, after: str, expected: str
) -> None:
    contoso.time_zone = zone
    contoso.save()
    installation = exporting(contoso, at="02:30")

    moment = next_export(installation, datetime.fromisoformat(after))

    assert moment is not None
    assert moment.astimezone(UTC) == datetime.fromisoformat(expected)


def test_configuring_after_the_nightly_time_exports_nothing_before_the_next_night(
    contoso: Organization, exporting: Exporting
) -> None:
    an_hour_ago = timezone.now().astimezone(ZoneInfo("UTC")) - timedelta(hours=1)
    exporting(contoso, at=f"{an_hour_ago:%H:%M}")

    assert order_nightly() == 0


def test_a_night_orders_people_and_groups_once(contoso: Organization, exporting: Exporting) -> None:
    make_due(exporting(contoso))

    sweep_all()
    sweep_all()

    runs = ExportRun.objects.all()
    assert {run.kind for run in runs} == set(Kind)
    assert {(run.cause, run.state) for run in runs} == {(Cause.NIGHTLY, RunState.DELIVERED)}
    assert len(runs) == 2
    assert ExportPlan.objects.get().next_due_at > timezone.now()


def test_the_clock_runs_the_sweep() -> None:
    app.loader.import_default_modules()

    for name in ("directory_export.nights", EXPORT_WORK):
        entry = app.conf.beat_schedule[f"sweep {name}"]
        assert (entry["task"], entry["args"]) == ("work.sweep", [name])
        assert entry["schedule"] <= 60
    assert "work.sweep" in app.tasks


def test_export_now_while_one_waits_makes_that_one_due(sending: Installation, receiver: Receiver) -> None:
    receiver.statuses = [503, 503]
    first = export_now(sending, by=factories.TESTER)
    deliver_due()
    assert ExportRun.objects.filter(due_at__gt=timezone.now()).count() == 2

    second = export_now(sending, by=factories.TESTER)

    assert {run.pk for run in first} == {run.pk for run in second}
    assert deliver_due() == 2


def test_two_open_exports_of_a_kind_cannot_be(contoso: Organization, exporting: Exporting) -> None:
    export_now(exporting(contoso), by=factories.TESTER)
    run = ExportRun.objects.get(kind=Kind.PEOPLE)
    run.pk = UUID(int=1)

    with pytest.raises(IntegrityError, match=r"export_open_once|\.kind"), transaction.atomic():
        run.save(force_insert=True)


def test_each_retry_waits_longer_and_the_last_one_fails(sending: Installation, receiver: Receiver) -> None:
    receiver.statuses = [503] * 2 * MAX_ATTEMPTS
    export_now(sending, by=factories.TESTER)
    waits = []
    for _ in range(MAX_ATTEMPTS):
        ExportRun.objects.update(due_at=timezone.now())
        deliver_due()
        waits.append((ExportRun.objects.get(kind=Kind.PEOPLE).due_at - timezone.now()).total_seconds())

    run = ExportRun.objects.get(kind=Kind.PEOPLE)
    assert (run.state, run.attempts) == (RunState.FAILED, MAX_ATTEMPTS)
    assert 10 < waits[0] <= 30
    assert 1700 < waits[-2] <= 3600


def test_one_that_kills_its_worker_every_time_ends_too(contoso: Organization, exporting: Exporting) -> None:
    export_now(exporting(contoso), by=factories.TESTER)
    dead = timezone.now() - timedelta(seconds=1)
    ExportRun.objects.update(attempts=MAX_ATTEMPTS, lease_until=dead, lease_owner="dead")

    deliver_due()

    assert set(ExportRun.objects.values_list("state", flat=True)) == {RunState.FAILED}


def test_one_that_is_held_by_a_worker_is_left_alone(contoso: Organization, exporting: Exporting) -> None:
    runs = export_now(exporting(contoso), by=factories.TESTER)
    ExportRun.objects.update(lease_until=timezone.now() + timedelta(minutes=1), lease_owner="busy")

    for run in runs:
        perform_one(EXPORT_WORK, str(run.pk))

    assert set(ExportRun.objects.values_list("state", flat=True)) == {RunState.WAITING}


def test_what_is_off_or_paused_orders_and_delivers_nothing(
    contoso: Organization, exporting: Exporting
) -> None:
    installation = exporting(contoso)
    export_now(installation, by=factories.TESTER)
    make_due(installation)
    pause(installation, by=factories.TESTER)

    assert (order_nightly(), deliver_due()) == (0, 0)
    with pytest.raises(NothingToExportTo):
        export_now(installation, by=factories.TESTER)

    resume(installation, by=factories.TESTER)
    assert (order_nightly(), deliver_due()) == (1, 2)
    configure(installation, {"destination": "off"}, by=factories.TESTER)
    assert ExportPlan.objects.get().next_due_at is None


def test_uninstalling_cancels_forgets_the_secret_and_keeps_people(sending: Installation) -> None:
    person = factories.person(sending.organization)
    export_now(sending, by=factories.TESTER)

    uninstall(sending, Disposition.REMOVE, by=factories.TESTER)

    assert set(ExportRun.objects.values_list("state", flat=True)) == {RunState.CANCELLED}
    assert not ExportPlan.objects.exists()
    assert deliver_due() == 0
    person.refresh_from_db()
    assert person.removed_at is None


def test_an_export_that_ended_meanwhile_is_not_recorded_twice(
    sending: Installation, receiver: Receiver
) -> None:
    (run, _groups) = export_now(sending, by=factories.TESTER)
    ExportRun.objects.filter(pk=run.pk).update(state=RunState.CANCELLED, ended_at=timezone.now())

    perform_one(EXPORT_WORK, str(run.pk))

    assert receiver.received == []


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_delivers_what_was_asked_for(
    contoso: Organization,
    exporting: Exporting,
    child_environment: dict[str, str],
    root: Path,
    tmp_path: Path,
) -> None:
    worker = Worker(
        commands.worker(), {**child_environment, "EXPORT_ROOT": str(root)}, tmp_path / "worker.log"
    )
    worker.start()
    try:
        export_now(exporting(contoso), by=factories.TESTER)
        delivered = ExportRun.objects.filter(state=RunState.DELIVERED)
        assert wait_until(lambda: delivered.count() == 2, timeout=120), worker.text()
    finally:
        worker.stop()

    assert all((root / str(contoso.pk) / run.location).exists() for run in delivered)


def test_an_installation_whose_night_fails_keeps_no_other_from_its_export(
    contoso: Organization, exporting: Exporting
) -> None:
    broken, sound = exporting(factories.organization("Fabrikam")), exporting(contoso)
    make_due(broken)
    ExportPlan.objects.filter(pk=broken.pk).update(next_due_at=timezone.now() - timedelta(days=2))
    make_due(sound)
    type(broken).objects.filter(pk=broken.pk).update(settings={"destination": "the moon"})

    sweep_all()

    assert set(ExportRun.objects.values_list("installation", flat=True)) == {sound.pk}
