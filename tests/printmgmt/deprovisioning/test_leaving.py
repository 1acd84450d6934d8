"""Suspend, remove, block: one transaction that ends access and writes what is to follow."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from printmgmt.audit.models import AuditEvent
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.exceptions import AlreadyRemoved
from printmgmt.deprovisioning.models import (
    DeprovisionRun,
    DeprovisionStep,
    LeavingPolicy,
    RunState,
    StepState,
    Trigger,
)
from printmgmt.organizations.models import Administrator, Organization
from printmgmt.organizations.roles import Role
from printmgmt.people.devices import connect_device
from printmgmt.people.models import PersonState, ReviewAnswer, ReviewItem, ReviewKind, ReviewState
from tests import factories
from tests.printmgmt.deprovisioning.held_jobs import HoldJobs
from tests.printmgmt.equipment import EVERYTHING, equipped

BY = factories.TESTER


def test_suspend_ends_access_and_writes_run_steps_and_audit(contoso: Organization) -> None:
    ada = equipped(contoso)
    assert ada.opens() == EVERYTHING
    requested_at = timezone.now() - timedelta(seconds=0.2)

    run = leaving.suspend(ada.person, by=BY, requested_at=requested_at)

    assert ada.opens() == set()
    assert run is not None
    ada.person.refresh_from_db()
    assert (ada.person.state, ada.person.active, ada.person.epoch) == (PersonState.SUSPENDED, False, 1)
    assert (run.trigger, run.epoch, run.state) == (Trigger.SUSPENDED, 1, RunState.WORKING)
    assert run.seconds_to_cut >= 0.2
    assert set(run.steps.values_list("name", "target_id", "state")) >= {
        ("end-device-connections", str(ada.device.pk), StepState.PENDING),
        ("notify-administrators", run.steps.get(name="notify-administrators").target_id, StepState.PENDING),
    }
    event = AuditEvent.objects.get(verb="person.suspended")
    assert event.object_id == str(ada.person.pk)
    assert event.details is not None
    assert event.details["epoch"] == 1


def test_remove_orders_the_wipe_after_the_grace_period(contoso: Organization) -> None:
    run = leaving.remove(equipped(contoso).person, by=BY)

    wipe = run.steps.get(name="wipe-credentials")
    assert wipe.due_at == run.cut_at + timedelta(days=7)
    assert run.next_due_at == min(run.steps.values_list("due_at", flat=True))


def test_suspend_twice_is_one_run(contoso: Organization) -> None:
    ada = factories.person(contoso)
    assert leaving.suspend(ada, by=BY)
    version = ada.version

    assert leaving.suspend(ada, by=BY) is None

    assert (ada.epoch, ada.version, ada.runs.count()) == (1, version, 1)


def test_suspend_with_a_stale_instance_sees_what_is_stored(contoso: Organization) -> None:
    ada = factories.person(contoso)
    stale = type(ada).objects.get(pk=ada.pk)
    leaving.suspend(ada, by=BY)

    assert leaving.suspend(stale, by=BY) is None
    assert stale.version == ada.version


@pytest.mark.parametrize("leave", [leaving.suspend, leaving.remove, leaving.block])
def test_nobody_leaves_after_the_removal(leave: object, contoso: Organization) -> None:
    ada = factories.person(contoso)
    leaving.remove(ada, by=BY)

    with pytest.raises(AlreadyRemoved):
        leave(ada, by=BY)  # type: ignore[operator]


def test_nothing_is_left_when_anything_raises(
    contoso: Organization, hold_jobs: HoldJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = equipped(contoso)
    before = AuditEvent.objects.count()

    def broken(run: object) -> list[object]:
        raise RuntimeError("no targets")

    monkeypatch.setattr(hold_jobs, "targets", broken)

    with pytest.raises(RuntimeError, match="no targets"), transaction.atomic():
        leaving.suspend(ada.person, by=BY)

    ada.person.refresh_from_db()
    assert (ada.person.state, ada.person.epoch, ada.person.version) == (PersonState.ACTIVE, 0, 1)
    assert ada.opens() == EVERYTHING
    assert not DeprovisionRun.objects.exists()
    assert not DeprovisionStep.objects.exists()
    assert AuditEvent.objects.count() == before


def test_step_with_nothing_to_do_says_so(contoso: Organization, hold_jobs: HoldJobs) -> None:
    hold_jobs.servers = ()
    run = factories.leaver(contoso)

    step = run.steps.get(name="end-device-connections")
    assert (step.state, step.target_kind, step.evidence) == (StepState.DONE, "none", {"found": 0})
    assert run.state == RunState.SETTLED


def test_run_keeps_the_policy_it_started_under(contoso: Organization) -> None:
    first = factories.leaver(contoso)
    LeavingPolicy.objects.create(organization=contoso, version=2, remove_grace_days=1)
    second = factories.leaver(contoso, Trigger.REMOVED)

    first.refresh_from_db()
    assert (first.policy.version, second.policy.version) == (1, 2)
    assert second.steps.get(name="wipe-credentials").due_at == second.cut_at + timedelta(days=1)


def test_removal_supersedes_the_suspension(contoso: Organization) -> None:
    ada = equipped(contoso)
    suspension = leaving.suspend(ada.person, by=BY)
    assert suspension is not None

    removal = leaving.remove(ada.person, by=BY)

    suspension.refresh_from_db()
    assert removal.previous == suspension
    assert removal.epoch == 2
    assert (suspension.state, suspension.next_due_at) == (RunState.SUPERSEDED, None)
    assert suspension.ended_at is not None
    assert set(suspension.steps.exclude(target_kind="none").values_list("state", flat=True)) == {
        StepState.SUPERSEDED
    }


def test_removal_ends_the_connection_that_the_suspension_had_not_ended_yet(contoso: Organization) -> None:
    ada = equipped(contoso)
    assert connect_device(contoso, ada.token)
    leaving.suspend(ada.person, by=BY)

    removal = leaving.remove(ada.person, by=BY)

    assert removal.steps.get(name="end-device-connections").target_id == str(ada.device.pk)


def test_removed_person_leaves_the_name_free(contoso: Organization) -> None:
    ada = factories.person(contoso, "ada@contoso.example")
    leaving.remove(ada, by=BY)

    again = factories.person(contoso, "ADA@contoso.example")

    assert again.pk != ada.pk


def test_block_of_a_suspended_person_starts_no_second_run(contoso: Organization) -> None:
    ada = factories.person(contoso)
    run = leaving.suspend(ada, by=BY)

    assert leaving.block(ada, by=BY) is None

    assert list(ada.runs.all()) == [run]
    assert AuditEvent.objects.filter(verb="person.blocked").exists()


def test_block_wins_over_the_directory(contoso: Organization) -> None:
    ada = equipped(contoso)
    leaving.block(ada.person, by=BY)
    leaving.suspend(ada.person, by=BY)

    assert leaving.reactivate(ada.person, by=BY) is False

    assert ada.person.active
    assert ada.person.state == PersonState.SUSPENDED
    assert ada.opens() == set()


def test_unblock_leaves_the_last_word_to_the_directory(contoso: Organization) -> None:
    ada = equipped(contoso)
    leaving.block(ada.person, by=BY)
    leaving.suspend(ada.person, by=BY)

    assert leaving.unblock(ada.person, by=BY) is False
    assert ada.opens() == set()
    assert leaving.reactivate(ada.person, by=BY) is True
    assert ada.opens() == {"card", "pin"}


def test_leaver_loses_console_access_in_this_organization_only(contoso: Organization) -> None:
    fabrikam = factories.organization("Fabrikam")
    who = factories.account("ada@contoso.example")
    here = factories.administrator(contoso, Role.ADMIN, who=who)
    there = factories.administrator(fabrikam, Role.ADMIN, who=who)
    ada = factories.person(contoso, "ada", work_email="Ada@Contoso.example")

    run = leaving.suspend(ada, by=BY)

    assert run is not None
    here.refresh_from_db()
    there.refresh_from_db()
    assert here.disabled_by_run == run.pk
    assert there.disabled_at is None
    assert set(Administrator.objects.active()).isdisjoint({here})
    event = AuditEvent.objects.get(verb="administrator.access-ended")
    assert event.details is not None
    assert event.details["object"] == "ada@contoso.example"


def test_removal_ends_the_questions_about_the_person(contoso: Organization) -> None:
    ada, bob = factories.person(contoso), factories.person(contoso)
    for number, (person, kind) in enumerate(
        [(ada, ReviewKind.REHIRE), (bob, ReviewKind.REHIRE), (ada, ReviewKind.LINK)]
    ):
        ReviewItem.objects.create(organization=contoso, person=person, kind=kind, key=str(number))

    leaving.suspend(ada, by=BY)
    assert ReviewItem.objects.filter(state=ReviewState.OPEN).count() == 3
    leaving.remove(ada, by=BY)

    closed = ReviewItem.objects.exclude(state=ReviewState.OPEN)
    assert {(item.person, item.state, item.answer) for item in closed} == {
        (ada, ReviewState.CLOSED, ReviewAnswer.LEFT)
    }
    assert closed.filter(decided_at__isnull=False).count() == 2


def test_last_owner_keeps_access_and_the_audit_says_so(contoso: Organization) -> None:
    owner = contoso.administrators.get()
    person = factories.person(contoso, owner.account.email)

    leaving.remove(person, by=BY)

    owner.refresh_from_db()
    assert owner.disabled_at is None
    assert AuditEvent.objects.filter(verb="administrator.last-owner-left").count() == 1


def test_one_of_two_owners_loses_access(contoso: Organization) -> None:
    second = factories.administrator(contoso, Role.OWNER)
    person = factories.person(contoso, second.account.email)

    leaving.remove(person, by=BY)

    second.refresh_from_db()
    assert second.disabled_at is not None
    assert contoso.administrators.active().count() == 1


def test_person_with_both_owners_addresses_leaves_one_owner(contoso: Organization) -> None:
    first = contoso.administrators.get()
    second = factories.administrator(contoso, Role.OWNER)
    person = factories.person(contoso, first.account.email, work_email=second.account.email)

    leaving.remove(person, by=BY)

    assert contoso.administrators.active().filter(role=Role.OWNER).count() == 1
    assert AuditEvent.objects.filter(verb="administrator.last-owner-left").count() == 1
