"""Reactivate, restore, reattach, unblock: what comes back, and when nothing does."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from pytest_django.fixtures import Settings

from printmgmt.audit.actors import Actor
from printmgmt.audit.models import ActorKind, AuditEvent
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.exceptions import GraceOver
from printmgmt.deprovisioning.models import RunState, StepState, Trigger
from printmgmt.organizations.models import Organization
from printmgmt.organizations.roles import Role
from printmgmt.people.credentials import revoke_all, set_card
from printmgmt.people.exceptions import UserNameTaken
from printmgmt.people.models import Credential, CredentialKind, PersonState, ReviewItem, ReviewKind
from tests import factories
from tests.due import perform_due
from tests.printmgmt.deprovisioning.held_jobs import HoldJobs
from tests.printmgmt.equipment import equip, equipped

BY = factories.TESTER
DIRECTORY = Actor(kind=ActorKind.TOKEN, label="directory", source="add-on:1")
BACK_WITH = {"card", "pin"}  # devices stay revoked


def test_reactivation_within_grace_gives_cards_and_pin_back_but_no_device(contoso: Organization) -> None:
    ada = equipped(contoso)
    run = leaving.suspend(ada.person, by=BY)

    assert leaving.reactivate(ada.person, by=BY) is True

    assert ada.opens() == BACK_WITH
    assert ada.person.epoch == 2
    assert run is not None
    run.refresh_from_db()
    assert run.state == RunState.UNDONE
    assert set(run.steps.exclude(target_kind="none").values_list("state", flat=True)) == {
        StepState.SUPERSEDED
    }


def test_restore_undoes_the_whole_chain(contoso: Organization) -> None:
    ada = equipped(contoso)
    leaving.suspend(ada.person, by=BY)
    leaving.remove(ada.person, by=BY)

    leaving.restore(ada.person, by=BY)

    assert ada.person.state == PersonState.ACTIVE
    assert ada.opens() == BACK_WITH
    assert set(ada.person.runs.values_list("state", flat=True)) == {RunState.UNDONE}


def test_only_what_the_runs_disabled_comes_back(contoso: Organization) -> None:
    ada = equipped(contoso)
    lost = ada.card
    revoke_all(ada.person, CredentialKind.CARD, by=BY)
    set_card(ada.person, "04deadbeef0001", by=BY)
    leaving.suspend(ada.person, by=BY)

    leaving.reactivate(ada.person, by=BY)

    assert ada.opens() == {"pin"}
    ada.card = "04deadbeef0001"
    assert ada.opens() == BACK_WITH
    assert Credential.objects.filter(revoked_at__isnull=False).count() == 1
    assert lost != ada.card


def test_card_taken_back_during_the_absence_stays_taken(contoso: Organization) -> None:
    ada = equipped(contoso)
    leaving.suspend(ada.person, by=BY)
    revoke_all(ada.person, CredentialKind.CARD, by=BY)

    leaving.reactivate(ada.person, by=BY)

    assert ada.opens() == {"pin"}


@pytest.mark.parametrize("trigger", [Trigger.SUSPENDED, Trigger.REMOVED])
def test_within_grace_is_until_the_last_moment(trigger: Trigger, contoso: Organization) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        run = factories.leaver(contoso, trigger)
        clock.move_to(leaving.grace_until(run) - timedelta(microseconds=1))
        assert leaving.within_grace(run.person)
        clock.move_to(leaving.grace_until(run))
        assert not leaving.within_grace(run.person)


def test_reactivation_after_grace_gives_nothing_back(contoso: Organization) -> None:
    ada = equipped(contoso)
    account = factories.account("ada@contoso.example")
    administrator = factories.administrator(contoso, Role.ADMIN, who=account)
    ada.person.work_email = account.email
    ada.person.save()
    with time_machine.travel(timezone.now()) as clock:
        run = leaving.suspend(ada.person, by=BY)
        clock.shift(timedelta(days=30, minutes=1))

        assert leaving.reactivate(ada.person, by=BY) is True

    assert ada.opens() == set()
    assert run is not None
    run.refresh_from_db()
    administrator.refresh_from_db()
    assert run.state == RunState.SUPERSEDED
    assert administrator.disabled_at is not None


def test_restore_after_grace_is_refused(contoso: Organization) -> None:
    with time_machine.travel(timezone.now()) as clock:
        run = factories.leaver(contoso, Trigger.REMOVED)
        clock.shift(timedelta(days=7, minutes=1))

        with pytest.raises(GraceOver):
            leaving.restore(run.person, by=BY)

    run.person.refresh_from_db()
    assert run.person.state == PersonState.REMOVED


def test_restore_is_refused_when_somebody_has_the_name(contoso: Organization) -> None:
    ada = equip(factories.person(contoso, "ada@contoso.example"))
    leaving.remove(ada.person, by=BY)
    factories.person(contoso, "ada@contoso.example")

    with pytest.raises(UserNameTaken):
        leaving.restore(ada.person, by=BY)

    ada.person.refresh_from_db()
    assert ada.person.state == PersonState.REMOVED
    assert ada.person.epoch == 1
    assert ada.opens() == set()


def test_restore_of_somebody_who_is_here_changes_nothing(contoso: Organization) -> None:
    ada = factories.person(contoso)
    events = AuditEvent.objects.count()

    leaving.restore(ada, by=BY)

    assert (ada.version, ada.epoch, AuditEvent.objects.count()) == (1, 0, events)


def test_restore_lifts_a_block(contoso: Organization) -> None:
    ada = equipped(contoso)
    leaving.block(ada.person, by=BY)

    leaving.restore(ada.person, by=BY)

    assert ada.person.blocked_at is None
    assert ada.opens() == BACK_WITH


def test_reattach_brings_the_removed_person_back(contoso: Organization) -> None:
    ada = equipped(contoso)
    leaving.remove(ada.person, by=BY)

    assert leaving.reattach(ada.person, by=BY) is True

    assert ada.opens() == BACK_WITH


def test_reattach_does_not_lift_a_block_nor_wipe_what_unblocking_gives_back(contoso: Organization) -> None:
    ada = equipped(contoso)
    leaving.block(ada.person, by=BY)
    removal = leaving.remove(ada.person, by=BY)

    assert leaving.reattach(ada.person, by=BY) is False

    assert ada.person.state == PersonState.SUSPENDED
    assert ada.opens() == set()
    present = ada.person.runs.get(epoch=ada.person.epoch)
    assert (present.trigger, present.previous) == (Trigger.SUSPENDED, removal)
    assert not Credential.objects.filter(disabled_at__isnull=True).exists()
    with time_machine.travel(leaving.grace_until(removal) + timedelta(minutes=1)):
        perform_due()
        leaving.unblock(ada.person, by=BY)
    assert ada.opens() == BACK_WITH


def test_the_audit_says_that_whom_the_directory_brings_back_is_still_blocked(contoso: Organization) -> None:
    ada = factories.person(contoso)
    leaving.block(ada, by=BY)
    leaving.suspend(ada, by=BY)
    leaving.reactivate(ada, by=BY)
    leaving.remove(ada, by=BY)
    leaving.reattach(ada, by=BY)

    verbs = AuditEvent.objects.filter(object_id=str(ada.pk)).order_by("id").values_list("verb", flat=True)
    assert list(verbs)[1:] == [
        "person.blocked",
        "person.suspended",
        "person.reactivated-still-blocked",
        "person.removed",
        "person.reattached-still-blocked",
    ]


def test_access_taken_by_hand_is_not_given_back(contoso: Organization) -> None:
    administrator = factories.administrator(contoso, Role.HELPDESK)
    administrator.disabled_at = timezone.now()
    administrator.save()
    ada = factories.person(contoso, administrator.account.email)
    leaving.suspend(ada, by=BY)

    leaving.reactivate(ada, by=BY)

    administrator.refresh_from_db()
    assert administrator.disabled_at is not None


@pytest.mark.parametrize("come_back", [leaving.reactivate, leaving.restore])
def test_card_given_to_someone_else_meanwhile_stays_with_them(
    contoso: Organization, come_back: Callable[..., object]
) -> None:
    ada, bob = equipped(contoso), equipped(contoso)
    leaving.suspend(ada.person, by=BY)
    set_card(bob.person, ada.card, by=BY)
    bob.card = ada.card

    come_back(ada.person, by=BY)

    assert bob.opens() == {"card", "pin", "device"}
    assert not ada.person.credentials.filter(kind="card", revoked_at__isnull=True).exists()
    event = AuditEvent.objects.get(verb="card.kept-by-holder")
    assert event.object_id == str(ada.person.pk)
    assert event.details is not None
    assert event.details["last4"] == ada.card[-4:]
    assert event.details["holder"] == str(bob.person.pk)


def test_what_the_console_gave_and_took_asks_the_directory_nothing(contoso: Organization) -> None:
    ada, bob = equipped(contoso), equipped(contoso)
    leaving.suspend(ada.person, by=DIRECTORY)
    set_card(bob.person, ada.card, by=BY)

    leaving.reactivate(ada.person, by=DIRECTORY)

    assert not ReviewItem.objects.exists()


@pytest.mark.parametrize("by", [BY, DIRECTORY])
def test_card_of_the_directory_given_to_someone_else_meanwhile_is_for_an_administrator_to_decide(
    contoso: Organization, by: Actor
) -> None:
    ada, bob = factories.person(contoso), factories.person(contoso)
    set_card(ada, "CARD-4711", by=DIRECTORY)
    leaving.suspend(ada, by=by)
    set_card(bob, "CARD-4711", by=BY)

    leaving.restore(ada, by=by)

    item = ReviewItem.objects.get()
    assert (item.kind, item.person, item.source) == (ReviewKind.CARD_HELD, ada, DIRECTORY.source)
    assert item.details == {"last4": "4711", "holder": str(bob.pk)}


def test_card_given_to_someone_else_under_a_newer_key_is_noticed_too(
    contoso: Organization, settings: Settings
) -> None:
    settings.CREDENTIAL_KEYS = {"old": "a" * 40}
    ada = equipped(contoso)
    leaving.suspend(ada.person, by=BY)
    settings.CREDENTIAL_KEYS = {"new": "b" * 40, "old": "a" * 40}
    bob = factories.person(contoso)
    set_card(bob, ada.card, by=BY)

    leaving.reactivate(ada.person, by=BY)

    assert AuditEvent.objects.get(verb="card.kept-by-holder").object_id == str(ada.person.pk)
    assert Credential.objects.filter(kind="card", disabled_at__isnull=True).get().person == bob


def test_coming_back_over_the_seats_is_flagged_not_refused(contoso: Organization) -> None:
    ada = factories.person(contoso)
    leaving.suspend(ada, by=BY)
    factories.person(contoso)
    contoso.seats = 1
    contoso.save()

    assert leaving.reactivate(ada, by=BY) is True

    assert AuditEvent.objects.filter(verb="person.reactivated", details__over_seats=1).exists()


def test_undo_releases_only_what_the_runs_held(contoso: Organization, hold_jobs: HoldJobs) -> None:
    ada = factories.person(contoso)
    hold_jobs.held[str(ada.pk)] = {"held by its owner"}
    hold_jobs.queue(ada.pk, "letter", "invoice")
    run = leaving.suspend(ada, by=BY)
    perform_due()
    assert hold_jobs.waiting == {}

    leaving.reactivate(ada, by=BY)
    perform_due()

    assert hold_jobs.waiting[str(ada.pk)] == {"letter", "invoice"}
    assert hold_jobs.held[str(ada.pk)] == {"held by its owner"}
    assert run is not None
    run.refresh_from_db()
    assert (run.state, run.next_due_at) == (RunState.UNDONE, None)
    assert run.steps.get(name=hold_jobs.name).state == StepState.UNDONE


def test_undo_of_a_removal_releases_what_the_suspension_held(
    contoso: Organization, hold_jobs: HoldJobs
) -> None:
    ada = factories.person(contoso)
    hold_jobs.queue(ada.pk, "letter")
    leaving.suspend(ada, by=BY)
    perform_due()
    leaving.remove(ada, by=BY)
    perform_due()

    leaving.restore(ada, by=BY)
    perform_due()

    assert hold_jobs.waiting[str(ada.pk)] == {"letter"}


def test_leaving_again_before_the_undo_holds_on_to_what_was_held(
    contoso: Organization, hold_jobs: HoldJobs
) -> None:
    ada = factories.person(contoso)
    hold_jobs.queue(ada.pk, "letter")
    leaving.suspend(ada, by=BY)
    perform_due()
    leaving.reactivate(ada, by=BY)
    leaving.suspend(ada, by=BY)

    perform_due()
    assert hold_jobs.held[str(ada.pk)] == {"letter"}
    assert hold_jobs.undos == []

    leaving.reactivate(ada, by=BY)
    perform_due()
    assert hold_jobs.waiting[str(ada.pk)] == {"letter"}
