"""A group and two people of Contoso's directory."""

import pytest

from tests.scim_sync.client import Answer, Scim


@pytest.fixture
def admins(scim: Scim) -> Answer:
    """A group without members."""
    return scim.create_group("Print Admins", externalId="g-1")


@pytest.fixture
def ada(scim: Scim) -> str:
    return scim.create("ada", displayName="Ada Byron").id


@pytest.fixture
def eve(scim: Scim) -> str:
    return scim.create("eve").id
