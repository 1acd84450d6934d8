"""A host's own adapter: the example of docs/scim.md as it stands there, and the check of the settings."""

from collections.abc import Callable

import pytest

from printmgmt.people.models import PrintUser
from scim_sync.adapters.checks import check_adapters
from scim_sync.models import ProvisioningEvent
from tests.scim_sync.adapters.examples import examples, run_as
from tests.scim_sync.client import DISABLE, Scim, op

REFUSED = "userName: only people of contoso.com print here"


@pytest.fixture
def no_guests(name_adapter: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """Run with the adapter of docs/scim.md, named as its settings name it."""
    run_as(examples()[0], name_adapter, monkeypatch)


@pytest.mark.usefixtures("no_guests")
def test_example_refuses_a_guest_and_takes_everybody_else(scim: Scim) -> None:
    refused = scim.create("guest@elsewhere.example")

    assert refused.error == (400, "invalidValue")
    assert refused.body["detail"] == REFUSED
    assert ProvisioningEvent.objects.get().detail == REFUSED
    assert not PrintUser.objects.exists()
    assert scim.create("dave@contoso.com").status == 201


def test_example_refuses_a_change_of_a_guest_and_lets_them_leave(
    scim: Scim, alice: PrintUser, request: pytest.FixtureRequest
) -> None:
    guest = scim.create("guest@elsewhere.example").id
    request.getfixturevalue("no_guests")

    assert scim.patch(alice.pk, op("Replace", "userName", "alice@elsewhere.example")).status == 400
    assert scim.patch(alice.pk, op("Replace", "userName", "ada@contoso.com")).status == 200
    assert scim.patch(guest, op("Replace", "title", "x")).body["detail"] == REFUSED
    assert scim.patch(guest, DISABLE).status == 200
    assert not PrintUser.objects.get(pk=guest).active


def test_check_accepts_the_adapters_of_the_settings() -> None:
    assert check_adapters(None) == []


@pytest.mark.parametrize(
    ("setting", "path", "problem"),
    [
        ("USER_ADAPTER", "nowhere.Adapter", "Could not import"),
        ("USER_ADAPTER", "scim_sync.adapters.users.Missing", "has no attribute 'Missing'"),
        ("USER_ADAPTER", "scim_sync.adapters.groups.GroupAdapter", "is no subclass of"),
        ("GROUP_ADAPTER", "scim_sync.adapters.users.UserAdapter", "is no subclass of"),
        ("GROUP_ADAPTER", "scim_sync.adapters.reading_groups.groups_of", "is no subclass of"),
        ("USER_ADAPTER", "", "is no subclass of"),
    ],
)
def test_an_adapter_that_is_none_of_ours_stops_the_start(
    setting: str, path: str, problem: str, name_adapter: Callable[[str, str], None]
) -> None:
    name_adapter(setting, path)

    (error,) = check_adapters(None)

    assert error.id == "scim_sync.E001"
    assert setting in error.msg
    assert problem in error.msg
