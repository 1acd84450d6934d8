"""One request cannot make the server look at the same members for a minute, by PATCH or by Bulk."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from printmgmt.organizations.models import Organization
from printmgmt.people.models import GroupMembership, PrintUser
from scim_sync.protocol import effort
from scim_sync.protocol.effort import MAX_MEMBER_COMPARISONS
from tests.scim_sync.client import Answer, Scim, op

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

SIZE = 1000
SELECT = op("remove", 'members[display co "zzz1"]')


@pytest.fixture
def crowd(scim: Scim, admins: Answer, contoso: Organization) -> list[PrintUser]:
    """A thousand members of the group."""
    source = f"azure-ad-user-sync:{scim.base.rpartition('/')[2]}"
    people = PrintUser.objects.bulk_create(
        PrintUser(organization=contoso, user_name=f"p{n}", user_name_key=f"p{n}") for n in range(SIZE)
    )
    GroupMembership.objects.bulk_create(
        GroupMembership(group_id=admins.id, person=person, source=source) for person in people
    )
    return people


def bulk(scim: Scim, group: str, *operations: dict[str, Any], times: int) -> list[str]:
    """The statuses of so many PATCHes of a group, all in one request."""
    one = {"method": "PATCH", "path": f"/Groups/{group}", "data": {"Operations": list(operations)}}
    body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": [one] * times}
    return [answer["status"] for answer in scim.send("POST", "/Bulk", body).body["Operations"]]


@pytest.mark.rfc("7644", "3.12")
def test_a_thousand_selections_of_a_thousand_members_are_too_many(
    scim: Scim, admins: Answer, crowd: list[PrintUser]
) -> None:
    before = scim.group(admins.id).headers["ETag"]

    assert scim.patch_group(admins.id, *[SELECT] * 1000).error == (400, "tooMany")

    assert scim.group(admins.id).headers["ETag"] == before
    at_most = MAX_MEMBER_COMPARISONS // SIZE
    assert scim.patch_group(admins.id, *[SELECT] * at_most).status == 204
    assert scim.patch_group(admins.id, *[SELECT] * (at_most + 1)).error == (400, "tooMany")
    named = op("remove", f'members[value eq "{crowd[0].pk}"]')
    assert scim.patch_group(admins.id, *[named] * 1000).status == 204


def test_a_bulk_request_is_one_request(
    scim: Scim, admins: Answer, crowd: list[PrintUser], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(effort, "MAX_MEMBER_COMPARISONS", 3 * SIZE)

    assert bulk(scim, admins.id, SELECT, times=5) == ["200", "200", "200", "400", "400"]
    assert bulk(scim, admins.id, SELECT, times=3) == ["200"] * 3


def test_members_are_read_once_for_all_selections_of_a_patch(
    scim: Scim, admins: Answer, crowd: list[PrintUser]
) -> None:
    scim.get("/Groups")  # the first contact of a token costs more
    queries = []
    for times in (1, 50):
        with CaptureQueriesContext(connection) as captured:
            assert scim.patch_group(admins.id, *[SELECT] * times).status == 204
        queries.append([query["sql"] for query in captured.captured_queries])

    assert len(queries[0]) == len(queries[1])
    # Once for the selections, and once to see whether the answer may show them.
    assert sum("people_groupnesting" in sql for sql in queries[1]) == 2


def test_patches_of_people_count_over_a_whole_bulk_request(
    scim: Scim, ada: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled = scim.patch(ada, op("add", "roles", [{"value": str(number)} for number in range(100)]))
    assert len(filled.body["roles"]) == 100
    monkeypatch.setattr(effort, "MAX_VALUES_COPIED", 250)
    one = {
        "method": "PATCH",
        "path": f"/Users/{ada}",
        "data": {"Operations": [op("remove", 'roles[value co "x"]')]},
    }
    body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": [one] * 4}

    answers = scim.send("POST", "/Bulk", body).body["Operations"]

    assert [answer["status"] for answer in answers] == ["200", "200", "413", "413"]
    assert scim.patch(ada, op("remove", 'roles[value co "x"]')).status == 200
