"""What a body calls other people is not kept; who they are stays, by id."""

from typing import Any

import pytest

from scim_sync.models import ProvisioningEvent, ProvisioningEventBody
from scim_sync.provisioning_log.references import LEFT_OUT, without_names
from tests.scim_sync.client import ENTERPRISE, Scim, a_group, op

ID = "02d014d7-3485-4a3f-a484-2e8f93b7f80b"
NAME = "Zoe Quaxbert"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (
            {"members": [{"value": ID, "display": NAME, "type": "User"}]},
            {"members": [{"value": ID, "display": LEFT_OUT, "type": "User"}]},
        ),
        (
            {"Members": {"value": ID, "displayName": NAME}},
            {"Members": {"value": ID, "displayName": LEFT_OUT}},
        ),
        (
            {ENTERPRISE: {"manager": {"value": ID, "displayName": NAME}, "department": "Sales"}},
            {ENTERPRISE: {"manager": {"value": ID, "displayName": LEFT_OUT}, "department": "Sales"}},
        ),
        (
            {f"{ENTERPRISE}:manager": {"value": ID, "displayName": NAME}},
            {f"{ENTERPRISE}:manager": {"value": ID, "displayName": LEFT_OUT}},
        ),
        ({"manager.displayName": NAME}, {"manager.displayName": LEFT_OUT}),
        (
            {"op": "add", "path": "members", "value": [{"value": ID, "display": NAME}]},
            {"op": "add", "path": "members", "value": [{"value": ID, "display": LEFT_OUT}]},
        ),
        (
            {"op": "replace", "path": f"{ENTERPRISE}:manager.displayName", "value": NAME},
            {"op": "replace", "path": f"{ENTERPRISE}:manager.displayName", "value": LEFT_OUT},
        ),
        (
            {"op": "remove", "path": f'members[display eq "{NAME}"]'},
            {"op": "remove", "path": 'members[display eq "…"]'},
        ),
        (
            {"op": "replace", "path": f'members[value eq "{ID}"].display', "value": NAME},
            {"op": "replace", "path": 'members[value eq "…"].display', "value": LEFT_OUT},
        ),
        (
            {"op": "remove", "path": f'members[value eq "{ID}"]'},
            {"op": "remove", "path": f'members[value eq "{ID}"]'},
        ),
        ({"op": "add", "path": "manager", "value": ID}, {"op": "add", "path": "manager", "value": ID}),
        (
            {"op": "add", "path": "manager", "value": "zoe@contoso.example"},
            {"op": "add", "path": "manager", "value": LEFT_OUT},
        ),
        (
            {ENTERPRISE: {"manager": {"value": "zoe", "$ref": "../Users/7"}}},
            {ENTERPRISE: {"manager": {"value": LEFT_OUT, "$ref": "../Users/7"}}},
        ),
        (
            {"op": "replace", "path": "manager", "value": ""},
            {"op": "replace", "path": "manager", "value": ""},
        ),
        # The person's own name is in the person's own event.
        (
            {"displayName": NAME, "name": {"formatted": NAME}},
            {"displayName": NAME, "name": {"formatted": NAME}},
        ),
    ],
)
def test_names_of_others_are_left_out(sent: dict[str, Any], kept: dict[str, Any]) -> None:
    assert without_names(sent) == kept
    assert without_names({"Operations": [sent]}) == {"Operations": [kept]}


@pytest.mark.django_db
def test_bodies_of_a_group_name_no_member(scim: Scim) -> None:
    zoe = scim.create("zoe@contoso.example", displayName=NAME).id
    group = scim.post(a_group("Staff", zoe), "/Groups").id
    scim.put_group(group, {**a_group("Staff"), "members": [{"value": zoe, "display": NAME}]})
    scim.patch_group(group, op("remove", f'members[display eq "{NAME}"]'))

    of_group = ProvisioningEventBody.objects.filter(event__group=group)

    assert of_group.count() == 3
    assert all(zoe in str(body.request) or "display eq" in str(body.request) for body in of_group)
    assert not any(NAME in f"{body.request} {body.response}" for body in of_group)


@pytest.mark.django_db
def test_a_change_of_a_manager_has_only_an_id(scim: Scim) -> None:
    zoe = scim.create("zoe@contoso.example").id
    ada = scim.create("ada@contoso.example").id
    scim.patch(ada, op("add", f"{ENTERPRISE}:manager", zoe))
    scim.patch(ada, op("replace", f"{ENTERPRISE}:manager", "zoe@contoso.example"))

    *_created, one, two = ProvisioningEvent.objects.order_by("pk")

    attribute = f"{ENTERPRISE}:manager.value"
    assert one.changes == [{"attribute": attribute, "old": None, "new": zoe}]
    assert two.changes == [{"attribute": attribute, "old": zoe, "new": LEFT_OUT}]
    assert "zoe@" not in f"{two.body.request} {two.body.response}"
