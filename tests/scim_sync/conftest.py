"""Two organizations: Alice and Bob of Contoso, and Charlie of Fabrikam, whose data could leak."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django_scim.settings import scim_settings

from addons.models import Installation
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PrintUser
from tests import factories
from tests.scim_sync.client import ENTERPRISE, HttpScim, Scim


@pytest.fixture
def contoso(db: None) -> Organization:
    return factories.organization("Contoso")


@pytest.fixture
def installation(contoso: Organization) -> Installation:
    return factories.installed(contoso)


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
    return Scim.of(installation)


@pytest.fixture
def fabrikam(db: None) -> Organization:
    return factories.organization("Fabrikam")


@pytest.fixture
def other_scim(fabrikam: Organization) -> Scim:
    """Fabrikam's directory."""
    return Scim.of(factories.installed(fabrikam))


@pytest.fixture
def http_scim(server: object, installation: Installation) -> HttpScim:
    """Contoso's directory over real HTTP; what tests write is committed."""
    return HttpScim.of(installation)  # type: ignore[return-value]


@pytest.fixture
def alice(scim: Scim) -> PrintUser:
    """Pushed by Contoso's directory."""
    answer = scim.create(
        "alice@contoso.com",
        externalId="alice",
        displayName="Alice Adams",
        emails=[{"type": "work", "value": "alice@contoso.com", "primary": True}],
        name={"givenName": "Alice", "familyName": "Adams"},
        **{ENTERPRISE: {"department": "IT", "employeeNumber": "1"}},
    )
    return PrintUser.objects.get(pk=answer.id)


@pytest.fixture
def bob(contoso: Organization) -> PrintUser:
    """Made in Contoso's console; no directory knows him yet."""
    return factories.person(contoso, "bob@contoso.com", display_name="Bob Brown")


@pytest.fixture
def charlie(other_scim: Scim) -> PrintUser:
    """Pushed by Fabrikam's directory, with names and ids of Alice's among his attributes."""
    answer = other_scim.create(
        "charlie@fabrikam.com",
        externalId="alice",
        displayName="Charlie Clark",
        emails=[{"type": "work", "value": "alice@contoso.com", "primary": True}],
    )
    return PrintUser.objects.get(pk=answer.id)
