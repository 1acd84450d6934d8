"""Cycles: this one beside the last and the last full one, told from our own rows."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from addons.models import Installation
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser
from scim_sync.models import Contact, Visit
from scim_sync.monitoring import contact, periodic
from scim_sync.monitoring.cadence import LEARNED_FROM
from scim_sync.monitoring.cycles import Cycles, count_cycles, cycles_of
from tests import factories
from tests.scim_sync.client import DISABLE, ENABLE, Scim, op

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def at(minutes: float) -> time_machine.travel:
    """The clock stands this many minutes after noon."""
    return time_machine.travel(NOON + timedelta(minutes=minutes), tick=False)


def cycles_now(installation: Installation) -> Cycles:
    return cycles_of(installation, Contact.objects.filter(installation=installation).first())


def initial_cycle(scim: Scim, people: int = 5) -> list[str]:
    """What Azure does first: it asks for each person and creates them."""
    made = []
    for number in range(people):
        scim.find(f'userName eq "person{number}"')
        made.append(scim.create(f"person{number}").id)
    return made


@pytest.fixture(autouse=True)
def each_read_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contact, "READS_KEPT", 1)


def test_before_the_first_call_there_is_no_cycle(installation: Installation) -> None:
    assert cycles_now(installation).shown == []


def test_the_running_cycle_says_what_was_done_so_far(scim: Scim, installation: Installation) -> None:
    with at(0):
        first, second, third, *_others = initial_cycle(scim)
        scim.patch(first, op("Replace", "displayName", "First"))
        scim.patch(second, DISABLE)
        scim.delete(third)
        scim.create("person0")  # taken
        scim.patch(first, ENABLE)  # already

        running = cycles_now(installation).running

    assert running is not None
    assert running.began_at == NOON
    assert (running.created, running.updated, running.left) == (5, 1, 2)
    assert (running.refused, running.unchanged, running.reads) == (1, 1, 5)


def test_a_silence_ends_the_cycle_and_a_call_begins_the_next(scim: Scim, installation: Installation) -> None:
    with at(0):
        initial_cycle(scim)
    with at(30):
        assert cycles_now(installation).running is None
    with at(40):
        scim.create("late")
        cycles = cycles_now(installation)

    assert cycles.running is not None
    assert cycles.last is not None
    assert (cycles.last.created, cycles.running.created) == (5, 1)
    assert cycles.running.silence == timedelta(minutes=40)
    assert cycles.last.silence is None


def test_the_last_full_cycle_stands_beside_small_ones(scim: Scim, installation: Installation) -> None:
    with at(0):
        initial_cycle(scim)
    for minutes in (40, 80):
        with at(minutes):
            scim.find('userName eq "person0"')
    with at(120):
        count_cycles(installation)
        cycles = cycles_now(installation)

    assert cycles.running is None
    assert cycles.last is not None
    assert cycles.last.began_at == NOON + timedelta(minutes=80)
    assert cycles.full is not None
    assert cycles.full.began_at == NOON
    assert (cycles.full.created, cycles.full.people) == (5, 5)


def test_a_full_cycle_that_is_the_last_is_shown_once(scim: Scim, installation: Installation) -> None:
    with at(0):
        initial_cycle(scim)
    with at(10):
        count_cycles(installation)
        cycles = cycles_now(installation)

    assert cycles.last_is_full
    assert len(cycles.shown) == 1


@pytest.mark.parametrize(("lookups", "full"), [(4, True), (3, False)])
def test_four_of_five_people_make_a_cycle_full(
    scim: Scim, installation: Installation, lookups: int, full: bool
) -> None:
    with at(0):
        initial_cycle(scim)
    with at(40):
        for number in range(lookups):
            scim.find(f'userName eq "person{number}"')
    with at(80):
        count_cycles(installation)

    assert (Visit.objects.full().count() == 2) is full


def test_asking_with_nobody_linked_is_no_full_cycle(scim: Scim, installation: Installation) -> None:
    with at(0):
        scim.find('userName eq "probe"')
    with at(10):
        count_cycles(installation)

    assert not Visit.objects.full().exists()


def test_counts_stay_when_the_log_is_pruned(scim: Scim, installation: Installation) -> None:
    with at(0):
        initial_cycle(scim)
    with at(10):
        periodic.maintain()
    with time_machine.travel(NOON + timedelta(days=40)):
        periodic.prune(installation)
        last = cycles_now(installation).last

    assert not installation.events.exists()
    assert last is not None
    assert last.created == 5


def test_old_visits_go_but_the_last_full_one_stays(scim: Scim, installation: Installation) -> None:
    with at(0):
        initial_cycle(scim)
    with at(40):
        scim.get("/Users")
    with at(80):
        periodic.count_cycles(installation)
    with time_machine.travel(NOON + LEARNED_FROM + timedelta(days=1)):
        periodic.prune(installation)

    assert Visit.objects.get().began_at == NOON


def test_another_installations_cycles_are_not_counted_here(
    scim: Scim, installation: Installation, charlie: PrintUser
) -> None:
    scim.get("/Users")

    running = cycles_now(installation).running

    assert running is not None
    assert (running.created, running.reads) == (0, 1)


def test_what_a_process_kept_of_a_visit_is_written_to_that_visit(
    scim: Scim, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contact, "READS_KEPT", 10)
    with at(0):
        for _n in range(4):
            scim.get("/Users")
    with at(40):
        scim.get("/Users")

    assert list(Visit.objects.order_by("began_at").values_list("reads", flat=True)) == [4, 1]


def test_of_few_reads_ten_are_kept_and_of_many_a_tenth(
    scim: Scim, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contact, "READS_KEPT", 10)
    with at(0):
        written = []
        for _n in range(12):
            scim.get("/Users")
            written.append(Visit.objects.get().reads)

    assert written == [1] * 10 + [11, 11]


def test_the_details_page_shows_cycles_side_by_side(
    scim: Scim, installation: Installation, contoso: Organization
) -> None:
    scim.create("dave")
    client: Client = factories.signed_in(contoso)

    running = client.get(factories.page_of(contoso, "addons:details")).content.decode()
    refreshed = client.get(
        factories.page_of(contoso, "scim_sync:connection"), headers={"hx-request": "true"}
    ).content.decode()
    with time_machine.travel(timezone.now() + timedelta(minutes=40)):
        periodic.maintain()
        over = client.get(factories.page_of(contoso, "addons:details")).content.decode()

    assert "Current sync" in running
    assert "Current sync" in refreshed
    assert "Current sync" not in over
    assert "Last sync (full)" in over
