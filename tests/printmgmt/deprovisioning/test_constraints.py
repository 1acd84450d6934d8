"""What the database itself refuses about runs, steps and policies; and the policy a leaving starts under."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from printmgmt.deprovisioning.models import (
    BreakerBatch,
    DeprovisionRun,
    DeprovisionStep,
    LeavingPolicy,
    Receipt,
)
from printmgmt.deprovisioning.policy import current_policy
from printmgmt.organizations.models import Organization
from printmgmt.people.constraints import violates
from tests import factories


def refused(write: Callable[[], object]) -> IntegrityError:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        write()
    return error.value


def test_run_is_once_an_epoch(contoso: Organization) -> None:
    run = factories.leaver(contoso)
    again = DeprovisionRun(
        organization=contoso, person=run.person, epoch=run.epoch, trigger="removed", policy=run.policy,
        source="console", requested_at=timezone.now(), cut_at=timezone.now(),
    )  # fmt: skip

    assert violates(refused(again.save), DeprovisionRun, "run_once_an_epoch")


def test_step_is_once_a_target(contoso: Organization) -> None:
    step = factories.leaver(contoso).steps.first()
    assert step is not None
    step.pk = None

    assert violates(refused(lambda: step.save(force_insert=True)), DeprovisionStep, "step_once_a_target")


def test_run_is_taken_the_place_of_once(contoso: Organization) -> None:
    first, second, third = (factories.leaver(contoso) for _ in range(3))
    second.previous = third.previous = first
    second.save()

    assert "previous_id" in str(refused(third.save))


def test_policy_version_is_once(contoso: Organization) -> None:
    LeavingPolicy.objects.create(organization=contoso)

    again = refused(lambda: LeavingPolicy.objects.create(organization=contoso))

    assert violates(again, LeavingPolicy, "policy_version_once")


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ({"remove_grace_days": 0}, "policy_grace_covers_breaker"),
        ({"suspend_grace_days": 1, "breaker_minutes": 1441}, "policy_grace_covers_breaker"),
        ({"digest_minutes": 0}, "policy_digest_positive"),
    ],
)
def test_policy_that_could_destroy_too_early_is_refused(
    columns: dict[str, int], constraint: str, contoso: Organization
) -> None:
    error = refused(lambda: LeavingPolicy.objects.create(organization=contoso, **columns))

    assert constraint in str(error)


def test_batch_is_open_once(contoso: Organization) -> None:
    BreakerBatch.objects.create(organization=contoso, state="restored")
    BreakerBatch.objects.create(organization=contoso)

    again = refused(lambda: BreakerBatch.objects.create(organization=contoso))

    assert violates(again, BreakerBatch, "batch_open_once")


def receipt_of(run: DeprovisionRun, **columns: Any) -> Receipt:
    columns = {"personal": {"name": "Ada"}, "salt": b"salt"} | columns
    return Receipt.objects.create(
        run=run, body={"steps": 2}, digest="d" * 64, key_id="2026", signature="s", **columns
    )


def test_receipt_is_once_a_version(contoso: Organization) -> None:
    run = factories.leaver(contoso)
    receipt_of(run)
    receipt_of(run, version=2)

    assert violates(refused(lambda: receipt_of(run, version=2)), Receipt, "receipt_version_once")
    assert "receipt_version_positive" in str(refused(lambda: receipt_of(run, version=0)))


@pytest.mark.parametrize("columns", [{"personal": None}, {"salt": None}])
def test_receipt_loses_names_and_salt_together(columns: dict[str, None], contoso: Organization) -> None:
    run = factories.leaver(contoso)

    assert "receipt_erased_with_its_salt" in str(refused(lambda: receipt_of(run, **columns)))

    receipt = receipt_of(run)
    receipt.personal, receipt.salt = None, None
    receipt.save()
    receipt.refresh_from_db()
    assert (receipt.personal, receipt.salt, receipt.body) == (None, None, {"steps": 2})


def test_run_with_a_receipt_is_kept(contoso: Organization) -> None:
    run = receipt_of(factories.leaver(contoso)).run

    with pytest.raises(ProtectedError):
        run.delete()


def test_first_policy_has_the_defaults_and_the_newest_counts(contoso: Organization) -> None:
    first = current_policy(contoso)
    assert (first.version, first.suspend_grace_days, first.remove_grace_days) == (1, 30, 7)
    assert (first.retention_days, first.digest_minutes, first.breaker_people) == (365, 15, 20)

    second = LeavingPolicy.objects.create(organization=contoso, version=2)

    assert current_policy(contoso) == second
