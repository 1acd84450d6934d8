"""Leave, come back, leave again, with messages late, doubled, out of order: the last word counts."""

import random

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.models import DeprovisionRun, DeprovisionStep, StepState
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser
from tests import factories
from tests.due import perform_due
from tests.printmgmt.deprovisioning.held_jobs import HoldJobs
from tests.printmgmt.equipment import equipped
from tests.proofs import rounds

BY = factories.TESTER


def change(person: PrintUser, what: str) -> None:
    if what in ("enable", "disable"):
        if person.removed_at:
            return
        (leaving.reactivate if what == "enable" else leaving.suspend)(person, by=BY)
    elif what == "remove":
        if not person.removed_at:
            leaving.remove(person, by=BY)
    elif what == "block":
        if not person.removed_at:
            leaving.block(person, by=BY)
    elif what == "unblock":
        if not person.removed_at:
            leaving.unblock(person, by=BY)
    else:
        leaving.reattach(person, by=BY)


def deliver(person: PrintUser, which: int) -> None:
    """A nudge arrives, for any run there ever was: late, twice, or before an earlier one."""
    runs = list(DeprovisionRun.objects.filter(person=person).order_by("epoch"))
    if runs:
        perform_due(run_id=runs[which % len(runs)].pk)


CHANGES = st.sampled_from(["disable", "enable", "remove", "reattach", "block", "unblock"])
EVENTS = st.lists(st.one_of(CHANGES, st.integers(0, 9)), min_size=2, max_size=14)


@pytest.mark.parametrize("examples", rounds(25, proof=300))
def test_whatever_the_order_the_effects_are_those_of_the_last_change(
    examples: int, contoso: Organization, hold_jobs: HoldJobs
) -> None:
    @settings(max_examples=examples, deadline=None, derandomize=True)
    @given(events=EVENTS)
    def check(events: list[str | int]) -> None:
        check_last_change_counts(contoso, hold_jobs, events)

    check()


def check_last_change_counts(contoso: Organization, hold_jobs: HoldJobs, events: list[str | int]) -> None:
    """Let ``events`` happen to a person, in this order; what works for them then is the last one's doing."""
    with transaction.atomic():
        ada = equipped(contoso)
        hold_jobs.queue(ada.person.pk, "letter", "invoice")
        for event in events:
            if isinstance(event, int):
                deliver(ada.person, event)
            else:
                change(ada.person, event)
        perform_due()

        here = not ada.person.is_gone
        left = ada.person.epoch > 0
        assert ada.opens() == ({"card", "pin"} | (set() if left else {"device"}) if here else set())
        key = str(ada.person.pk)
        everything = {"letter", "invoice"}
        assert hold_jobs.waiting.get(key, set()) == (everything if here else set())
        assert hold_jobs.held.get(key, set()) == (set() if here else everything)
        unfinished = DeprovisionStep.objects.filter(run__person=ada.person, name=hold_jobs.name).exclude(
            state__in=[StepState.DONE, StepState.SUPERSEDED, StepState.UNDONE]
        )
        assert not unfinished.exists()


@pytest.mark.parametrize("number", rounds(40, proof=500))
def test_people_disabled_enabled_disabled_with_messages_shuffled(
    number: int, seed: int, contoso: Organization, hold_jobs: HoldJobs
) -> None:
    order = random.Random(seed)  # noqa: S311 -- a repeatable shuffle
    people = [factories.person(contoso) for _ in range(number)]
    for person in people:
        hold_jobs.queue(person.pk, f"job of {person.pk}")
    pending = [(person, what) for person in people for what in ("disable", "enable", "disable")]
    # Each person's own changes keep their order, as the directory sends them; all else is mixed.
    slots = [person for person, _what in pending]
    order.shuffle(slots)
    todo = {person: iter(("disable", "enable", "disable")) for person in people}
    for person in slots:
        change(person, next(todo[person]))
        if order.random() < 0.5:
            deliver(order.choice(people), order.randrange(9))
    perform_due()

    assert all(not jobs for jobs in hold_jobs.waiting.values())
    assert {person: jobs for person, jobs in hold_jobs.held.items() if jobs} == {
        str(person.pk): {f"job of {person.pk}"} for person in people
    }
