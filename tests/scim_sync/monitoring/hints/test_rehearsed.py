"""Each wrong mapping, sent by the rehearsal, shows its hint and no other; the right one shows none."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from addons.models import Installation
from scim_sync.models import MappingHints, Visit
from scim_sync.monitoring.cycles import count_cycles
from scim_sync.monitoring.hints.looking import look_for_hints
from scim_sync.rehearsal.client import Client
from scim_sync.rehearsal.directory import Directory, User
from scim_sync.rehearsal.groups import GroupMapping
from scim_sync.rehearsal.job import Job
from scim_sync.rehearsal.mappings import DEFAULT, GALLERY, WITHOUT_ACTIVE, WITHOUT_VALUE, Mapping
from tests.scim_sync.client import Scim
from tests.scim_sync.rehearsal.conftest import ada

NAMES = ("ada", "bob", "cyd", "dot", "eve", "fay")
CYCLE = timedelta(minutes=40)


def person(name: str) -> User:
    known = ada(userPrincipalName=f"{name}@contoso.com", mail=f"{name}@contoso.com", mailNickname=name)
    return User(f"object-{name}", known.attributes)


@pytest.fixture
def directory() -> Directory:
    directory = Directory()
    for name in NAMES:
        directory.put(person(name))
    return directory


@pytest.fixture(params=[""])
def azure(live_server: LiveServer, scim: Scim, request: pytest.FixtureRequest) -> Iterator[Client]:
    """In this process, so that its clock is the test's."""
    with Client(f"{live_server.url}{scim.base}{request.param}", scim.token) as client:
        yield client


class Walk:
    """Cycles of a job, forty minutes apart, with maintenance after each."""

    def __init__(self, job: Job, installation: Installation) -> None:
        self.job, self.installation = job, installation
        self.passed = timedelta()

    def cycle(self) -> None:
        """Perform the next cycle: the first one is initial."""
        with time_machine.travel(timezone.now() + self.passed):
            if self.job.cycles:
                self.job.incremental_cycle()
            else:
                self.job.initial_cycle()
        self._maintain()

    def restart(self) -> None:
        with time_machine.travel(timezone.now() + self.passed):
            self.job.restart()
        self._maintain()

    def hints(self) -> set[str]:
        return set(MappingHints.objects.get().found)

    def _maintain(self) -> None:
        self.passed += CYCLE
        with time_machine.travel(timezone.now() + self.passed - timedelta(minutes=10)):
            count_cycles(self.installation)
            look_for_hints(self.installation)


def walk(
    directory: Directory,
    azure: Client,
    installation: Installation,
    mapping: Mapping = DEFAULT,
    groups: GroupMapping | None = None,
) -> Walk:
    return Walk(Job(directory, azure, mapping, groups=groups), installation)


@pytest.mark.parametrize("azure", ["", "?aadOptscim062020"], ids=["legacy", "flag"], indirect=True)
def test_the_default_mapping_shows_no_hint_whatever_happens(
    directory: Directory, azure: Client, installation: Installation
) -> None:
    directory.put_group("staff", "Staff", "object-ada", "object-bob", "object-cyd", "all")
    directory.put_group("all", "All", "object-dot", "object-eve")
    azure_walk = walk(directory, azure, installation, groups=GroupMapping())
    azure_walk.cycle()
    assert azure_walk.hints() == set()
    directory.edit("object-ada", displayName="Ada King", mail="king@contoso.com")
    directory.set_manager("object-bob", "object-ada")
    directory.assign("object-cyd", assigned=False)
    directory.enable("object-dot", enabled=False)
    directory.delete("object-eve")
    directory.put_group("staff", "All staff", "object-ada", "object-fay", "all")
    azure_walk.cycle()
    directory.purge("object-eve")
    directory.enable("object-dot")
    directory.put_group("staff", "All staff", "all")
    azure_walk.cycle()
    azure_walk.restart()

    assert azure_walk.job.log.failures() == []
    assert azure_walk.hints() == set()
    assert Visit.objects.count() == 4


@pytest.mark.parametrize("azure", ["", "?aadOptscim062020"], ids=["legacy", "flag"], indirect=True)
def test_a_mapping_without_active_is_told_before_anyone_leaves_and_until_the_next_person_has_it(
    directory: Directory, azure: Client, installation: Installation
) -> None:
    azure_walk = walk(directory, azure, installation, WITHOUT_ACTIVE)
    azure_walk.cycle()
    assert azure_walk.hints() == {"active"}
    directory.enable("object-ada", enabled=False)
    azure_walk.cycle()
    assert azure_walk.hints() == {"active"}

    azure_walk.job.mapping = DEFAULT
    directory.put(person("gus"))
    azure_walk.cycle()

    assert azure_walk.hints() == set()


def test_the_mapping_of_the_gallery_is_told(
    directory: Directory, azure: Client, installation: Installation
) -> None:
    azure_walk = walk(directory, azure, installation, GALLERY)
    azure_walk.cycle()

    assert azure_walk.hints() == {"active"}


@pytest.mark.parametrize("azure", ["", "?aadOptscim062020"], ids=["legacy", "flag"], indirect=True)
def test_an_address_without_value_is_told(
    directory: Directory, azure: Client, installation: Installation
) -> None:
    azure_walk = walk(directory, azure, installation, WITHOUT_VALUE)
    azure_walk.cycle()
    assert azure_walk.hints() == {"no-value"}

    azure_walk.job.mapping = DEFAULT
    azure_walk.restart()

    assert azure_walk.hints() == set()


def test_groups_before_people_are_told_until_their_members_come(
    directory: Directory, azure: Client, installation: Installation
) -> None:
    directory.put_group("staff", "Staff", "object-ada", "object-bob")
    azure_walk = walk(directory, azure, installation, groups=GroupMapping())
    azure_walk.job.sends_users = False
    azure_walk.cycle()
    assert azure_walk.hints() == {"groups-first"}
    azure_walk.job.sends_users = True
    azure_walk.restart()  # as Entra does when a mapping changes
    assert azure_walk.hints() == set()


def test_groups_stay_empty_whose_members_come_in_a_later_sync(
    directory: Directory, azure: Client, installation: Installation
) -> None:
    directory.put_group("staff", "Staff", "object-ada", "object-bob")
    azure_walk = walk(directory, azure, installation, groups=GroupMapping())
    for name in NAMES:
        directory.assign(f"object-{name}", assigned=False)
    azure_walk.cycle()
    for name in NAMES:
        directory.assign(f"object-{name}")
    azure_walk.cycle()
    assert azure_walk.hints() == {"groups-first"}

    azure_walk.restart()

    assert azure_walk.hints() == set()


def test_whole_lists_instead_of_removals_are_told(
    directory: Directory, azure: Client, installation: Installation
) -> None:
    people = [f"object-{name}" for name in NAMES]
    directory.put_group("staff", "Staff", *people)
    azure_walk = walk(directory, azure, installation, groups=GroupMapping(whole_lists=True))
    azure_walk.cycle()
    for left in range(3):
        assert azure_walk.hints() == set()
        directory.put_group("staff", "Staff", *people[left + 1 :])
        azure_walk.cycle()

    assert azure_walk.hints() == {"whole-lists"}


def test_a_group_in_a_group_of_which_nobody_arrives_is_told(
    directory: Directory, azure: Client, installation: Installation
) -> None:
    directory.put_group("staff", "Staff", "object-ada", "board")
    directory.put_group("board", "Board", "not-assigned")
    azure_walk = walk(directory, azure, installation, groups=GroupMapping())
    azure_walk.cycle()
    assert azure_walk.hints() == {"nested"}

    directory.put_group("board", "Board", "object-bob")
    azure_walk.cycle()

    assert azure_walk.hints() == set()
