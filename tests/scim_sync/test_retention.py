"""What the sync keeps of a person who is anonymized: events as numbers."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from printmgmt.deprovisioning.retention.sweep import anonymise_due
from printmgmt.people.models import PrintUser
from scim_sync.models import ProvisioningEvent, ProvisioningEventBody, ScimUser
from tests.due import perform_due
from tests.scim_sync.client import Scim


@pytest.mark.django_db
def test_events_stay_without_names_and_the_directory_creates_a_new_person(scim: Scim) -> None:
    body = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "zyxwvut@contoso.example",
        "externalId": "ext-zyxwvut",
        "displayName": "Zoe Quaxbert",
        "title": "Chief Quax",
        "phoneNumbers": [{"type": "work", "value": "+44 7700 900987"}],
        "active": True,
    }
    old = scim.post(body).id
    scim.post(body)  # refused: the name is taken
    scim.delete(old)
    events = ProvisioningEvent.objects.count()

    for days in (8, 366):
        with time_machine.travel(timezone.now() + timedelta(days=days), tick=True):
            perform_due()
            anonymised = anonymise_due()
    assert anonymised == 1

    assert ProvisioningEvent.objects.count() == events
    rows = [*ProvisioningEvent.objects.values_list(), *ProvisioningEventBody.objects.values_list()]
    rows += ScimUser.objects.values_list()
    text = str(rows)
    for value in ("zyxwvut", "Quax", "900987"):
        assert value not in text
    new = scim.post(body)
    assert new.status == 201
    assert new.id != old
    assert PrintUser.objects.count() == 2
