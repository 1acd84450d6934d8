"""/Groups: made, renamed, linked, deleted, and nobody else's. Who is in them: test_members.py."""

from typing import Any

import pytest

from addons.models import Installation
from addons.services import configure
from printmgmt.organizations.models import Organization
from printmgmt.people.groups import create_group
from printmgmt.people.models import PrintGroup
from scim_sync.models import Action, ProvisioningEvent, Result, ScimGroup
from tests.factories import TESTER
from tests.scim_sync.client import GROUP, Answer, Scim, a_group, op

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.mark.rfc("7643", "4.2")
@pytest.mark.rfc("7644", "3.3")
def test_a_group_is_made_with_its_address_and_version(scim: Scim) -> None:
    answer = scim.create_group("Print Admins", externalId="g-1")

    assert answer.status == 201
    assert answer.headers["Location"].endswith(f"{scim.base}/Groups/{answer.id}")
    assert answer.headers["ETag"] == answer.body["meta"]["version"] == 'W/"1"'
    assert answer.body["schemas"] == [GROUP]
    assert (answer.body["displayName"], answer.body["externalId"]) == ("Print Admins", "g-1")
    assert "members" not in answer.body
    assert scim.group(answer.id).body == answer.body


@pytest.mark.parametrize("name", ["print admins", "PRINT ADMINS", "Print Admins"])
def test_a_taken_name_is_a_conflict_in_any_letter_case(scim: Scim, admins: Answer, name: str) -> None:
    assert scim.create_group(name).error == (409, "uniqueness")
    other = scim.create_group("Other")
    assert scim.patch_group(other.id, op("replace", "displayName", name)).error == (409, "uniqueness")
    assert PrintGroup.objects.count() == 2


@pytest.mark.parametrize(
    "body", [{}, {"displayName": ""}, {"displayName": "  "}, {"displayName": 5}, {"displayName": "x" * 513}]
)
def test_a_name_that_cannot_be_is_refused(scim: Scim, body: dict[str, Any]) -> None:
    assert scim.post({"schemas": [GROUP], **body}, "/Groups").error == (400, "invalidValue")
    assert not PrintGroup.objects.exists()


@pytest.mark.rfc("7644", "3.6")
def test_a_deleted_group_is_gone_and_its_people_stay(scim: Scim, admins: Answer, ada: str) -> None:
    scim.patch_group(admins.id, op("add", "members", [{"value": ada}]))

    assert scim.delete_group(admins.id).status == 204

    assert scim.delete_group(admins.id).status == scim.group(admins.id).status == 404
    assert scim.user(ada).status == 200


@pytest.mark.parametrize(("linking", "status"), [("link", 201), ("review", 201), ("refuse", 409)])
def test_a_group_of_the_console_is_linked_unless_people_made_here_stay_apart(
    scim: Scim, installation: Installation, contoso: Organization, linking: str, status: int
) -> None:
    configure(installation, {"linking": linking}, by=TESTER)
    known = create_group(contoso, "Staff", by=TESTER)

    answer = scim.create_group("staff", externalId="g")

    assert answer.status == status
    assert ScimGroup.objects.filter(group=known).exists() == (status == 201)
    if status == 201:
        assert answer.id == str(known.pk)
        assert ProvisioningEvent.objects.latest("pk").action == Action.LINK


def test_another_tenant_sees_and_touches_nothing(scim: Scim, other_scim: Scim, admins: Answer) -> None:
    assert other_scim.group(admins.id).status == 404
    assert other_scim.patch_group(admins.id, op("replace", "displayName", "Mine")).status == 404
    assert other_scim.put_group(admins.id, a_group("Mine")).status == 404
    assert other_scim.delete_group(admins.id).status == 404
    assert other_scim.get("/Groups").body["totalResults"] == 0
    assert scim.group(admins.id).body["displayName"] == "Print Admins"


def test_a_stale_version_changes_nothing(scim: Scim, admins: Answer) -> None:
    scim.patch_group(admins.id, op("replace", "displayName", "Admins"))

    stale = scim.patch_group(admins.id, op("replace", "displayName", "Mine"), if_match='W/"1"')

    assert stale.status == 412
    assert scim.group(admins.id).body["displayName"] == "Admins"
    assert scim.get(f"/Groups/{admins.id}", if_none_match='W/"2"').status == 304


def test_the_log_has_the_ids_of_who_came_and_went(scim: Scim, admins: Answer, ada: str) -> None:
    scim.patch_group(admins.id, op("add", "members", [{"value": ada}]))
    scim.patch_group(admins.id, op("remove", "members", [{"value": ada}]))

    came, went = ProvisioningEvent.objects.filter(group=admins.id).order_by("pk")[1:]
    assert came.changes == [{"attribute": "members", "old": None, "new": ada}]
    assert went.changes == [{"attribute": "members", "old": ada, "new": None}]
    assert (came.subject, came.person) == ("Print Admins", None)


def test_a_refused_write_is_logged_for_its_group(scim: Scim, admins: Answer) -> None:
    scim.patch_group(admins.id, op("replace", "displayName", ""))
    scim.create_group("print admins")

    first, second = ProvisioningEvent.objects.filter(result=Result.REFUSED).order_by("pk")
    assert (str(first.group_id), first.subject) == (admins.id, "Print Admins")
    assert (second.group, second.subject, second.status) == (None, "print admins", 409)


@pytest.mark.rfc("7643", "4.1.2")
def test_people_list_their_groups(scim: Scim, admins: Answer, ada: str, eve: str) -> None:
    scim.patch_group(admins.id, op("add", "members", [{"value": ada}]))

    [group] = scim.user(ada).body["groups"]

    assert (group["value"], group["display"], group["type"]) == (admins.id, "Print Admins", "direct")
    assert group["$ref"].endswith(f"/Groups/{admins.id}")
    assert "groups" not in scim.user(eve).body
