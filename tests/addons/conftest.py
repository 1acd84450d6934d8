"""What tests of the framework share."""

import pytest

from scim_sync.apps import AzureAdUserSyncConfig


@pytest.fixture
def only_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sync allows one installation in an organization."""
    monkeypatch.setattr(AzureAdUserSyncConfig, "allows_several", False)
