"""An organization that exports: to a real folder, or to a real https server."""

from ipaddress import ip_network
from pathlib import Path
from typing import Any, Protocol

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from addons.models import Installation
from addons.services import configure, get_addon, install
from directory_export.services import set_secret
from printmgmt.organizations.models import Organization
from tests import factories
from tests.directory_export.receiver import Receiver

SECRET = "a-secret-of-the-tests-0123456789"


class Exporting(Protocol):
    """Installs the add-on in an organization with these settings."""

    def __call__(self, of: Organization, **settings: Any) -> Installation: ...


@pytest.fixture(autouse=True)
def _nothing_named(settings: Settings) -> None:
    """As on a host that names nothing; the tests' own servers are on the loopback address."""
    settings.OUTBOUND_ALLOW = []


@pytest.fixture
def contoso(db: None) -> Organization:
    return factories.organization("Contoso")


@pytest.fixture
def client(contoso: Organization) -> Client:
    return factories.signed_in(contoso)


@pytest.fixture
def root(settings: Settings, tmp_path: Path) -> Path:
    """The host's folder for exports."""
    settings.EXPORT_ROOT = str(tmp_path / "exports")
    return tmp_path / "exports"


@pytest.fixture
def exporting(root: Path) -> Exporting:
    def made(of: Organization, **settings: Any) -> Installation:
        installation = install(of, get_addon("directory-export"), by=factories.TESTER)
        return configure(installation, {"destination": "folder", **settings}, by=factories.TESTER)

    return made


@pytest.fixture(scope="session")
def _receiver(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with Receiver(tmp_path_factory.mktemp("receiver")) as running:
        yield running


@pytest.fixture
def receiver(_receiver: Receiver, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Receiver:
    """A real https server on the loopback address, which this host allows and whose authority it trusts."""
    settings.OUTBOUND_ALLOW = [ip_network("127.0.0.0/8"), ip_network("::1")]
    monkeypatch.setenv("SSL_CERT_FILE", str(_receiver.authority))
    _receiver.clear()
    return _receiver


@pytest.fixture
def sending(contoso: Organization, exporting: Exporting, receiver: Receiver) -> Installation:
    """Contoso, sending to the receiver with SECRET."""
    installation = exporting(contoso, destination="https", address=receiver.url)
    set_secret(installation, SECRET, by=factories.TESTER)
    return installation
