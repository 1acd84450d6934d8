"""Two directories of one organization that send at once, over real HTTP, on a database that locks rows."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from addons.models import Installation
from addons.services import get_addon, install
from printmgmt.organizations.models import Account, Organization
from printmgmt.people.models import PrintUser, ReviewItem, ReviewState
from scim_sync.exceptions import ReviewError
from scim_sync.models import ScimUser
from scim_sync.services.directories import leave_to_owner, take_over
from tests import factories
from tests.factories import ADDON, TESTER
from tests.proofs import rounds
from tests.scim_sync.client import ENABLE, Answer, HttpScim

pytestmark = pytest.mark.skipif(
    connection.settings_dict["ENGINE"].endswith("sqlite3"), reason="races are proven on PostgreSQL"
)

many = pytest.mark.parametrize("number", rounds(10, proof=50))


@pytest.fixture
def second(http_scim: HttpScim, contoso: Organization) -> Installation:
    return install(contoso, get_addon(ADDON), by=TESTER, name="Lyon")


@pytest.fixture
def lyon(second: Installation) -> HttpScim:
    return HttpScim.of(second)  # type: ignore[return-value]


@pytest.fixture
def ada(contoso: Organization) -> Account:
    return factories.administrator(contoso).account


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """The results of all calls, made as near to one another as threads allow."""
    together = Barrier(len(calls))

    def made(call: Callable[[], Any]) -> Any:
        together.wait()
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(made, calls))


@many
def test_both_create_one_name_and_one_of_them_has_the_person(
    http_scim: HttpScim, lyon: HttpScim, installation: Installation, second: Installation, number: int
) -> None:
    for place in range(number):
        name = f"ada{place}@contoso.com"
        both = [lambda one=one, name=name: one.create(name) for one in (http_scim, lyon)]
        answers: list[Answer] = at_once(*both * 4)

        assert Counter(answer.status for answer in answers) == {201: 1, 409: 7}
        [won] = [index % 2 for index, answer in enumerate(answers) if answer.status == 201]
        person = PrintUser.objects.get(user_name=name)
        assert person.source == (installation, second)[won].source
        assert [link.installation for link in person.scim_links.all()] == [(installation, second)[won]]
        # From the next cycle on the other one is refused as a stranger to the person.
        assert (lyon, http_scim)[won].create(name).status == 409
        assert ReviewItem.objects.filter(person=person, state=ReviewState.OPEN).count() == 1


@many
def test_a_move_between_the_writes_of_both_leaves_one_owner(
    http_scim: HttpScim, lyon: HttpScim, second: Installation, ada: Account, number: int
) -> None:
    for place in range(number):
        alice = http_scim.create(f"alice{place}@contoso.com")
        lyon.patch(alice.id, ENABLE)
        item = ReviewItem.objects.get(person=alice.id)

        at_once(
            lambda pk=alice.id: http_scim.patch(pk, ENABLE),
            lambda pk=alice.id: lyon.patch(pk, ENABLE),
            lambda item=item: take_over(second, item, by=TESTER, account=ada),
        )

        person = PrintUser.objects.get(pk=alice.id)
        assert person.source == second.source
        [link] = ScimUser.objects.linking().filter(person=person)
        assert link.installation == second
        assert http_scim.patch(alice.id, ENABLE).status == 409
        assert lyon.patch(alice.id, ENABLE).status == 200


@many
def test_one_of_two_administrators_decides(
    http_scim: HttpScim, lyon: HttpScim, second: Installation, ada: Account, number: int
) -> None:
    def outcome(decide: Callable[[], object]) -> bool:
        try:
            decide()
        except ReviewError:
            return False
        return True

    for place in range(number):
        alice = http_scim.create(f"alice{place}@contoso.com")
        lyon.patch(alice.id, ENABLE)
        item = ReviewItem.objects.get(person=alice.id)

        moved, _left = at_once(
            lambda item=item: outcome(lambda: take_over(second, item, by=TESTER, account=ada)),
            lambda item=item: outcome(lambda: leave_to_owner(item, by=TESTER, account=ada)),
        )

        item.refresh_from_db()
        person = PrintUser.objects.get(pk=alice.id)
        # A rejected one may still be approved, never the other way round.
        assert moved
        assert (item.state, person.source) == (ReviewState.APPROVED, second.source)
