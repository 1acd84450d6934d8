"""A write that the database breaks off for the sake of another is made again, and told once."""

import pytest
from django.db import connection

from printmgmt.audit.models import AuditEvent
from printmgmt.people.models import PrintUser
from scim_sync.models import ProvisioningEvent
from tests.deadlocks import deadlocked
from tests.scim_sync.client import Answer, HttpScim, op

pytestmark = pytest.mark.skipif(
    connection.settings_dict["ENGINE"].endswith("sqlite3"), reason="deadlocks are of PostgreSQL"
)
RENAME = op("Replace", "displayName", "Ada Lovelace")


def test_a_write_that_was_broken_off_is_made_again_and_logged_once(http_scim: HttpScim) -> None:
    ada = PrintUser.objects.get(pk=http_scim.create("ada").id)
    answers: list[Answer] = []

    deadlocked(lambda: answers.append(http_scim.patch(ada.pk, RENAME)), row=ada)

    assert [(answer.status, answer.body["displayName"]) for answer in answers] == [(200, "Ada Lovelace")]
    assert ProvisioningEvent.objects.filter(method="PATCH").count() == 1
    assert AuditEvent.objects.filter(verb="person.updated").count() == 1


def test_an_operation_of_a_bulk_request_is_made_again_alone(http_scim: HttpScim) -> None:
    ada = PrintUser.objects.get(pk=http_scim.create("ada").id)
    operations = [
        {"method": "POST", "path": "/Users", "bulkId": "1", "data": {"userName": "bob"}},
        {"method": "PATCH", "path": f"/Users/{ada.pk}", "data": {"Operations": [RENAME]}},
    ]
    body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": operations}
    answers: list[Answer] = []
    # Bob's event waits for the organization, too, and for nobody who waits for Bob.
    http_scim.create("bob")

    deadlocked(lambda: answers.append(http_scim.post(body, "/Bulk")), row=ada)

    assert [each["status"] for each in answers[0].body["Operations"]] == ["409", "200"]
    assert ProvisioningEvent.objects.filter(method="PATCH").count() == 1
