"""Organizations, and a server that one of them has added: a real CUPS with the stock policy."""

from typing import Any, Protocol

import pytest

from demo.cupsd import OPERATOR, PrivateCups
from printmgmt.organizations.models import Organization
from printmgmt.printing.models import PrintServer
from printmgmt.printing.servers.adding import add_server
from tests import factories


class Adding(Protocol):
    """Adds a CUPS server to an organization as its operator; ``entered`` replaces what is entered."""

    def __call__(self, of: Organization, cups: PrivateCups, **entered: Any) -> PrintServer: ...


@pytest.fixture
def contoso(db: None) -> Organization:
    return factories.organization("Contoso")


@pytest.fixture
def fabrikam(db: None) -> Organization:
    return factories.organization("Fabrikam")


@pytest.fixture
def adding(db: None) -> Adding:
    def add(of: Organization, cups: PrivateCups, **entered: Any) -> PrintServer:
        values = {"address": cups.uri, "user_name": OPERATOR, "password": cups.passwords[OPERATOR]}
        return add_server(of, **{**values, **entered}, by=factories.TESTER)

    return add


@pytest.fixture
def server(contoso: Organization, cups: PrivateCups, adding: Adding) -> PrintServer:
    """Contoso's server."""
    return adding(contoso, cups, name="Front office")
