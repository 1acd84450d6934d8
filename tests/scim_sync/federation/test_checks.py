"""Another key server than Microsoft's does not start in production."""

import pytest
from pytest_django.fixtures import Settings

from scim_sync.federation.checks import check_keys_origin


@pytest.mark.parametrize(
    ("production", "origin", "ids"),
    [
        (True, "https://localhost:8444", ["scim_sync.E007"]),
        (True, "", []),
        (False, "https://localhost:8444", []),
    ],
)
def test_keys_from_elsewhere_are_refused_in_production(
    settings: Settings, production: bool, origin: str, ids: list[str]
) -> None:
    settings.PRODUCTION, settings.ENTRA_KEYS_ORIGIN = production, origin

    assert [error.id for error in check_keys_origin(None)] == ids
