"""System checks of add-ons: those of the framework, and those that an add-on names."""

from typing import Any

import pytest
from django.apps import apps
from django.core.checks import CheckMessage, Error, run_checks

from scim_sync.apps import AzureAdUserSyncConfig

SYNC = "scim_sync"


def finds_something(_configs: Any, **_options: Any) -> list[CheckMessage]:
    return [Error("Something.", id="tests.E001")]


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> AzureAdUserSyncConfig:
    """The sync's facts, with the check that the test's parameter names."""
    config = apps.get_app_config(SYNC)
    assert isinstance(config, AzureAdUserSyncConfig)
    monkeypatch.setattr(config, "checks", (request.param,))
    return config


def found() -> list[str | None]:
    return [message.id for message in run_checks() if message.is_serious()]


def test_the_add_ons_of_this_console_are_in_order() -> None:
    assert found() == []


@pytest.mark.parametrize("named", [f"{__name__}.finds_something"], indirect=True)
def test_a_check_that_an_add_on_names_is_run(named: AzureAdUserSyncConfig) -> None:
    assert found() == ["tests.E001"]


@pytest.mark.parametrize("named", ["parking.checks.check_barrier", f"{__name__}.no_such"], indirect=True)
def test_a_check_that_is_not_importable_stops_the_start(named: AzureAdUserSyncConfig) -> None:
    assert found() == ["addons.E005"]
