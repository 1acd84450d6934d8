"""What a leaving would do, before anyone orders it; looking changes nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from demo.cupsd import STUCK_DEVICE, PrivateCups
from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.foreseen import Effect
from printmgmt.deprovisioning.models import LeavingPolicy, Trigger, WaitingJobs
from printmgmt.deprovisioning.preview import LeavingPreview, preview_leaving
from printmgmt.organizations.models import Administrator, Organization
from printmgmt.organizations.roles import Role
from printmgmt.people.models import PrintUser
from printmgmt.printing.models import JobState, Printer, ServerRound
from tests import factories
from tests.due import perform_due
from tests.printmgmt.deprovisioning.steps.conftest import shown
from tests.printmgmt.equipment import equip
from tests.printmgmt.printing import equipment

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(contoso: Organization) -> Administrator:
    return contoso.administrators.get()


@pytest.fixture
def front(contoso: Organization) -> Printer:
    return equipment.printer(equipment.print_server(contoso, user_name="operator"), "front")


def numbers(preview: LeavingPreview) -> dict[str, int]:
    """The totals that are not 0, which are also what each person is counted with."""
    totals = {total.effect.value: total.number for total in preview.totals}
    people = list(preview.people)
    assert totals == {
        effect.value: sum(effect.number(person) for person in people) for effect in preview.effects
    }
    assert preview.number == len(people)
    return {effect: number for effect, number in totals.items() if number}


def preview_of(owner: Administrator, trigger: Trigger = Trigger.SUSPENDED, **options: Any) -> LeavingPreview:
    return preview_leaving(PrintUser.objects.of(owner.organization), trigger, by=owner, **options)


def test_each_effect_is_counted(contoso: Organization, owner: Administrator, front: Printer) -> None:
    ada = equip(factories.person(contoso, "ada@contoso.example")).person
    bob = factories.person(contoso, "bob@contoso.example")
    equipment.print_job(front, ada, state=JobState.PENDING, hold_until="no-hold")
    equipment.print_job(front, ada, state=JobState.HELD, hold_until="night")
    equipment.print_job(front, ada)
    equipment.print_job(front, bob, state=JobState.PROCESSING)
    equipment.print_job(front, bob, state=JobState.COMPLETED)

    suspended = preview_of(owner)
    removed = preview_of(owner, Trigger.REMOVED)

    common = {"cards": 1, "pins": 1, "devices": 1, "held": 2, "closed": 2, "canceled": 3, "seats": 2}
    assert numbers(suspended) == common
    assert numbers(removed) == {**common, "erased": 2}
    assert {total.effect.value: total.days for total in removed.totals if total.days} == {
        "canceled": 7,
        "erased": 7,
    }
    by_name = {person.user_name: person for person in suspended.people}
    assert Effect.HELD.number(by_name[ada.user_name]) == 2
    assert Effect.CANCELED.number(by_name[bob.user_name]) == 0


def test_jobs_that_no_step_would_touch_are_not_counted(contoso: Organization, owner: Administrator) -> None:
    """Servers without a login, paused and removed ones, and jobs from before a server was set up again."""
    ada = factories.person(contoso)
    now = timezone.now()
    for columns in ({"user_name": ""}, {"paused_at": now}, {"removed_at": now}):
        server = equipment.print_server(contoso, **{"user_name": "operator", **columns})
        equipment.print_job(equipment.printer(server), ada, state=JobState.PENDING)
    rebuilt = equipment.printer(equipment.print_server(contoso, user_name="operator", generation=2))
    equipment.print_job(rebuilt, ada, state=JobState.PENDING, generation=1)
    equipment.print_job(rebuilt, ada, state=JobState.PENDING, gone_at=now)

    assert numbers(preview_of(owner)) == {"closed": 1, "seats": 1}
    Printer.objects.filter(server=rebuilt.server).update(missing_since=now)
    assert numbers(preview_of(owner)) == {"seats": 1}


def test_under_another_policy_jobs_are_canceled_at_once(
    contoso: Organization, owner: Administrator, front: Printer
) -> None:
    equipment.print_job(front, factories.person(contoso), state=JobState.PENDING, hold_until="no-hold")
    draft = LeavingPolicy(organization=contoso, waiting_jobs=WaitingJobs.PURGE)

    preview = preview_of(owner, policy=draft)

    assert numbers(preview) == {"closed": 1, "canceled": 1, "seats": 1}
    assert all(total.days == 0 for total in preview.totals)
    assert not LeavingPolicy.objects.exists()


def test_who_has_left_already_is_left_out_unless_there_is_more_to_take(
    contoso: Organization, owner: Administrator
) -> None:
    suspended, removed = equip(factories.person(contoso)).person, factories.person(contoso)
    leaving.suspend(suspended, by=factories.TESTER)
    leaving.remove(removed, by=factories.TESTER)

    assert numbers(preview_of(owner)) == {}
    assert numbers(preview_of(owner, Trigger.REMOVED)) == {"erased": 2}
    assert [person.pk for person in preview_of(owner, Trigger.REMOVED).people] == [suspended.pk]


def test_console_access_is_counted_where_it_would_end(contoso: Organization, owner: Administrator) -> None:
    """Not one's own, and not by someone who may not end it."""
    helper = factories.administrator(contoso, Role.HELPDESK)
    factories.person(contoso, helper.account.email)
    factories.person(contoso, "private", work_email=owner.account.email)

    assert numbers(preview_of(owner)) == {"seats": 2, "console": 1}
    assert numbers(preview_of(helper)) == {"seats": 2}


def test_people_of_another_organization_are_never_counted(owner: Administrator) -> None:
    other = factories.organization("Fabrikam")
    equip(factories.person(other))

    preview = preview_leaving(PrintUser.objects.all(), Trigger.SUSPENDED, by=owner)

    assert numbers(preview) == {}


def test_it_says_when_the_server_read_longest_ago_was_read(
    contoso: Organization, owner: Administrator
) -> None:
    now = timezone.now()
    for minutes in (5, 1):
        server = equipment.print_server(contoso, user_name="operator")
        read = now - timedelta(minutes=minutes)
        ServerRound.objects.create(organization=contoso, server=server, jobs_read_at=read)

    assert preview_of(owner).read_at == now - timedelta(minutes=5)


@pytest.mark.parametrize("trigger", list(Trigger))
def test_many_people_take_the_same_statements_as_one(
    trigger: Trigger, contoso: Organization, owner: Administrator, front: Printer
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            preview = preview_of(owner, trigger)
            assert preview.number
            assert preview.totals
            assert list(preview.people[:50])
        return len(captured)

    equip(factories.person(contoso))
    one = cost()
    for _each in range(60):
        equipment.print_job(front, equip(factories.person(contoso)).person, state=JobState.PENDING)

    # The policy, the administrators among them, how many people, who they are, and each total that may be.
    assert (one, cost()) == {Trigger.SUSPENDED: (11, 11), Trigger.REMOVED: (12, 12)}[trigger]


def everything() -> dict[str, list[Any]]:
    """All rows of all tables."""
    return {
        model._meta.label: list(model.objects.order_by("pk").values_list()) for model in apps.get_models()
    }


def test_looking_changes_no_row_and_no_job(contoso: Organization, cups: PrivateCups) -> None:
    cups.add_queue("front", device=STUCK_DEVICE, stopped=True)
    server = equipment.operated(contoso, cups)
    equipment.printer(server, "front")
    ada = equip(factories.person(contoso, "ada@contoso.example")).person
    job = cups.submit("front", "ada@contoso.example")
    perform_due()
    before, there = everything(), shown(cups, job)

    for trigger in Trigger:
        preview = preview_of(contoso.administrators.get(), trigger)
        assert [person.pk for person in preview.people] == [ada.pk]
        assert preview.totals

    assert everything() == before
    assert shown(cups, job) == there
