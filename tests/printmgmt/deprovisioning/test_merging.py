"""Same person as …: what becomes of two rows that are one human."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from printmgmt.audit.models import AuditEvent
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.exceptions import AlreadyRemoved, MergedAway
from printmgmt.deprovisioning.merge_plan import plan_merge
from printmgmt.deprovisioning.merging import merge_people
from printmgmt.deprovisioning.models import DeprovisionRun, RunState, Trigger
from printmgmt.organizations.models import Organization
from printmgmt.organizations.roles import Role
from printmgmt.people.credentials import set_card, set_pin
from printmgmt.people.exceptions import MergeRefused
from printmgmt.people.identification import identify
from printmgmt.people.models import (
    GroupMembership,
    PersonState,
    PrintGroup,
    PrintUser,
    ReviewAnswer,
    ReviewItem,
    ReviewKind,
    ReviewState,
)
from printmgmt.people.services import update_person
from tests import factories
from tests.due import perform_due
from tests.printmgmt.deprovisioning.held_jobs import HoldJobs
from tests.printmgmt.equipment import equip, equipped

BY = factories.TESTER


def entra(of: Organization, user_name: str = "ada@contoso.example", **fields: Any) -> PrintUser:
    """Someone a directory keeps in step."""
    person = factories.person(of, user_name, **fields)
    PrintUser.objects.filter(pk=person.pk).update(source="azure-ad-user-sync:1")
    person.refresh_from_db()
    return person


def group(of: Organization, name: str, *members: PrintUser, source: str = "console") -> PrintGroup:
    made, _new = PrintGroup.objects.get_or_create(
        organization=of, display_name=name, defaults={"display_name_key": name}
    )
    for person in members:
        GroupMembership.objects.create(group=made, person=person, source=source)
    return made


def question(about: PrintUser, kind: ReviewKind, **details: object) -> ReviewItem:
    return ReviewItem.objects.create(
        organization=about.organization, person=about, kind=kind, key=f"{about.pk}{details}", details=details
    )


def opens(of: Organization, card: str) -> PrintUser | None:
    return identify(of, card=card)


# A person of the console who prints today


def test_the_one_who_stays_keeps_id_name_and_state_and_the_other_is_removed_for_good(
    contoso: Organization,
) -> None:
    keep, other = entra(contoso), factories.person(contoso, "ada")
    version = keep.version

    merge_people(keep, other, by=BY)

    keep.refresh_from_db()
    other.refresh_from_db()
    assert (keep.user_name, keep.state, keep.source) == (
        "ada@contoso.example",
        PersonState.ACTIVE,
        "azure-ad-user-sync:1",
    )
    assert keep.version == version + 1
    assert (other.state, other.merged_into) == (PersonState.REMOVED, keep)
    with pytest.raises(MergedAway):
        leaving.restore(other, by=BY)
    with pytest.raises(MergedAway):
        leaving.reattach(other, by=BY)
    with pytest.raises(AlreadyRemoved):
        leaving.reactivate(other, by=BY)
    assert not leaving.within_grace(other)


def test_cards_and_devices_in_use_go_on_working_but_the_pin_ends(contoso: Organization) -> None:
    keep, other = equipped(contoso), equipped(contoso)

    merged = merge_people(keep.person, other.person, by=BY)

    assert opens(contoso, other.card) == keep.person
    assert identify(contoso, device_token=other.token) == keep.person
    assert identify(contoso, user_name=keep.person.user_name, pin=other.pin) is None
    assert keep.opens() == {"card", "pin", "device"}
    assert not other.person.credentials.filter(revoked_at__isnull=True).exists()
    assert ([card.last4 for card in merged.cards], merged.devices) == ([other.card[-4:]], 1)


def test_nobody_leaves(contoso: Organization) -> None:
    administrator = factories.administrator(contoso, Role.ADMIN, who=factories.account("ada@contoso.example"))
    keep = entra(contoso)
    other = factories.person(contoso, "ada", work_email="ada@contoso.example")

    merge_people(keep, other, by=BY)

    administrator.refresh_from_db()
    assert administrator.disabled_at is None
    assert not DeprovisionRun.objects.filter(organization=contoso).exists()


def test_names_become_former_names_with_their_times(contoso: Organization) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        keep, other = entra(contoso), factories.person(contoso, "byron")
        clock.shift(timedelta(days=1))
        renamed = timezone.now()
        update_person(other, {"user_name": "ada"}, by=BY)
        clock.shift(timedelta(days=1))
        merge_people(keep, other, by=BY)
        now = timezone.now()

    former = keep.aliases.filter(valid_until__isnull=False).values_list("value", "valid_from", "valid_until")
    assert list(former) == [
        ("byron", renamed - timedelta(days=1), renamed),
        ("ada", renamed, now),
    ]
    assert keep.aliases.get(valid_until__isnull=True).value == "ada@contoso.example"
    factories.person(contoso, "ada")  # the name is free


def test_groups_of_the_console_come_along_once_and_in_a_directorys_nobody_is_any_more(
    contoso: Organization,
) -> None:
    keep, other = entra(contoso), factories.person(contoso, "ada")
    group(contoso, "both", keep, other)
    chess = group(contoso, "chess", other)
    staff = group(contoso, "staff", other, source="azure-ad-user-sync:1")

    merged = merge_people(keep, other, by=BY)

    assert set(keep.memberships.values_list("group__display_name", flat=True)) == {"both", "chess"}
    assert merged.memberships == 1
    for seen, version in ((staff, 2), (chess, 1)):  # what the console put there no directory sees
        seen.refresh_from_db()
        assert seen.version == version


def test_both_trails_name_the_other(contoso: Organization) -> None:
    keep, other = entra(contoso, display_name="Ada King"), factories.person(contoso, "ada")

    merge_people(keep, other, by=BY)

    events = AuditEvent.objects.filter(organization=contoso, verb="person.merged")
    same_as = {event.object_id: (event.details or {})["same_as"] for event in events}
    assert same_as == {str(keep.pk): str(other.pk), str(other.pk): str(keep.pk)}
    assert {(event.details or {})["name"] for event in events} == {"Ada King", "ada"}


def test_a_legal_hold_holds_for_both(contoso: Organization) -> None:
    keep, other = entra(contoso), factories.person(contoso, "ada")
    PrintUser.objects.filter(pk=other.pk).update(legal_hold=True)

    merge_people(keep, other, by=BY)

    keep.refresh_from_db()
    assert keep.legal_hold


def test_who_was_merged_before_follows_to_the_one_who_stays_last(contoso: Organization) -> None:
    first, second = factories.person(contoso, "ada.byron"), factories.person(contoso, "ada")
    merge_people(second, first, by=BY)
    keep = entra(contoso)

    merge_people(keep, second, by=BY)

    assert set(keep.row_ids) == {keep.pk, first.pk, second.pk}
    first.refresh_from_db()
    assert first.merged_into == keep


# A leaver who is back


def rehired(contoso: Organization, *, of: PrintUser) -> PrintUser:
    return entra(contoso, of.user_name)


def test_within_grace_a_leavers_cards_and_groups_come_back_to_the_new_row(
    contoso: Organization, hold_jobs: HoldJobs
) -> None:
    ada = equipped(contoso)
    staff = group(contoso, "staff", ada.person, source="azure-ad-user-sync:1")
    group(contoso, "chess", ada.person)
    hold_jobs.queue(ada.person.pk, "letter")
    run = factories.leaver(contoso, Trigger.REMOVED, who=ada.person)
    perform_due()
    keep = rehired(contoso, of=ada.person)

    merge_people(keep, ada.person, by=BY)
    perform_due()

    assert opens(contoso, ada.card) == keep
    assert identify(contoso, device_token=ada.token) is None
    assert identify(contoso, user_name=keep.user_name, pin=ada.pin) is None
    assert {"staff", "chess"} <= set(keep.memberships.values_list("group__display_name", flat=True))
    staff.refresh_from_db()
    assert staff.version == 3  # raised by the leaving, and by the coming back
    run.refresh_from_db()
    assert run.state == RunState.UNDONE
    assert hold_jobs.held[str(ada.person.pk)] == set()


def test_the_wipe_that_was_ordered_leaves_the_cards_of_the_one_who_is_back(contoso: Organization) -> None:
    ada = equipped(contoso)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        run = factories.leaver(contoso, Trigger.REMOVED, who=ada.person)
        keep = rehired(contoso, of=ada.person)
        merge_people(keep, ada.person, by=BY)
        clock.move_to(leaving.grace_until(run) + timedelta(days=1))
        perform_due()

        assert opens(contoso, ada.card) == keep


def test_of_console_access_that_ended_with_the_leaving_the_owners_are_asked(contoso: Organization) -> None:
    ada = factories.person(contoso, "ada@contoso.example")
    administrator = factories.administrator(contoso, Role.ADMIN, who=factories.account("ada@contoso.example"))
    factories.leaver(contoso, Trigger.REMOVED, who=ada)

    merge_people(rehired(contoso, of=ada), ada, by=BY)

    administrator.refresh_from_db()
    assert administrator.disabled_at
    assert administrator.return_pending_since


def test_after_grace_only_names_history_and_the_consoles_groups_come_along(contoso: Organization) -> None:
    ada = equipped(contoso)
    group(contoso, "staff", ada.person, source="azure-ad-user-sync:1")
    group(contoso, "chess", ada.person)
    with time_machine.travel(timezone.now()) as clock:
        run = factories.leaver(contoso, Trigger.REMOVED, who=ada.person)
        perform_due()
        clock.move_to(leaving.grace_until(run))
        perform_due()
        keep = rehired(contoso, of=ada.person)
        merge_people(keep, ada.person, by=BY)

    assert opens(contoso, ada.card) is None
    groups = set(keep.memberships.values_list("group__display_name", flat=True))
    assert "chess" in groups
    assert "staff" not in groups
    assert keep.aliases.filter(valid_until=ada.person.removed_at).exists()
    run.refresh_from_db()
    assert run.state != RunState.UNDONE


def test_a_blocked_leaver_brings_no_card_back(contoso: Organization) -> None:
    ada = equipped(contoso)
    leaving.block(ada.person, by=BY)
    factories.leaver(contoso, Trigger.REMOVED, who=ada.person)

    merge_people(rehired(contoso, of=ada.person), ada.person, by=BY)

    assert opens(contoso, ada.card) is None


def test_somebody_who_may_not_print_gets_nothing_that_opens_a_printer(contoso: Organization) -> None:
    ada = equipped(contoso)
    factories.leaver(contoso, Trigger.REMOVED, who=ada.person)
    keep = rehired(contoso, of=ada.person)
    leaving.suspend(keep, by=BY)

    plan = plan_merge(keep, ada.person)
    merge_people(keep, ada.person, by=BY)
    leaving.reactivate(keep, by=BY)

    assert [card.last4 for card in plan.lost_cards] == [ada.card[-4:]]
    assert opens(contoso, ada.card) is None
    assert ada.person.merged_into == keep


def test_a_card_somebody_else_holds_by_now_stays_there(contoso: Organization) -> None:
    ada = equipped(contoso)
    factories.leaver(contoso, Trigger.REMOVED, who=ada.person)
    bob = factories.person(contoso, "bob@contoso.example")
    set_card(bob, ada.card, by=BY)
    keep = rehired(contoso, of=ada.person)

    plan = plan_merge(keep, ada.person)
    merged = merge_people(keep, ada.person, by=BY)

    assert opens(contoso, ada.card) == bob
    assert [card.last4 for card in merged.held] == [card.last4 for card in plan.held] == [ada.card[-4:]]
    assert (merged.cards, plan.cards) == ([], [])


def test_a_card_the_directory_gave_again_already_is_no_question(contoso: Organization) -> None:
    ada = equipped(contoso)
    factories.leaver(contoso, Trigger.REMOVED, who=ada.person)
    keep = rehired(contoso, of=ada.person)
    set_card(keep, ada.card, by=BY)

    merged = merge_people(keep, ada.person, by=BY)

    assert opens(contoso, ada.card) == keep
    assert (merged.cards, merged.held) == ([], [])


def test_a_suspended_person_of_the_console_comes_back_as_the_one_who_is_here(contoso: Organization) -> None:
    ada = equipped(contoso)
    leaving.suspend(ada.person, by=BY)
    keep = entra(contoso)

    merge_people(keep, ada.person, by=BY)

    assert opens(contoso, ada.card) == keep
    assert ada.person.runs.get().state == RunState.UNDONE


# What is refused


def test_what_cannot_become_one_is_refused_and_changes_nothing(contoso: Organization) -> None:
    keep, synced = entra(contoso), entra(contoso, "ada")
    left = factories.leaver(contoso, Trigger.REMOVED).person
    stranger = factories.person(factories.organization("Fabrikam"))
    erased = factories.leaver(contoso, Trigger.REMOVED).person
    PrintUser.objects.filter(pk=erased.pk).update(anonymised_at=timezone.now(), state="anonymised")
    suspended = factories.leaver(contoso).person
    pairs = {
        "is managed by a directory": (keep, synced),
        "was removed": (left, keep),
        "two different": (keep, stranger),
        "two different people": (keep, keep),
        "erased": (keep, erased),
        "cannot. End": (suspended, factories.person(contoso)),
    }

    for reason, (one, another) in pairs.items():
        with pytest.raises(MergeRefused, match=reason):
            merge_people(one, another, by=BY)

    assert not PrintUser.objects.filter(merged_into__isnull=False).exists()
    assert not AuditEvent.objects.filter(verb="person.merged").exists()


def test_doing_it_again_is_refused(contoso: Organization) -> None:
    keep, other = entra(contoso), factories.person(contoso, "ada")
    merge_people(keep, other, by=BY)

    with pytest.raises(MergeRefused, match="ada has already been merged into someone"):
        merge_people(keep, other, by=BY)
    with pytest.raises(MergeRefused, match="ada has already been merged"):
        merge_people(other, factories.person(contoso), by=BY)


def test_the_database_refuses_a_merged_row_that_is_here_or_its_own_past(contoso: Organization) -> None:
    keep, other = factories.person(contoso), factories.person(contoso)
    left = factories.leaver(contoso, Trigger.REMOVED).person

    for row, into in ((other, keep), (left, left)):
        with pytest.raises(IntegrityError, match="person_merged_is_removed"), transaction.atomic():
            PrintUser.objects.filter(pk=row.pk).update(merged_into=into)


# Questions that wait


def test_questions_about_the_other_are_closed_and_the_one_it_answers_is_answered(
    contoso: Organization,
) -> None:
    ada = factories.leaver(contoso, Trigger.REMOVED).person
    twin = factories.leaver(contoso, Trigger.REMOVED).person
    keep = rehired(contoso, of=ada)
    answered = question(keep, ReviewKind.REHIRE, tombstones=[str(ada.pk), str(twin.pk)])
    about = question(ada, ReviewKind.LINK)
    others = question(factories.person(contoso), ReviewKind.REHIRE, tombstones=[str(twin.pk)])
    account = factories.account()

    merge_people(keep, ada, by=BY, account=account)

    states = {item.pk: item for item in ReviewItem.objects.all()}
    assert states[answered.pk].state == ReviewState.APPROVED
    assert states[answered.pk].decided_by == account
    assert (states[about.pk].state, states[about.pk].answer) == (ReviewState.CLOSED, ReviewAnswer.SAME)
    assert states[about.pk].decided_by == account
    assert states[others.pk].state == ReviewState.OPEN


def test_a_card_wanted_from_the_other_is_there_or_is_asked_of_the_one_who_stays(
    contoso: Organization,
) -> None:
    keep, other, bob = entra(contoso), factories.person(contoso, "ada"), factories.person(contoso)
    set_card(other, "CARD-4711", by=BY)
    own = question(keep, ReviewKind.CARD_HELD, last4="4711", holder=str(other.pk))
    bobs = question(bob, ReviewKind.CARD_HELD, last4="4711", holder=str(other.pk))

    merge_people(keep, other, by=BY)

    own.refresh_from_db()
    bobs.refresh_from_db()
    assert (own.state, own.answer) == (ReviewState.CLOSED, ReviewAnswer.CARD_THERE)
    assert (bobs.state, bobs.details["holder"]) == (ReviewState.OPEN, str(keep.pk))


def test_a_card_wanted_from_someone_blocked_is_not_shown_as_assigned(contoso: Organization) -> None:
    keep, ada = entra(contoso), equip(factories.person(contoso, "ada"))
    set_pin(keep, "1234", by=BY)
    own = question(keep, ReviewKind.CARD_HELD, last4=ada.card[-4:], holder=str(ada.person.pk))
    leaving.block(ada.person, by=BY)

    merge_people(keep, ada.person, by=BY)

    own.refresh_from_db()
    assert (own.state, own.answer) == (ReviewState.CLOSED, ReviewAnswer.CARD_FREE)
