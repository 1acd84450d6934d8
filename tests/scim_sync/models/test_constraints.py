"""What the database refuses. Tokens and client secrets are proven in credentials/, trusts in federation/."""

import pytest
from django.apps import apps
from django.db import IntegrityError
from django.db.models import Model

from addons.models import Installation
from printmgmt.people.models import PrintGroup, PrintUser
from scim_sync.models import (
    Action,
    Contact,
    ProvisioningEvent,
    ProvisioningEventCounter,
    Result,
    ScimGroup,
    ScimUser,
)
from tests import factories
from tests.scim_sync.client import Scim

PROVEN = {
    "scim_user_once",
    "scim_group_once",
    "event_counted_once",
    "token_slot_once",
    "token_two_slots",
    "token_revoked_has_no_slot",
    "token_access_has_no_slot",
    "token_kind_follows_origin",
    "client_secret_slot_once",
    "client_secret_two_slots",
    "client_secret_revoked_has_no_slot",
    "trust_once",
    "signing_keys_once",
}


def test_every_constraint_is_proven_here_or_with_the_tokens() -> None:
    models = apps.get_app_config("scim_sync").get_models()
    assert {constraint.name for model in models for constraint in model._meta.constraints} == PROVEN


def twice(row: Model) -> None:
    """Insert a copy of a row."""
    row.pk = None
    row._state.adding = True
    row.save()


def test_a_person_is_linked_once(alice: PrintUser) -> None:
    with pytest.raises(IntegrityError, match="scim_user_once"):
        twice(ScimUser.objects.get(person=alice))


def test_a_group_is_linked_once(scim: Scim) -> None:
    scim.create_group("Staff")

    with pytest.raises(IntegrityError, match="scim_group_once"):
        twice(ScimGroup.objects.get(group=PrintGroup.objects.get()))


def test_an_installation_has_one_contact(installation: Installation) -> None:
    Contact.objects.create(installation=installation)

    with pytest.raises(IntegrityError, match="installation_id"):
        Contact.objects.create(installation=installation)


def event(installation: Installation) -> ProvisioningEvent:
    return ProvisioningEvent.objects.create(
        installation=installation,
        action=Action.CREATE,
        result=Result.REFUSED,
        status=409,
        method="POST",
        path="/",
    )


def test_a_repeated_request_has_one_counter_in_an_installation(installation: Installation) -> None:
    other = factories.installed(factories.organization("Fabrikam"))
    for each in (installation, other):
        ProvisioningEventCounter.objects.create(event=event(each), installation=each, key="k")

    with pytest.raises(IntegrityError, match="event_counted_once"):
        ProvisioningEventCounter.objects.create(event=event(other), installation=other, key="k")
