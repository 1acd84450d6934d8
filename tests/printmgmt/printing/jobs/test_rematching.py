"""Past jobs follow the setting *local part too*: by workers, beside claims and rounds."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from printmgmt.audit.models import AuditEvent
from printmgmt.console.settings.organization import SETTINGS, change_settings
from printmgmt.deprovisioning.merging import merge_people
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintAlias, PrintUser
from printmgmt.people.names import name_key
from printmgmt.printing.jobs import matching, rematching
from printmgmt.printing.jobs.claims import claim_job, undo_claim
from printmgmt.printing.jobs.rematching import Rematches, order_rematch, take_turn
from printmgmt.printing.models import JobState, OwnerDoubt, PrintJob, PrintServer, Rematch, ServerRound
from printmgmt.work.claims import Claim, LeaseLost, claim
from printmgmt.work.runner import perform_due
from tests import factories
from tests.printmgmt.console.groups.test_races import overtaken

BY = factories.TESTER
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
UNKNOWN = OwnerDoubt.UNKNOWN


@pytest.fixture
def contoso(db: None) -> Organization:
    return factories.organization("Contoso")


@pytest.fixture
def ada(contoso: Organization) -> PrintUser:
    return factories.person(contoso, "ada@contoso.example")


def past(of: Organization, owner: str, person: PrintUser | None = None, **columns: Any) -> PrintJob:
    """A job that was printed, and whose owner was looked for then."""
    server, _made = PrintServer.objects.get_or_create(
        organization=of, defaults={"name": "Hall", "uri": "ipp://print.contoso.example/"}
    )
    values = {
        "remote_id": server.jobs.count() + 1,
        "state": JobState.COMPLETED,
        "submitted_at": NOON,
        "owner_text": owner,
        "owner_key": name_key(owner),
        "doubt": "" if person else UNKNOWN,
    } | columns
    return PrintJob.objects.create(organization=of, server=server, person=person, **values)


def switch(of: Organization, on: bool) -> None:
    """As the settings page does it."""
    row = Organization.objects.get(pk=of.pk)
    settings = {name: getattr(row, name) for name in SETTINGS}
    change_settings(row, {**settings, "match_local_part": on}, by=BY)


def work() -> int:
    Rematch.objects.update(due_at=timezone.now())
    return perform_due(Rematches())


def owners(*jobs: PrintJob) -> list[object]:
    found = PrintJob.objects.in_bulk([job.pk for job in jobs])
    return [found[job.pk].person_id or found[job.pk].doubt for job in jobs]


def set_off(of: Organization) -> None:
    """The setting is off, and always was."""
    Organization.objects.filter(pk=of.pk).update(match_local_part=False)


@pytest.mark.both_databases
def test_switched_on_past_jobs_get_the_owner_whose_local_part_it_is(
    contoso: Organization, ada: PrintUser
) -> None:
    set_off(contoso)
    for name in ("bob@contoso.example", "bob@fabrikam.example"):
        factories.person(contoso, name)
    job, whole = past(contoso, "Ada"), past(contoso, "ada@fabrikam.example")
    bobs, hidden = past(contoso, "bob"), past(contoso, "", doubt=OwnerDoubt.HIDDEN)
    theirs = past(factories.organization("Fabrikam"), "ada")

    switch(contoso, on=True)
    assert owners(job) == [UNKNOWN]
    assert work() == 1

    assert owners(job, whole, bobs, hidden, theirs) == [
        *(ada.pk, UNKNOWN, OwnerDoubt.AMBIGUOUS, OwnerDoubt.HIDDEN, UNKNOWN)
    ]
    row = Rematch.objects.get()
    assert (row.checked, row.assigned, row.unassigned, row.finished_at is not None) == (2, 1, 0, True)
    event = AuditEvent.objects.get(verb="organization.jobs-matched")
    assert event.details is not None
    assert (event.details["jobs"], event.details["assigned"], event.details["unassigned"]) == (2, 1, 0)
    assert work() == 0


@pytest.mark.both_databases
def test_switched_off_only_what_the_local_part_alone_matched_is_unassigned(
    contoso: Organization, ada: PrintUser
) -> None:
    short = factories.person(contoso, "bob")
    local, whole = past(contoso, "ada", ada), past(contoso, "ada@contoso.example", ada)
    bobs, doubtful = past(contoso, "BOB", short), past(contoso, "carl", doubt=OwnerDoubt.AMBIGUOUS)

    switch(contoso, on=False)
    work()

    assert owners(local, whole, bobs, doubtful) == [UNKNOWN, ada.pk, short.pk, UNKNOWN]
    row = Rematch.objects.get()
    assert (row.checked, row.assigned, row.unassigned) == (3, 0, 1)

    switch(contoso, on=True)
    work()
    assert owners(local, bobs) == [ada.pk, short.pk]


def test_switched_off_a_name_that_was_once_theirs_or_is_cut_stays_theirs(
    contoso: Organization, ada: PrintUser
) -> None:
    """Today's names may say otherwise of a job: not because of the setting."""
    before = PrintAlias.objects.create(
        organization=contoso,
        person=ada,
        value="aw",
        value_key="aw",
        valid_from=NOON - timedelta(days=9),
        valid_until=NOON + timedelta(days=9),
    )
    factories.person(contoso, "aw")
    long = factories.person(contoso, f"{'x' * 40}@contoso.example")
    reused, cut = past(contoso, before.value, ada), past(contoso, "x" * 32, long)

    switch(contoso, on=False)
    work()

    assert owners(reused, cut) == [ada.pk, long.pk]


def test_switched_off_jobs_of_merged_people_stay_theirs(contoso: Organization, ada: PrintUser) -> None:
    other = factories.person(contoso, "al")
    job = past(contoso, "al", other)
    merge_people(ada, other, by=BY)

    switch(contoso, on=False)
    work()

    assert owners(job) == [other.pk]


@pytest.mark.both_databases
def test_what_the_help_desk_said_stays(contoso: Organization, ada: PrintUser) -> None:
    set_off(contoso)
    zoe = factories.person(contoso, "zoe@contoso.example")
    factories.person(contoso, "bob")
    by_name, alone = past(contoso, "ada"), past(contoso, "bob", doubt=OwnerDoubt.REUSED)
    claim_job(by_name, zoe, by=BY)
    assert claim_job(alone, zoe, by=BY).alias is None

    for on in (True, False):
        switch(contoso, on=on)
        work()
        assert owners(by_name, alone) == [zoe.pk, zoe.pk]

    undo_claim(PrintJob.objects.get(pk=alone.pk), by=BY)
    assert owners(alone) != [zoe.pk]
    assert not PrintJob.objects.filter(claimed=True).exists()


def test_only_the_switch_orders_it(contoso: Organization) -> None:
    row = Organization.objects.get(pk=contoso.pk)
    change_settings(row, {**{name: getattr(row, name) for name in SETTINGS}, "name": "C"}, by=BY)

    assert not Rematch.objects.exists()


# In turns


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Turns of two jobs."""
    monkeypatch.setattr(matching, "CHUNK", 2)
    monkeypatch.setattr(rematching, "CHUNK", 2)


def taken() -> Claim[Rematch]:
    """The order, by a worker that has just taken it."""
    row = Rematch.objects.get()
    assert claim(Rematch.objects.all(), row.pk, "worker", Rematches.lease)
    return Claim(Rematches().load(row.pk), "worker", Rematches.lease)


def test_a_worker_that_dies_loses_one_turn(contoso: Organization, ada: PrintUser, small: None) -> None:
    set_off(contoso)
    jobs = [past(contoso, "ada") for _ in range(5)]
    switch(contoso, on=True)
    first = taken()
    assert take_turn(first)
    Rematch.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    assert work() == 1

    assert owners(*jobs) == [ada.pk] * 5
    row = Rematch.objects.get()
    assert (row.checked, row.assigned) == (5, 5)
    with pytest.raises(LeaseLost):
        take_turn(first)


def test_switched_back_in_the_middle_it_begins_anew(
    contoso: Organization, ada: PrintUser, small: None
) -> None:
    set_off(contoso)
    jobs = [past(contoso, "ada") for _ in range(5)]
    switch(contoso, on=True)
    first = taken()
    take_turn(first)
    assert owners(*jobs).count(ada.pk) == 2

    switch(contoso, on=False)
    with pytest.raises(LeaseLost):
        take_turn(first)
    work()

    assert owners(*jobs) == [UNKNOWN] * 5
    assert (Rematch.objects.get().checked, Rematch.objects.get().unassigned) == (5, 2)


def test_after_some_seconds_other_work_has_its_turn(
    contoso: Organization, ada: PrintUser, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_off(contoso)
    jobs = [past(contoso, "ada") for _ in range(5)]
    switch(contoso, on=True)
    monkeypatch.setattr(rematching, "SECONDS", -1.0)
    monkeypatch.setattr(Rematches, "budget", -1.0)

    turns = [work() for _ in range(4)]

    assert turns == [0] * 4  # no time for any
    monkeypatch.setattr(Rematches, "budget", 9.0)
    assert work() == 3
    assert owners(*jobs) == [ada.pk] * 5
    assert Rematch.objects.get().attempts == 1


def test_it_waits_for_rounds_that_began_before_and_not_for_later_ones(
    contoso: Organization, ada: PrintUser
) -> None:
    set_off(contoso)
    job = past(contoso, "ada")
    under_way = ServerRound.objects.create(
        organization=contoso,
        server=job.server,
        lease_owner="earlier",
        lease_until=timezone.now() + timedelta(minutes=1),
    )
    switch(contoso, on=True)
    for _ in range(2):
        assert work() == 1
        assert owners(job) == [UNKNOWN]
    assert Rematch.objects.get().finished_at is None

    under_way.lease_owner = "later"
    under_way.save()
    work()

    assert owners(job) == [ada.pk]


@pytest.mark.parametrize("jobs", [3, 900])
def test_a_turn_costs_the_same_statements_for_any_number_of_jobs(
    jobs: int, contoso: Organization, ada: PrintUser, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    set_off(contoso)
    for _ in range(jobs):
        past(contoso, "ada")
    switch(contoso, on=True)
    claimed = taken()

    with django_assert_num_queries(9):  # two of them begin and end a savepoint of the test
        assert not take_turn(claimed)
    switch(contoso, on=False)
    claimed = taken()
    with django_assert_num_queries(10):
        assert not take_turn(claimed)


# At the same time


race = pytest.mark.skipif(connection.vendor == "sqlite", reason="races are proven on PostgreSQL")


@race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("on", [True, False])
@pytest.mark.parametrize("name", ["ada", "bob"])
def test_a_claim_that_is_not_committed_yet_wins(
    name: str, on: bool, transactional_db: None, contoso: Organization, ada: PrintUser
) -> None:
    """Of a name, and of a job alone since its name is Bob's now."""
    Organization.objects.update(match_local_part=not on)
    zoe, _bob = factories.person(contoso, "zoe@contoso.example"), factories.person(contoso, "bob")
    job = past(contoso, name, doubt=OwnerDoubt.REUSED)
    switch(contoso, on=on)
    claimed = taken()

    overtaken(lambda: take_turn(claimed), by=lambda: claim_job(job, zoe, by=BY))

    assert owners(job) == [zoe.pk]
    assert PrintJob.objects.get().claimed == (name == "bob")


@race
@pytest.mark.django_db(transaction=True)
def test_switching_it_again_waits_for_a_turn_at_most(
    transactional_db: None, contoso: Organization, ada: PrintUser
) -> None:
    set_off(contoso)
    job = past(contoso, "ada")
    switch(contoso, on=True)
    claimed = taken()

    overtaken(lambda: switch(contoso, on=False), by=lambda: take_turn(claimed))
    assert owners(job) == [ada.pk]
    work()

    assert owners(job) == [UNKNOWN]


@race
@pytest.mark.django_db(transaction=True)
def test_matching_in_a_round_leaves_a_claim_alone(
    transactional_db: None, contoso: Organization, ada: PrintUser
) -> None:
    """A round matches what is nobody's when someone got a name; the help desk was faster."""
    zoe = factories.person(contoso, "zoe@contoso.example")
    factories.person(contoso, "bob")
    job = past(contoso, "bob", doubt=OwnerDoubt.REUSED)
    jobs = matching.nobodys_jobs(contoso)

    overtaken(lambda: matching.match_jobs(contoso, jobs), by=lambda: claim_job(job, zoe, by=BY))

    assert owners(job) == [zoe.pk]


def test_an_order_needs_no_transaction_of_its_own(contoso: Organization) -> None:
    with transaction.atomic():
        order_rematch(contoso)
        order_rematch(contoso)

    assert Rematch.objects.count() == 1
    assert work() == 1
