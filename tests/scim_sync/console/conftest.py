"""A browser in which Contoso's owner is signed in, and the pages of the sync."""

from typing import Protocol

import pytest
from django.test import Client
from django.urls import reverse

from addons.models import Installation
from printmgmt.organizations.models import Organization
from tests import factories
from tests.scim_sync.federation.fixtures import impatient, key_server, running_key_server, signer, trust

__all__ = ["impatient", "key_server", "running_key_server", "signer", "trust"]


class Page(Protocol):
    """Returns the text of a page of Contoso, white space made one blank."""

    def __call__(self, name: str, query: dict[str, str] | None = None, **arguments: object) -> str: ...


class Post(Protocol):
    """Posts to a page of Contoso and returns the text of the page it leads to."""

    def __call__(self, name: str, data: dict[str, str] | None = None, **arguments: object) -> str: ...


@pytest.fixture
def client(contoso: Organization) -> Client:
    return factories.signed_in(contoso)


@pytest.fixture
def page(client: Client, contoso: Organization, installation: Installation) -> Page:
    def get(name: str, query: dict[str, str] | None = None, **arguments: object) -> str:
        answer = client.get(address(contoso, name, **arguments), query or {})
        assert answer.status_code == 200
        return " ".join(answer.content.decode().split())

    return get


@pytest.fixture
def post(client: Client, contoso: Organization, installation: Installation) -> Post:
    def send(name: str, data: dict[str, str] | None = None, **arguments: object) -> str:
        answer = client.post(address(contoso, name, **arguments), data or {}, follow=True)
        assert answer.status_code == 200
        return " ".join(answer.content.decode().split())

    return send


def address(of: Organization, name: str, **arguments: object) -> str:
    """The URL of a page of an organization."""
    if name.startswith("console:") or name == "addons:catalogue":
        return reverse(name, kwargs={"organization": of.slug, **arguments})
    return factories.page_of(of, name, **arguments)
