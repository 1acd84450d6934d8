"""What people who left still hold: found, with the reason, and counted alike by rows and by queries."""

from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.merging import merge_people
from printmgmt.deprovisioning.models import DeprovisionRun, DeprovisionStep, StepState, Trigger
from printmgmt.deprovisioning.still_holding.finding import Holding, holdings_of
from printmgmt.deprovisioning.still_holding.reasons import Why
from printmgmt.deprovisioning.still_holding.things import Kind, people_holding, without_step_ahead
from printmgmt.organizations.models import Organization
from printmgmt.organizations.roles import Role
from printmgmt.people.models import Credential, Device, PrintUser
from printmgmt.printing.models import JobState, PrintJob, PrintServer
from tests import factories, many
from tests.printmgmt.equipment import equip
from tests.printmgmt.printing import equipment

pytestmark = pytest.mark.django_db

BY = factories.TESTER


@pytest.fixture
def contoso() -> Organization:
    return factories.organization("Contoso")


@pytest.fixture
def server(contoso: Organization) -> PrintServer:
    """One that steps act on."""
    return factories.print_server(contoso, "Front office")


def holdings(person: PrintUser) -> list[tuple[Kind, Why]]:
    person.refresh_from_db()
    found = holdings_of(person.organization, [person]).get(person.pk, [])
    return [(each.kind, each.reason.why) for each in found]


def holds(person: PrintUser) -> bool:
    people = PrintUser.objects.of(person.organization)
    return people.filter(people_holding(person.organization), pk=person.pk).exists()


def needs_action(person: PrintUser) -> bool:
    holding = people_holding(person.organization, without_step_ahead)
    return PrintUser.objects.of(person.organization).filter(holding, pk=person.pk).exists()


def job_of(person: PrintUser, server: PrintServer, **columns: object) -> PrintJob:
    at = server.printers.first() or equipment.printer(server)
    return equipment.print_job(at, person, **columns)


def test_who_may_print_and_who_left_with_nothing_are_not_found(
    contoso: Organization, server: PrintServer
) -> None:
    here = equip(factories.person(contoso)).person
    job_of(here, server)
    left = factories.leaver(contoso, who=equip(factories.person(contoso)).person).person
    job_of(left, server, state=JobState.COMPLETED)

    assert not holds(here)
    assert not holds(left)
    assert not needs_action(left)
    assert holdings(left) == []


def test_cards_pins_and_devices_that_work_need_someone(contoso: Organization) -> None:
    left = factories.leaver(contoso, Trigger.REMOVED, who=equip(factories.person(contoso)).person).person
    Credential.objects.filter(person=left).update(disabled_at=None)
    Device.objects.filter(person=left).update(revoked_at=None)

    assert sorted(kind for kind, _why in holdings(left)) == [Kind.CARD, Kind.DEVICE, Kind.PIN]
    assert {why for _kind, why in holdings(left)} == {Why.NO_STEP}
    assert holds(left)
    assert needs_action(left)


def test_a_device_that_is_still_connected_waits_for_its_step(contoso: Organization) -> None:
    equipped = equip(factories.person(contoso))
    Device.objects.filter(pk=equipped.device.pk).update(connected_since=timezone.now())
    run = factories.leaver(contoso, who=equipped.person)

    assert holdings(equipped.person) == [(Kind.DEVICE, Why.WORKING)]
    assert not needs_action(equipped.person)

    run.steps.filter(name="end-device-connections").update(state=StepState.ATTENTION)
    assert holdings(equipped.person) == [(Kind.DEVICE, Why.FAILED)]
    assert needs_action(equipped.person)


def test_jobs_that_wait_for_the_end_of_the_restore_period_are_said_to(
    contoso: Organization, server: PrintServer
) -> None:
    left = factories.leaver(contoso).person
    for _each in range(3):
        job_of(left, server)
    DeprovisionStep.objects.filter(name="hold-jobs").update(state=StepState.DONE)

    (found,) = holdings_of(contoso, [left])[left.pk]

    assert (found.kind, found.number, found.name) == (Kind.JOBS, 3, "Front office")
    assert (found.reason.why, found.reason.step) == (Why.DATED, left.runs.get().steps.get(name="cancel-jobs"))
    assert holds(left)
    assert not needs_action(left)


JOBS: dict[str, dict[str, Any]] = {
    "pending": {"state": JobState.PENDING, "hold_until": "no-hold"},
    "tonight": {"state": JobState.HELD, "hold_until": "night"},
    "held": {"state": JobState.HELD, "hold_until": "indefinite"},
    "prints": {"state": JobState.PROCESSING},
}
STATES = [None, *StepState]


@pytest.mark.parametrize("job", JOBS)
def test_rows_and_queries_agree_about_every_job(contoso: Organization, server: PrintServer, job: str) -> None:
    """Whatever state its two steps are in, or whether there are none: a person for each pair of states."""
    pattern = factories.leaver(contoso)
    steps = {step.name: step for step in pattern.steps.all()}
    pairs = list(product(STATES, STATES))
    runs = many.leavers(contoso, range(len(pairs)))
    DeprovisionRun.objects.filter(pk__in=[run.pk for run in runs]).update(state=pattern.state)
    states = {run.person_id: pair for run, pair in zip(runs, pairs, strict=True)}
    for run in runs:
        job_of(run.person, server, **JOBS[job])
        for name, state in zip(("hold-jobs", "cancel-jobs"), states[run.person_id], strict=True):
            # Without one: it acts on another server.
            target = str(server.pk) if state else str(contoso.pk)
            step = steps[name]
            step.pk, step.run, step.state, step.target_id = None, run, state or StepState.PENDING, target
            step.save(force_insert=True)

    found = holdings_of(contoso, [run.person for run in runs])
    acting = PrintUser.objects.of(contoso).filter(people_holding(contoso, without_step_ahead))
    in_need = set(acting.values_list("pk", flat=True))

    assert found.keys() == states.keys()
    seen = set()
    for person, (one,) in found.items():
        assert (person in in_need) == one.reason.why.needs_someone, (states[person], one)
        seen.add(one.reason.why)
    assert len(seen) == 1 if job == "prints" else len(seen) > 4


def test_a_server_that_steps_do_not_act_on_is_named_as_the_reason(contoso: Organization) -> None:
    without_login = factories.print_server(contoso, user_name="")
    left = factories.leaver(contoso).person
    job_of(left, without_login)

    assert holdings(left) == [(Kind.JOBS, Why.UNREACHED)]
    assert needs_action(left)


def test_steps_of_an_absence_that_is_over_promise_nothing(contoso: Organization, server: PrintServer) -> None:
    person = factories.leaver(contoso).person
    DeprovisionStep.objects.filter(run__person=person).update(state=StepState.DONE)
    leaving.reactivate(person, by=BY)
    leaving.suspend(person, by=BY)
    job_of(person, server)
    DeprovisionStep.objects.filter(run__epoch=person.epoch, name="cancel-jobs").delete()
    DeprovisionStep.objects.filter(run__person=person, name="cancel-jobs").update(state=StepState.PENDING)

    assert holdings(person) == [(Kind.JOBS, Why.NO_STEP)]
    assert needs_action(person)


def test_jobs_of_a_merged_row_are_the_survivors(contoso: Organization, server: PrintServer) -> None:
    keep, other = factories.person(contoso), factories.person(contoso)
    job_of(other, server)
    merge_people(keep, other, by=BY)

    assert not holds(keep)
    assert not holds(other)

    leaving.suspend(keep, by=BY)
    assert [kind for kind, _why in holdings(keep)] == [Kind.JOBS]
    assert holds(keep)
    assert not holds(other)


def test_console_access_that_an_owner_must_decide_about(contoso: Organization) -> None:
    account = factories.account("ada@contoso.example")
    administrator = factories.administrator(contoso, Role.ADMIN, who=account)
    run = factories.leaver(contoso, who=factories.person(contoso, "ada@contoso.example"))
    administrator.refresh_from_db()
    administrator.disabled_at, administrator.kept_by_run = None, run.pk
    administrator.save()

    assert holdings(run.person) == [(Kind.CONSOLE, Why.UNDECIDED)]
    assert needs_action(run.person)

    administrator.kept_by_run = None
    administrator.save()
    assert holdings(run.person) == [(Kind.CONSOLE, Why.KEPT)]
    assert holds(run.person)
    assert not needs_action(run.person)


def test_another_person_who_may_print_with_that_address_keeps_the_console(contoso: Organization) -> None:
    factories.administrator(contoso, Role.ADMIN, who=factories.account("ada@contoso.example"))
    left = factories.leaver(contoso, Trigger.REMOVED, who=factories.person(contoso, "ada@contoso.example"))
    contoso.administrators.update(disabled_at=None, disabled_by_run=None)
    factories.person(contoso, "ada@contoso.example")

    assert not holds(left.person)
    assert holdings(left.person) == []


def test_another_organization_is_left_alone(contoso: Organization, server: PrintServer) -> None:
    left = factories.leaver(contoso).person
    job_of(left, server)
    other = factories.organization("Fabrikam")

    assert not PrintUser.objects.filter(people_holding(other)).exists()
    assert holdings_of(other, [left]) == {}


@pytest.mark.parametrize("number", [1, 5])
def test_six_statements_however_many_people(
    contoso: Organization, server: PrintServer, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    people = [factories.leaver(contoso).person for _each in range(number)]
    for person in people:
        job_of(person, server)
    with django_assert_num_queries(6):
        found = holdings_of(contoso, people)
    assert len(found) == number
    assert holdings_of(contoso, []) == {}


def test_what_needs_someone_comes_first(contoso: Organization, server: PrintServer) -> None:
    person = equip(factories.person(contoso)).person
    job_of(person, server, submitted_at=timezone.now() - timedelta(days=9))
    run = factories.leaver(contoso, who=person)
    run.steps.filter(name="hold-jobs").update(state=StepState.DONE)
    Credential.objects.filter(person=person, kind="card").update(disabled_at=None)

    found: list[Holding] = holdings_of(contoso, [person])[person.pk]

    assert [each.kind for each in found] == [Kind.CARD, Kind.JOBS]
