"""Two organizations: Alice and Bob of Contoso, and Charlie of Fabrikam, whose data could leak."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django_scim.settings import scim_settings

from addons.models import Installation
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser
from tests import factories
from tests.replay import replayed
from tests.scim_sync.client import ENTERPRISE, HttpScim, Scim


def the_organization(name: str) -> Organization:
    """An organization with its owner."""
    return Organization.objects.get(
        pk=replayed(("organization", name), lambda: factories.organization(name).pk)
    )


def the_installation(of: Organization) -> Installation:
    """The add-on in an organization, installed and without a token."""
    pk = replayed(("installation", of.pk), lambda: factories.installed(of).pk)
    return Installation.objects.select_related("organization").get(pk=pk)


def the_directory(installation: Installation) -> Scim:
    """The directory of an installation, with a token."""
    return Scim(*replayed(("directory", installation.pk), lambda: _base_and_token(installation)))


def _base_and_token(installation: Installation) -> tuple[str, str]:
    scim = Scim.of(installation)
    return scim.base, scim.token


def pushed(scim: Scim, user_name: str, **attributes: Any) -> PrintUser:
    """A person whom a directory pushed."""
    pk = replayed(("pushed", scim.base, user_name), lambda: scim.create(user_name, **attributes).id)
    return PrintUser.objects.get(pk=pk)


@pytest.fixture(autouse=True)
def _nothing_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reads that a process counts in memory are those of one test: installations have the same ids in all."""
    monkeypatch.setattr("scim_sync.monitoring.contact._kept", {})


@pytest.fixture
def contoso(db: None) -> Organization:
    return the_organization("Contoso")


@pytest.fixture
def installation(contoso: Organization) -> Installation:
    return the_installation(contoso)


@pytest.fixture
def name_adapter(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Name another adapter in a setting of django-scim2's, and have it read again."""

    def name(setting: str, adapter: str) -> None:
        monkeypatch.delattr(scim_settings, setting)
        monkeypatch.setitem(settings.SCIM_SERVICE_PROVIDER, setting, adapter)

    return name


@pytest.fixture
def scim(installation: Installation) -> Scim:
    """Contoso's directory."""
    return the_directory(installation)


@pytest.fixture
def fabrikam(db: None) -> Organization:
    return the_organization("Fabrikam")


@pytest.fixture
def other_scim(fabrikam: Organization) -> Scim:
    """Fabrikam's directory."""
    return the_directory(the_installation(fabrikam))


@pytest.fixture
def http_scim(server: object, installation: Installation) -> HttpScim:
    """Contoso's directory over real HTTP; what tests write is committed."""
    return HttpScim.of(installation)  # type: ignore[return-value]


@pytest.fixture
def alice(scim: Scim) -> PrintUser:
    """Pushed by Contoso's directory."""
    return pushed(
        scim,
        "alice@contoso.com",
        externalId="alice",
        displayName="Alice Adams",
        emails=[{"type": "work", "value": "alice@contoso.com", "primary": True}],
        name={"givenName": "Alice", "familyName": "Adams"},
        **{ENTERPRISE: {"department": "IT", "employeeNumber": "1"}},
    )


@pytest.fixture
def bob(contoso: Organization) -> PrintUser:
    """Made in Contoso's console; no directory knows him yet."""
    return factories.person(contoso, "bob@contoso.com", display_name="Bob Brown")


@pytest.fixture
def charlie(other_scim: Scim) -> PrintUser:
    """Pushed by Fabrikam's directory, with names and ids of Alice's among his attributes."""
    return pushed(
        other_scim,
        "charlie@fabrikam.com",
        externalId="alice",
        displayName="Charlie Clark",
        emails=[{"type": "work", "value": "alice@contoso.com", "primary": True}],
    )
