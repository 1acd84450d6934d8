"""Contoso, and its owner at a browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from printmgmt.organizations.models import Administrator, Organization
from tests import factories
from tests.browsing import Visitor
from tests.conftest import Server


@pytest.fixture
def contoso(transactional_db: None) -> Organization:
    return factories.organization("Contoso")


@pytest.fixture
def owner(contoso: Organization) -> Administrator:
    return factories.administrator(contoso)


@pytest.fixture
def visitor(server: Server, page: Page) -> Iterator[Visitor]:
    """Not signed in yet. Fails the test when the browser logged an error or ran what it should show."""
    somebody = Visitor(page, server.url)
    yield somebody
    assert somebody.complaints == []


@pytest.fixture
def ada(visitor: Visitor, owner: Administrator) -> Visitor:
    """The owner, signed in."""
    visitor.enter(owner.account)
    return visitor
