"""Two operators, a directory and a worker at the same two rows at once, on PostgreSQL."""

from collections.abc import Callable
from datetime import timedelta
from threading import Thread

import pytest
import time_machine
from django.db import connection, transaction

from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.exceptions import MergedAway
from printmgmt.deprovisioning.merging import merge_people
from printmgmt.deprovisioning.models import StepState, Trigger
from printmgmt.people.credentials import set_card
from printmgmt.people.exceptions import MergeRefused
from printmgmt.people.identification import identify
from printmgmt.people.models import PrintUser
from tests import factories
from tests.due import perform_due
from tests.printmgmt.deprovisioning.test_races import at_once, in_thread
from tests.printmgmt.equipment import equipped

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="races are proven on PostgreSQL"),
]
BY = factories.TESTER


def merging(keep: PrintUser, other: PrintUser) -> Callable[[], object]:
    """The merge as another request makes it: with rows of its own."""
    return lambda: merge_people(PrintUser.objects.get(pk=keep.pk), PrintUser.objects.get(pk=other.pk), by=BY)


def test_two_operators_who_choose_the_other_way_round_make_one_person() -> None:
    contoso = factories.organization()
    for _again in range(5):
        one, two = factories.person(contoso), factories.person(contoso)

        errors = at_once(merging(one, two), merging(two, one))

        assert [type(error) for error in errors] == [MergeRefused]
        assert PrintUser.objects.filter(pk__in=[one.pk, two.pk], merged_into__isnull=False).count() == 1


def test_one_leaver_becomes_part_of_one_person_only() -> None:
    contoso = factories.organization()
    ada = equipped(contoso)
    factories.leaver(contoso, Trigger.REMOVED, who=ada.person)
    rows = [factories.person(contoso) for _each in range(4)]

    errors = at_once(*[merging(row, ada.person) for row in rows])

    assert [type(error) for error in errors] == [MergeRefused] * 3
    ada.person.refresh_from_db()
    assert identify(contoso, card=ada.card) == ada.person.merged_into


def test_a_chain_made_from_both_ends_is_flat() -> None:
    contoso = factories.organization()
    for _again in range(5):
        first, second, last = (factories.person(contoso) for _each in range(3))

        errors = at_once(merging(second, first), merging(last, second))

        assert [type(error) for error in errors] in ([], [MergeRefused])
        assert PrintUser.objects.filter(pk__in=[first.pk, second.pk], merged_into__isnull=False).exists()
        into = PrintUser.objects.filter(merged_into__isnull=False).values("merged_into")
        assert not PrintUser.objects.filter(pk__in=into, merged_into__isnull=False).exists()


def test_a_directory_that_wants_the_leaver_back_meanwhile_waits_and_is_refused() -> None:
    contoso = factories.organization()
    left = factories.leaver(contoso, Trigger.REMOVED).person
    keep = factories.person(contoso)
    errors: list[Exception] = []

    with transaction.atomic():
        merging(keep, left)()
        back = Thread(
            target=in_thread,
            args=(lambda: leaving.reattach(PrintUser.objects.get(pk=left.pk), by=BY), errors),
        )
        back.start()
        back.join(0.5)
        assert back.is_alive()
    back.join()

    assert [type(error) for error in errors] == [MergedAway]
    left.refresh_from_db()
    assert left.merged_into == keep


def test_a_card_given_to_the_other_at_the_last_moment_comes_along_or_is_refused() -> None:
    contoso = factories.organization()
    keep, other = factories.person(contoso), factories.person(contoso)
    card = "04CAFE4711"

    with transaction.atomic():
        set_card(PrintUser.objects.get(pk=other.pk), card, by=BY)
        merge = Thread(target=in_thread, args=(merging(keep, other),))
        merge.start()
        merge.join(0.5)
        assert merge.is_alive()
    merge.join()

    assert identify(contoso, card=card) == keep


def test_the_wipe_and_the_merge_at_once_leave_all_or_nothing() -> None:
    contoso = factories.organization()
    for _again in range(4):
        ada, keep = equipped(contoso), factories.person(contoso)
        run = factories.leaver(contoso, Trigger.REMOVED, who=ada.person)
        run.steps.filter(name="wipe-credentials").update(due_at=run.cut_at)  # a policy changed by hand

        errors = at_once(merging(keep, ada.person), lambda run=run: perform_due(run_id=run.pk))

        assert errors == []
        wiped = run.steps.get(name="wipe-credentials").state == StepState.DONE
        assert identify(contoso, card=ada.card) == (None if wiped else keep)


def test_merges_and_workers_never_wait_in_a_circle() -> None:
    contoso = factories.organization()
    pairs = [(factories.person(contoso), equipped(contoso).person) for _each in range(6)]
    for _keep, other in pairs:
        factories.leaver(contoso, Trigger.REMOVED, who=other)

    with time_machine.travel(pairs[0][1].runs.get().cut_at + timedelta(minutes=20)):
        errors = at_once(
            *[merging(keep, other) for keep, other in pairs],
            *[lambda: [perform_due() for _each in range(5)] for _each in range(2)],
        )

    assert errors == []
    assert PrintUser.objects.filter(merged_into__isnull=False).count() == 6
