"""Two organizations, each with data the other must not see."""

import pytest

from printmgmt.organizations.models import Organization
from tests import factories


@pytest.fixture
def contoso(db: None) -> Organization:
    return factories.organization("Contoso")


@pytest.fixture
def fabrikam(db: None) -> Organization:
    return factories.organization("Fabrikam")
