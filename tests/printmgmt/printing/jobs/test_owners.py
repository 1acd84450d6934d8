"""Whose job it is, with every doubt there is about a name."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from printmgmt.deprovisioning import services as leaving
from printmgmt.deprovisioning.merging import merge_people
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PersonState, PrintAlias, PrintUser
from printmgmt.people.names import name_key
from printmgmt.people.services import lock_person, update_person
from printmgmt.printing.jobs.owners import Submission, find_owners
from printmgmt.printing.models import OwnerDoubt
from tests import factories

LONG = "bartholomew.featherstonehaugh@contoso.example"
CUT = LONG[:32]


def at(hour: float) -> datetime:
    """A moment of the day on which everything here happens."""
    return datetime(2026, 3, 2, tzinfo=UTC) + timedelta(hours=hour)


@contextmanager
def clock(hour: float) -> Iterator[None]:
    with time_machine.travel(at(hour), tick=False):
        yield


@pytest.fixture
def contoso(db: None) -> Organization:
    return factories.organization("Contoso")


def came(of: Organization, user_name: str, hour: float = 8) -> PrintUser:
    with clock(hour):
        return factories.person(of, user_name)


def renamed(person: PrintUser, user_name: str, hour: float) -> None:
    with clock(hour):
        lock_person(person)
        update_person(person, {"user_name": user_name}, by=factories.TESTER)


def removed(person: PrintUser, hour: float) -> None:
    with clock(hour):
        leaving.remove(person, by=factories.TESTER)


def also_called(person: PrintUser, name: str, hour: float = 8, until: float | None = None) -> None:
    PrintAlias.objects.create(
        organization=person.organization,
        person=person,
        value=name,
        value_key=name_key(name),
        valid_from=at(hour),
        valid_until=None if until is None else at(until),
    )


def whose(of: Organization, *owners: str, hour: float | None = 10) -> object:
    """The id of the person whose job it is, or the doubt."""
    [owner] = find_owners(of, [Submission(owners, None if hour is None else at(hour))])
    return owner.doubt or owner.person


@pytest.mark.both_databases
@pytest.mark.parametrize("name", ["ada@contoso.example", "ADA@Contoso.example"])
def test_a_user_name_matches_in_any_letter_case_and_form(contoso: Organization, name: str) -> None:
    ada = came(contoso, "ada@contoso.example")
    came(factories.organization("Fabrikam"), "ada@contoso.example")

    assert whose(contoso, name) == ada.pk


def test_an_owner_is_told_apart_as_the_key_function_does(contoso: Organization) -> None:
    dotless, dotted = came(contoso, "ırmak"), came(contoso, "irmak")
    decomposed = came(contoso, "jose\u0301")

    assert whose(contoso, "ırmak") == dotless.pk
    assert whose(contoso, "IRMAK") == dotted.pk
    assert whose(contoso, "JOSÉ") == decomposed.pk


@pytest.mark.both_databases
def test_the_local_part_matches_where_the_setting_says_so_and_it_is_one_persons(
    contoso: Organization,
) -> None:
    ada = came(contoso, "ada@contoso.example")
    came(contoso, "adam@contoso.example")
    came(contoso, "bob@contoso.example")
    came(contoso, "bob@fabrikam.example")

    assert whose(contoso, "Ada") == ada.pk
    assert whose(contoso, "bob") == OwnerDoubt.AMBIGUOUS
    assert whose(contoso, "ada@fabrikam.example") == OwnerDoubt.UNKNOWN

    contoso.match_local_part = False
    assert whose(contoso, "ada") == whose(contoso, "bob") == OwnerDoubt.UNKNOWN


def test_a_whole_name_wins_over_a_local_part(contoso: Organization) -> None:
    short, _other = came(contoso, "ada"), came(contoso, "ada@contoso.example")

    assert whose(contoso, "ada") == short.pk


def test_two_whose_local_part_is_one_are_told_apart_by_when_each_was_here(contoso: Organization) -> None:
    first = came(contoso, "ada@old.example")
    removed(first, 10)
    second = came(contoso, "ada@new.example", 12)

    assert whose(contoso, "ada", hour=9) == OwnerDoubt.REUSED
    assert whose(contoso, "ada", hour=11) == OwnerDoubt.REUSED
    assert whose(contoso, "ada", hour=13) == second.pk


def test_a_domain_before_the_name_matches_only_where_an_alias_says_so(contoso: Organization) -> None:
    ada = came(contoso, "ada@contoso.example")
    assert whose(contoso, "CONTOSO\\ada") == OwnerDoubt.UNKNOWN

    also_called(ada, "CONTOSO\\ada")
    assert whose(contoso, "contoso\\Ada") == ada.pk
    assert whose(contoso, "FABRIKAM\\ada") == OwnerDoubt.UNKNOWN


def test_a_rename_keeps_the_jobs_under_the_old_name(contoso: Organization) -> None:
    ada = came(contoso, "ada@contoso.example")
    renamed(ada, "lovelace@contoso.example", 10)

    assert whose(contoso, "ada@contoso.example", hour=9) == ada.pk
    assert whose(contoso, "ada", hour=9) == ada.pk
    assert whose(contoso, "lovelace@contoso.example", hour=11) == ada.pk
    # The computer was renamed before the directory told us.
    assert whose(contoso, "lovelace@contoso.example", hour=9) == ada.pk
    # After it, the old name is nobody's.
    assert whose(contoso, "ada@contoso.example", hour=11) == OwnerDoubt.UNKNOWN


def test_a_freed_name_that_is_somebody_elses_now(contoso: Organization) -> None:
    ada = came(contoso, "ada@contoso.example")
    renamed(ada, "lovelace@contoso.example", 10)
    other = came(contoso, "ada@contoso.example", 12)

    assert whose(contoso, "ada@contoso.example", hour=9) == OwnerDoubt.REUSED
    # Her computer may have had the old name still.
    assert whose(contoso, "ada@contoso.example", hour=11) == OwnerDoubt.REUSED
    assert whose(contoso, "ada@contoso.example", hour=13) == other.pk


def test_at_the_moment_a_name_changes_hands_a_job_is_nobodys(contoso: Organization) -> None:
    ada = came(contoso, "ada@contoso.example")
    renamed(ada, "lovelace@contoso.example", 10)
    other = came(contoso, "ada@contoso.example", 10)
    second = 1 / 3600

    assert whose(contoso, "ada@contoso.example", hour=10) == OwnerDoubt.REUSED
    assert whose(contoso, "ada@contoso.example", hour=10 + second) == OwnerDoubt.REUSED
    assert whose(contoso, "ada@contoso.example", hour=10 + 2 * second) == other.pk


def test_names_that_were_swapped(contoso: Organization) -> None:
    one, two = came(contoso, "one@contoso.example"), came(contoso, "two@contoso.example")
    renamed(one, "aside@contoso.example", 10)
    renamed(two, "one@contoso.example", 11)
    renamed(one, "two@contoso.example", 12)

    assert whose(contoso, "one@contoso.example", hour=13) == two.pk
    assert whose(contoso, "two@contoso.example", hour=13) == one.pk
    assert whose(contoso, "one@contoso.example", hour=9) == OwnerDoubt.REUSED


def test_a_person_who_got_the_old_name_back(contoso: Organization) -> None:
    ada = came(contoso, "ada@contoso.example")
    renamed(ada, "lovelace@contoso.example", 10)
    renamed(ada, "ada@contoso.example", 12)

    assert [whose(contoso, "ada@contoso.example", hour=hour) for hour in (9, 11, 13)] == [ada.pk] * 3


def test_two_people_under_one_name_at_once(contoso: Organization) -> None:
    came(contoso, "ada@contoso.example")
    also_called(came(contoso, "bob@contoso.example"), "ada@contoso.example")

    assert whose(contoso, "ada@contoso.example") == OwnerDoubt.AMBIGUOUS


def test_a_job_from_before_the_person_was_known(contoso: Organization) -> None:
    ada = came(contoso, "ada@contoso.example", 12)
    also_called(ada, "workstation7", 12.5)

    assert whose(contoso, "ada@contoso.example", hour=2) == ada.pk
    assert whose(contoso, "workstation7", hour=2) == OwnerDoubt.UNKNOWN
    assert whose(contoso, "workstation7", hour=13) == ada.pk


def test_a_removed_person_keeps_what_they_submitted(contoso: Organization) -> None:
    ada = came(contoso, "ada@contoso.example")
    removed(ada, 10)

    assert whose(contoso, "ada@contoso.example", hour=9) == ada.pk
    # Nobody has the name: it is the leaver's computer, or someone who uses their name.
    assert whose(contoso, "ada@contoso.example", hour=11) == ada.pk

    other = came(contoso, "ada@contoso.example", 12)
    assert whose(contoso, "ada@contoso.example", hour=9) == OwnerDoubt.REUSED
    assert whose(contoso, "ada@contoso.example", hour=11) == OwnerDoubt.REUSED
    assert whose(contoso, "ada@contoso.example", hour=13) == other.pk


def test_a_person_whose_data_were_erased_gets_no_job(contoso: Organization) -> None:
    ada = came(contoso, "ada@contoso.example")
    removed(ada, 10)
    PrintUser.objects.filter(pk=ada.pk).update(state=PersonState.ANONYMISED, anonymised_at=at(11))

    assert whose(contoso, "ada@contoso.example", hour=9) == OwnerDoubt.UNKNOWN


def test_merged_people_are_one(contoso: Organization) -> None:
    keep, other = came(contoso, "ada@contoso.example"), came(contoso, "ada@old.example")
    assert whose(contoso, "ada") == OwnerDoubt.AMBIGUOUS

    with clock(10):
        merge_people(keep, other, by=factories.TESTER)

    assert whose(contoso, "ada@old.example", hour=9) == keep.pk
    assert whose(contoso, "ada", hour=9) == keep.pk
    assert whose(contoso, "ada", hour=11) == keep.pk


def test_a_suspended_person_stays_the_owner(contoso: Organization) -> None:
    ada = came(contoso, "ada@contoso.example")
    with clock(10):
        leaving.suspend(ada, by=factories.TESTER)

    assert whose(contoso, "ada@contoso.example", hour=9) == ada.pk
    assert whose(contoso, "ada", hour=11) == ada.pk


@pytest.mark.parametrize(
    ("owners", "doubt"),
    [
        ([], OwnerDoubt.HIDDEN),
        ([""], OwnerDoubt.MISSING),
        ([" "], OwnerDoubt.MISSING),
        (["anonymous"], OwnerDoubt.MISSING),
        (["Anonymous"], OwnerDoubt.MISSING),
        (["ada@contoso.example", "bob@contoso.example"], OwnerDoubt.FORGED),
        (["ada@contoso.example", "ada@contoso.example"], OwnerDoubt.FORGED),
    ],
)
def test_what_a_server_says_may_be_no_owner(
    contoso: Organization, owners: list[str], doubt: OwnerDoubt
) -> None:
    for name in ("ada@contoso.example", "bob@contoso.example", "anonymous"):
        came(contoso, name)

    [owner] = find_owners(contoso, [Submission(owners, at(10))])

    assert (owner.person, owner.doubt, owner.key) == (None, doubt, "")
    assert owner.text == " / ".join(owners)


@pytest.mark.both_databases
def test_a_name_that_the_server_cut_matches_where_it_is_one_persons(contoso: Organization) -> None:
    long = came(contoso, LONG)
    came(contoso, CUT[:31])

    assert whose(contoso, CUT) == whose(contoso, CUT.upper()) == long.pk
    assert whose(contoso, LONG) == long.pk
    assert whose(contoso, LONG[:33]) == OwnerDoubt.UNKNOWN

    came(contoso, f"{CUT}.else@contoso.example")
    assert whose(contoso, CUT) == OwnerDoubt.AMBIGUOUS
    assert whose(contoso, LONG) == long.pk


def test_a_name_is_cut_between_bytes_and_matches_without_the_broken_character(contoso: Organization) -> None:
    person = came(contoso, "é" * 15 + "x€@contoso.example")  # 30 bytes, 31, and three more

    assert whose(contoso, "é" * 15 + "x") == person.pk


def test_a_local_part_may_have_been_cut_too(contoso: Organization) -> None:
    person = came(contoso, f"{'a' * 40}@contoso.example")

    assert whose(contoso, "a" * 32) == person.pk
    contoso.match_local_part = False
    came(contoso, f"{'b' * 20}@{'c' * 20}.example")
    assert whose(contoso, "b" * 32) == OwnerDoubt.UNKNOWN


def test_a_whole_name_of_32_bytes_is_no_cut_one(contoso: Organization) -> None:
    came(contoso, LONG)
    short = came(contoso, CUT)

    assert whose(contoso, CUT) == short.pk


def test_names_that_no_person_can_have(contoso: Organization) -> None:
    came(contoso, "ada@contoso.example")
    for text in ("ada@contoso.example\0", "\ud800", "x" * 5_000, "\ufdfa" * 500):
        [owner] = find_owners(contoso, [Submission([text], at(10))])
        assert owner.doubt == OwnerDoubt.UNKNOWN
        assert "\0" not in owner.text
        assert len(owner.text) <= 512
        owner.text.encode()


def test_without_a_time_only_a_name_of_one_person_decides(contoso: Organization) -> None:
    ada = came(contoso, "ada@contoso.example")
    renamed(ada, "lovelace@contoso.example", 10)
    assert whose(contoso, "ada@contoso.example", hour=None) == ada.pk

    came(contoso, "ada@contoso.example", 12)
    assert whose(contoso, "ada@contoso.example", hour=None) == OwnerDoubt.REUSED


@pytest.mark.parametrize("number", [3, 3_000])
def test_any_number_of_jobs_costs_three_statements(contoso: Organization, number: int) -> None:
    ada = came(contoso, "ada@contoso.example")
    long = came(contoso, LONG)
    names = ["ada@contoso.example", "ada", CUT, *(f"somebody{place}" for place in range(number - 3))]

    with CaptureQueriesContext(
        connection,
    ) as queries:
        owners = find_owners(contoso, [Submission([name], at(10)) for name in names])

    assert len(queries) == 3
    assert [owner.person for owner in owners[:3]] == [ada.pk, ada.pk, long.pk]
