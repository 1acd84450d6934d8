"""Fixtures for a conftest to import: a trust of Contoso's, and a server that publishes its tenant's keys."""

from collections.abc import Iterator
from ipaddress import ip_network

import pytest
from pytest_django.fixtures import Settings

from addons.models import Installation
from scim_sync.federation import fetching
from scim_sync.federation.trusts import add_trust
from scim_sync.models import FederatedTrust
from tests import factories
from tests.scim_sync.federation.entra import PASTED, Signer
from tests.scim_sync.federation.key_server import KeyServer


@pytest.fixture(scope="session")
def running_key_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeyServer]:
    with KeyServer(tmp_path_factory.mktemp("keys")) as server:
        yield server


@pytest.fixture(scope="session")
def signer() -> Signer:
    """Signs for Microsoft; its key is published."""
    return Signer("first")


@pytest.fixture(scope="session")
def other_signer() -> Signer:
    """A second key, which is not published unless a test does."""
    return Signer("second")


@pytest.fixture
def key_server(
    running_key_server: KeyServer, signer: Signer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[KeyServer]:
    """Publishes the key of ``signer``; the console asks it instead of Microsoft."""
    monkeypatch.setenv("SSL_CERT_FILE", str(running_key_server.authority))
    settings.ENTRA_KEYS_ORIGIN = running_key_server.origin
    settings.OUTBOUND_ALLOW = [ip_network("127.0.0.0/8"), ip_network("::1/128")]
    running_key_server.published.append(signer.published)
    yield running_key_server
    running_key_server.reset()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers are waited for only a moment."""
    monkeypatch.setattr(fetching, "WITHIN", 0.5)


@pytest.fixture
def trust(installation: Installation, key_server: KeyServer) -> FederatedTrust:
    return add_trust(installation, **PASTED, by=factories.TESTER)
