"""An event, its body and its counter are inserted together, on both databases."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from addons.models import Installation
from scim_sync.models import (
    Action,
    ProvisioningEvent,
    ProvisioningEventBody,
    ProvisioningEventCounter,
    Result,
)
from scim_sync.provisioning_log.inserts import insert_together

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

HOSTILE = {"userName": "a%s'\"\\ ☃", "n": [1, None, True]}


def event(installation: Installation) -> ProvisioningEvent:
    return ProvisioningEvent(
        installation=installation,
        action=Action.CREATE,
        result=Result.REFUSED,
        status=409,
        method="POST",
        path="/%s/☃",
        changes=[{"new": "100 %"}],
    )


def test_all_rows_are_there_and_point_at_the_event(installation: Installation) -> None:
    made = event(installation)
    body = ProvisioningEventBody(request=HOSTILE, response=None)
    counter = ProvisioningEventCounter(installation=installation, key="k")

    with CaptureQueriesContext(connection) as queries:
        insert_together(made, counter, body)

    assert len(queries) == (1 if connection.vendor == "postgresql" else 3)
    kept = ProvisioningEvent.objects.select_related("body", "counter").get(pk=made.pk)
    assert (kept.path, kept.changes, kept.at) == (made.path, made.changes, made.at)
    assert (kept.body.request, kept.body.response) == (HOSTILE, None)
    assert (kept.count, kept.counter.key) == (1, "k")
    assert (body.event, counter.event) == (made, made)


def test_an_event_without_a_body_has_none(installation: Installation) -> None:
    made = event(installation)

    insert_together(made)

    assert ProvisioningEvent.objects.get() == made
    assert not ProvisioningEventBody.objects.exists()


def test_a_counter_there_is_already_keeps_the_event_out(installation: Installation) -> None:
    insert_together(event(installation), ProvisioningEventCounter(installation=installation, key="k"))

    with pytest.raises(IntegrityError), transaction.atomic():
        insert_together(event(installation), ProvisioningEventCounter(installation=installation, key="k"))

    assert ProvisioningEvent.objects.count() == 1
