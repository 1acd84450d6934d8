"""Directories that call several times at once, over real HTTP, on a database that locks rows."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from printmgmt.deprovisioning.models import DeprovisionRun
from printmgmt.organizations.models import Organization
from printmgmt.people.groups import create_group
from printmgmt.people.models import PrintUser
from scim_sync.credentials.calls import Call
from scim_sync.models import ProvisioningEvent, ScimGroup, ScimToken, ScimUser
from scim_sync.services.groups import delete_group
from scim_sync.services.outcomes import Preconditions
from tests import factories
from tests.printmgmt.console.groups.test_races import overtaken
from tests.proofs import rounds
from tests.scim_sync.client import DISABLE, ENABLE, ENTERPRISE, Answer, HttpScim, a_group, op

pytestmark = pytest.mark.skipif(
    connection.settings_dict["ENGINE"].endswith("sqlite3"), reason="races are proven on PostgreSQL"
)

many = pytest.mark.parametrize("number", rounds(10, proof=50))


def at_once(calls: list[Callable[[], Answer]]) -> list[Answer]:
    """The answers of all calls, made as near to one another as threads allow."""
    together = Barrier(len(calls))

    def made(call: Callable[[], Answer]) -> Answer:
        together.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(made, calls))


def statuses(calls: list[Callable[[], Answer]]) -> dict[int, int]:
    return dict(Counter(answer.status for answer in at_once(calls)))


@many
def test_32_creates_of_one_name_make_one_person(http_scim: HttpScim, number: int) -> None:
    for place in range(number):
        names = [f"{'A' if n % 2 else 'a'}da{place}@contoso.com" for n in range(32)]

        answers = at_once([lambda name=name: http_scim.create(name) for name in names])  # type: ignore[misc]

        assert Counter(answer.status for answer in answers) == {201: 1, 409: 31}
        assert {answer.error for answer in answers if answer.status == 409} == {(409, "uniqueness")}
    assert PrintUser.objects.count() == ScimUser.objects.count() == number
    refused = ProvisioningEvent.objects.filter(status=409).values_list("counter__count", flat=True)
    assert sum(refused) == 31 * number


def test_8_creates_of_one_who_left_bring_back_one_person(http_scim: HttpScim) -> None:
    ada = http_scim.create("ada")
    http_scim.delete(ada.id)

    answers = at_once([lambda: http_scim.create("ada")] * 8)

    assert Counter(answer.status for answer in answers) == {201: 1, 409: 7}
    assert [answer.id for answer in answers if answer.status == 201] == [ada.id]
    assert PrintUser.objects.count() == 1


@many
def test_8_deletes_remove_once(http_scim: HttpScim, number: int) -> None:
    for place in range(number):
        pk = http_scim.create(f"ada{place}").id

        assert statuses([lambda pk=pk: http_scim.delete(pk)] * 8) == {204: 1, 404: 7}  # type: ignore[misc]
    assert DeprovisionRun.objects.count() == number


ATTRIBUTES = [
    *(
        "displayName",
        "title",
        "nickName",
        "userType",
        "locale",
        "timezone",
        "preferredLanguage",
        "externalId",
    ),
    *("name.givenName", "name.familyName", f"{ENTERPRISE}:department", f"{ENTERPRISE}:costCenter"),
    'emails[type eq "work"].value',
]


@many
def test_patches_of_13_attributes_lose_nothing(http_scim: HttpScim, number: int) -> None:
    for place in range(number):
        pk = http_scim.create(f"ada{place}").id
        calls = [lambda pk=pk, path=path: http_scim.patch(pk, op("Add", path, "new")) for path in ATTRIBUTES]

        assert statuses(calls) == {200: 13}  # type: ignore[arg-type]

        body = http_scim.user(pk).body
        assert {body[name] for name in ATTRIBUTES[:8]} == {"new"}
        assert body["name"] == {"givenName": "new", "familyName": "new"}
        assert body[ENTERPRISE] == {"department": "new", "costCenter": "new"}
        assert body["emails"] == [{"type": "work", "value": "new"}]
        assert body["meta"]["version"] == 'W/"14"'


def test_flip_flop_ends_in_one_state_with_a_run_a_leaving(http_scim: HttpScim) -> None:
    ada = http_scim.create("ada")
    calls = [
        lambda operation=operation: http_scim.patch(ada.id, operation) for operation in (DISABLE, ENABLE) * 8
    ]

    assert statuses(calls) == {200: 16}  # type: ignore[arg-type]

    person = PrintUser.objects.get()
    assert http_scim.user(ada.id).body["active"] is person.active
    assert DeprovisionRun.objects.count() == (person.epoch + 1) // 2


def test_swapping_renames_never_give_one_name_twice(http_scim: HttpScim) -> None:
    people = [http_scim.create(name).id for name in ("ada", "bob")]
    calls = [
        lambda user_id=user_id, name=name: http_scim.patch(user_id, op("Replace", "userName", name))
        for name in ("ada", "bob", "cid")
        for user_id in people
    ]

    found = statuses(calls)  # type: ignore[arg-type]

    assert set(found) <= {200, 409}  # in a lucky order each finds its name free
    names = {http_scim.user(user_id).body["userName"] for user_id in people}
    assert len(names) == 2
    assert "cid" in names or found[200] > 2


@many
def test_24_patches_of_one_member_each_leave_24_members(http_scim: HttpScim, number: int) -> None:
    people = [http_scim.create(f"person{n}").id for n in range(24)]
    for place in range(number):
        group = http_scim.create_group(f"Staff {place}").id
        calls = [
            lambda group=group, pk=pk: http_scim.patch_group(group, op("Add", "members", [{"value": pk}]))
            for pk in people
        ]

        assert statuses(calls) == {200: 24}  # type: ignore[arg-type]
        assert {member["value"] for member in http_scim.group(group).body["members"]} == set(people)


@many
def test_members_in_opposite_orders_stand_in_nobodys_way(http_scim: HttpScim, number: int) -> None:
    """Locks taken in the order of a request would be a deadlock, which is a 500 to who loses."""
    people = [http_scim.create(f"person{n}").id for n in range(8)]
    orders = [[{"value": pk} for pk in order] for order in (people, people[::-1])]
    for place in range(number):
        groups = [http_scim.create_group(f"Staff {place}-{n}").id for n in range(2)]
        calls = [
            lambda group=group, verb=verb, order=order: http_scim.patch_group(
                group, op(verb, "members", order)
            )
            for verb in ("Add", "Remove")
            for group in groups
            for order in orders
        ]

        assert statuses(calls[:4]) == {200: 4}  # type: ignore[arg-type]
        for group in groups:
            assert {member["value"] for member in http_scim.group(group).body["members"]} == set(people)
        assert statuses(calls) == {200: 8}  # type: ignore[arg-type]


@many
def test_creates_at_once_never_exceed_the_seats(
    http_scim: HttpScim, contoso: Organization, number: int
) -> None:
    for place in range(number):
        Organization.objects.filter(pk=contoso.pk).update(seats=3 * (place + 1))
        calls = [lambda n=n, place=place: http_scim.create(f"person{place}-{n}") for n in range(12)]

        assert statuses(calls) == {201: 3, 403: 9}  # type: ignore[arg-type]
    assert PrintUser.objects.of(contoso).count() == 3 * number


@pytest.mark.parametrize("verb", ["PATCH", "PUT", "DELETE"])
def test_a_write_that_waited_for_the_delete_of_a_group_the_console_keeps_finds_none(
    http_scim: HttpScim, contoso: Organization, verb: str
) -> None:
    kept = create_group(contoso, "Staff", by=factories.TESTER)
    assert http_scim.put_group(kept.pk, a_group("Staff")).status == 200  # it is linked
    token = ScimToken.objects.select_related("installation__organization").get()
    call = Call(token=token, request_id="", received_at=token.issued_at)
    body = a_group("Staff") if verb == "PUT" else {"Operations": [op("Replace", "externalId", "x")]}
    answers: list[Answer] = []

    overtaken(
        lambda: answers.append(
            http_scim.send(verb, f"/Groups/{kept.pk}", None if verb == "DELETE" else body)
        ),
        by=lambda: delete_group(call, str(kept.pk), Preconditions()),
    )

    assert [answer.status for answer in answers] == [404]
    assert not ScimGroup.objects.filter(group=kept).exists()


def test_two_nestings_at_once_make_no_circle(http_scim: HttpScim) -> None:
    one, two = http_scim.create_group("One").id, http_scim.create_group("Two").id
    calls = [
        lambda: http_scim.patch_group(one, op("Add", "members", [{"value": two}])),
        lambda: http_scim.patch_group(two, op("Add", "members", [{"value": one}])),
    ]

    assert statuses(calls) == {200: 1, 400: 1}


def test_a_group_deleted_while_people_come_in_is_gone_and_nothing_breaks(http_scim: HttpScim) -> None:
    group = http_scim.create_group("Print Admins").id
    people = [http_scim.create(f"person{n}").id for n in range(8)]
    calls: list[Callable[[], Answer]] = [
        lambda pk=pk: http_scim.patch_group(group, op("Add", "members", [{"value": pk}]))  # type: ignore[misc]
        for pk in people
    ]

    answers = at_once([*calls[:4], lambda: http_scim.delete_group(group), *calls[4:]])

    assert {answer.status for answer in answers} <= {200, 204, 404}
    assert http_scim.group(group).status == 404
