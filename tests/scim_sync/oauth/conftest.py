"""Contoso's client, with a secret."""

import pytest

from addons.models import Installation
from tests.scim_sync.oauth.client import TokenClient


@pytest.fixture
def oauth(installation: Installation) -> TokenClient:
    """Contoso's client."""
    return TokenClient.of(installation)


@pytest.fixture
def http_oauth(server: object, installation: Installation) -> TokenClient:
    """Contoso's client over real HTTP; what tests write is committed."""
    return TokenClient.of(installation, over_http=True)
