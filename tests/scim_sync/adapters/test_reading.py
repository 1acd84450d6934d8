"""What a directory sees of people, groups and tokens is read by statements compiled once: of its own only."""

import json
import sys
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, connections

from addons.models import Installation
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PersonState, PrintUser
from printmgmt.people.names import name_key
from printmgmt.statements import CONSTANTS, Change, Given, Select
from scim_sync.adapters.columns import user_columns
from scim_sync.adapters.reading_groups import groups_of, read_groups
from scim_sync.adapters.reading_people import LOOKUPS, look_up, people_of, read_people, see, seen_of
from scim_sync.adapters.users import UserAdapter
from scim_sync.credentials.reading import read_token
from scim_sync.models import ScimToken
from scim_sync.protocol.filters import filter_to_q, lookup_of
from tests.scim_sync.client import ENTERPRISE, Scim, op

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

HOSTILE = ["o'brien", 'quo"te', "back\\slash", "100%", "%s", "a--b", "🖨️", "STRAẞE", "ﬁ"]


@pytest.fixture
def full(scim: Scim, alice: PrintUser) -> PrintUser:
    """Alice with everything a directory can see of a person."""
    scim.patch(alice.pk, op("Replace", "userName", "Alice2@contoso.com"))
    scim.patch(alice.pk, op("Replace", "externalId", "x1"), op("Replace", "title", "Dr."))
    scim.patch(alice.pk, op("Replace", f"{ENTERPRISE}:manager", str(uuid4())))
    for name in ("Zeta", "Alpha", 'Q"%s'):
        scim.create_group(name, str(alice.pk))
    alice.refresh_from_db()
    return alice


def shown(person: PrintUser, installation: Installation) -> str:
    """The representation, as JSON."""
    call: Any = type("Call", (), {"organization": installation.organization, "installation": installation})()
    return json.dumps(UserAdapter(person, call).to_dict())


def test_a_person_read_is_a_person_locked_and_seen(full: PrintUser, installation: Installation) -> None:
    [read] = read_people(installation, [full.pk])
    locked = people_of(installation).get(pk=full.pk)
    see([locked], installation)

    assert shown(read, installation) == shown(locked, installation)
    assert [len(part) for part in seen_of(read)[1:]] == [1, 3]
    for field in PrintUser._meta.concrete_fields:
        assert getattr(read, field.attname) == getattr(full, field.attname)


def test_people_come_in_the_order_that_was_asked_for(scim: Scim, installation: Installation) -> None:
    ids = [PrintUser.objects.get(pk=scim.create(f"p{number}").id).pk for number in range(5)]
    wanted = [ids[3], uuid4(), ids[0], ids[4]]

    assert [person.pk for person in read_people(installation, wanted)] == [ids[3], ids[0], ids[4]]
    assert read_people(installation, []) == []


def test_nobody_of_another_organization_is_ever_read(
    scim: Scim, other_scim: Scim, fabrikam: Organization, installation: Installation, full: PrintUser
) -> None:
    other = fabrikam.installations.get()
    twin = other_scim.create("Alice2@contoso.com", externalId="x1").id
    group, theirs = scim.create_group("Same").id, other_scim.create_group("Same").id

    for _round in range(2):
        for own, people, groups in ((installation, {str(full.pk)}, {group}), (other, {twin}, {theirs})):
            found = read_people(own, [full.pk, PrintUser.objects.get(pk=twin).pk])
            assert {str(person.pk) for person in found} == people
            for attribute, text in (("userName", "alice2@contoso.com"), ("externalId", "x1")):
                assert {str(person.pk) for person in look_up(own, attribute, text)} == people
            known = [each.pk for each in [*groups_of(installation), *groups_of(other)]]
            assert groups <= {str(each.pk) for each in read_groups(own, known)}
            assert {each.organization_id for each in read_groups(own, known)} == {own.organization_id}


@pytest.mark.django_db(transaction=True)
def test_two_directories_in_threads_see_their_own(scim: Scim, other_scim: Scim) -> None:
    directories = [scim, other_scim]
    ids = [directory.create("ada", externalId="x").id for directory in directories]
    barrier, wrong = Barrier(4), list[Any]()

    def read(own: int) -> None:
        directory, person, foreign = directories[own], ids[own], ids[1 - own]
        try:
            barrier.wait()
            for _round in range(10):
                seen = [
                    directory.user(person).id,
                    *(one["id"] for one in directory.find('userName eq "ada"').body["Resources"]),
                    *(one["id"] for one in directory.find('externalId eq "x"').body["Resources"]),
                    *(one["id"] for one in directory.get("/Users").body["Resources"]),
                ]
                wrong.extend(each for each in seen if each != person)
                if directory.user(foreign).status != 404 or len(seen) != 4:
                    wrong.append(seen)
        except Exception as error:  # noqa: BLE001  # a thread's error would be lost
            wrong.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=read, args=[own]) for own in (0, 1, 0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []


@pytest.mark.parametrize("attribute", LOOKUPS)
def test_a_lookup_finds_what_the_filter_finds(scim: Scim, installation: Installation, attribute: str) -> None:
    columns = user_columns(installation)
    for name in HOSTILE:
        scim.create(name, externalId=name)
    gone = scim.create("gone", externalId="gone").id
    scim.delete(gone)

    for text in [*HOSTILE, *map(str.upper, HOSTILE), "gone", "nobody", " "]:
        expression = f"{attribute} eq {json.dumps(text)}"
        condition = filter_to_q(expression, columns, comparison_key=name_key)
        by_filter = people_of(installation).filter(condition).order_by("created_at", "id")
        lookup = lookup_of(expression, comparison_key=name_key)

        assert lookup is not None
        found = [person.pk for person in look_up(installation, *lookup)]
        assert found == list(by_filter.values_list("pk", flat=True)), expression
        assert [one["id"] for one in scim.find(expression).body["Resources"]] == list(map(str, found))


def test_a_person_whom_the_directory_deleted_and_the_console_restored_has_no_external_id(
    scim: Scim, installation: Installation, full: PrintUser
) -> None:
    scim.delete(full.pk)
    PrintUser.objects.filter(pk=full.pk).update(state=PersonState.ACTIVE, active=True, removed_at=None)

    assert look_up(installation, "externalId", "x1") == []
    assert scim.find('externalId eq "x1"').found == []
    assert "externalId" not in scim.user(full.pk).body


@pytest.mark.parametrize(
    "expression",
    [
        "userName pr",
        'userName ne "a"',
        "userName eq null",
        'userName eq ""',
        'emails eq "a"',
        'emails.value eq "a"',
        "active eq true",
        'meta.created eq "2026-01-01T00:00:00Z"',
        'not (userName eq "a")',
        'userName eq "a" and active eq true',
        'nothing eq "a"',
        r'userName eq "\u0000"',
    ],
)
def test_what_is_more_than_a_lookup_is_none(expression: str) -> None:
    assert lookup_of(expression, comparison_key=name_key) is None


@pytest.mark.parametrize("query", ["&startIndex=2", "&count=0", "&sortBy=title", "&count=1"])
def test_a_page_of_a_lookup_is_a_page(scim: Scim, query: str) -> None:
    for number in range(3):
        scim.create(f"p{number}", externalId="same")

    body = scim.get(f"/Users?filter=externalId+eq+%22same%22{query}").body

    shown = {"&startIndex=2": 2, "&count=0": 0, "&sortBy=title": 3, "&count=1": 1}[query]
    assert (body["totalResults"], body["itemsPerPage"], len(body["Resources"])) == (3, shown, shown)


def test_a_wrong_order_is_refused_with_a_lookup_too(scim: Scim) -> None:
    assert scim.get("/Users?filter=userName+eq+%22a%22&sortOrder=sideways").error == (400, "invalidValue")


def test_a_token_is_read_with_all_that_a_request_needs(
    scim: Scim, installation: Installation, django_assert_num_queries: Any
) -> None:
    token = ScimToken.objects.get(installation=installation)
    for has_called in (False, True):
        with django_assert_num_queries(1):
            read = read_token(token.prefix)
            assert read is not None
            assert read == token
            assert read.installation == installation
            assert read.installation.organization == installation.organization
            contact = getattr(read.installation, "contact", None)
            assert (contact is not None and contact.visit is not None) == has_called
        scim.get("/Users")
    with django_assert_num_queries(1):
        assert read_token("pmscim_000000000000") is None


def test_statements_keep_nothing_of_whoever_ran_them_first(full: PrintUser) -> None:
    """Beside what a run gives there are only words of the source: states and names of keys."""
    modules = [module for name, module in sys.modules.items() if name.startswith(("scim_sync", "printmgmt"))]
    values = [value for module in modules for value in vars(module).values()]
    values += [value for group in values if isinstance(group, dict) for value in group.values()]
    ours = {value for value in values if type(value) in (Select, Change)}
    assert len(ours) >= 8

    kept: set[Any] = set()
    for statement in ours:
        found: Any = statement._compile(connection)
        compiled = found if isinstance(statement, Change) else found[0]
        kept |= {param for param in compiled.params if not isinstance(param, Given)}

    assert all(isinstance(each, CONSTANTS) for each in kept)
    assert kept <= {
        "active",
        "suspended",
        "uninstalled",
        "console",
        "value",
        "display",
        1,
    }  # SELECT 1 of an EXISTS
