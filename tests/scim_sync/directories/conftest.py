"""A second directory of Contoso, and what it asks about a person of the first one."""

import pytest

from addons.models import Installation
from addons.services import get_addon, install
from printmgmt.organizations.models import Account, Organization
from printmgmt.people.models import PrintUser, ReviewItem
from tests import factories
from tests.factories import ADDON, TESTER
from tests.scim_sync.client import Scim

ALICE = "alice@contoso.com"


@pytest.fixture
def second(contoso: Organization, installation: Installation) -> Installation:
    """A second directory of Contoso; ``installation`` is the first."""
    return install(contoso, get_addon(ADDON), by=TESTER, name="Lyon")


@pytest.fixture
def lyon(second: Installation) -> Scim:
    return Scim.of(second)


@pytest.fixture
def ada(contoso: Organization) -> Account:
    """An administrator who decides."""
    return factories.administrator(contoso).account


@pytest.fixture
def asked(alice: PrintUser, lyon: Scim) -> ReviewItem:
    """Lyon sent Alice, whom the first directory manages."""
    lyon.create(ALICE, externalId="a2")
    return ReviewItem.objects.get()
