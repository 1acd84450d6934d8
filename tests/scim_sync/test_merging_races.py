"""An administrator makes two rows one person while the directory writes to them, on PostgreSQL."""

from collections.abc import Callable

import pytest
from django.db import connection

from printmgmt.deprovisioning.merging import merge_people
from printmgmt.organizations.models import Organization
from printmgmt.people.exceptions import MergeRefused
from printmgmt.people.models import PrintUser
from scim_sync.models import ProvisioningEvent
from tests import factories
from tests.printmgmt.deprovisioning.test_races import at_once
from tests.proofs import rounds
from tests.scim_sync.client import DISABLE, PRINTMGMT, Answer, HttpScim, a_group, op

pytestmark = pytest.mark.skipif(
    connection.settings_dict["ENGINE"].endswith("sqlite3"), reason="races are proven on PostgreSQL"
)

Write = Callable[[HttpScim, str, str], Answer]
CARD = op("Replace", f"{PRINTMGMT}:cardNumber", "4711 4711")
WRITES: dict[str, Write] = {
    "patch": lambda scim, keep, group: scim.patch(keep, op("Replace", "displayName", "Ada")),
    "card": lambda scim, keep, group: scim.patch(keep, CARD),
    "disable": lambda scim, keep, group: scim.patch(keep, DISABLE),
    "delete": lambda scim, keep, group: scim.delete(keep),
    "come back": lambda scim, keep, group: scim.create("old@contoso.com"),
    "group": lambda scim, keep, group: scim.put_group(group, a_group("Staff", keep)),
    "leave": lambda scim, keep, group: scim.patch_group(group, op("Remove", "members", [{"value": keep}])),
}


@pytest.mark.parametrize("rounds", rounds(1, proof=40))
@pytest.mark.parametrize("write", WRITES)
def test_a_merge_and_a_write_of_the_directory_end_as_one_after_the_other(
    http_scim: HttpScim, contoso: Organization, write: str, rounds: int
) -> None:
    for _round in range(rounds):
        keep, other = (http_scim.create(name).id for name in ("new@contoso.com", "old@contoso.com"))
        group = http_scim.create_group("Staff", keep, other).id
        http_scim.delete(other)
        answers: list[Answer] = []

        def merge(keep: str = keep, other: str = other) -> None:
            rows = PrintUser.objects.in_bulk([keep, other], field_name="pk")
            by_id = {str(pk): row for pk, row in rows.items()}
            merge_people(by_id[keep], by_id[other], by=factories.TESTER)

        errors = at_once(
            merge,
            lambda keep=keep, group=group, answers=answers: answers.append(  # type: ignore[misc]
                WRITES[write](http_scim, keep, group)
            ),
        )

        assert [type(error) for error in errors] in ([], [MergeRefused])
        assert answers[0].status < 500
        past = PrintUser.objects.get(pk=other)
        assert (past.merged_into_id is None) == bool(errors)
        assert bool(past.removed_at) or (write == "come back" and bool(errors))
        for row in PrintUser.objects.live():
            http_scim.delete(row.pk)
        http_scim.delete_group(group)
    assert not ProvisioningEvent.objects.filter(status__gte=500).exists()
