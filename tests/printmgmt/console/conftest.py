"""An organization and a browser in which its owner is signed in."""

from typing import Protocol

import pytest
from django.test import Client
from django.urls import reverse

from printmgmt.organizations.models import Organization
from tests import factories


class Page(Protocol):
    """Returns the text of a page of Contoso, white space made one blank."""

    def __call__(self, name: str, query: dict[str, str] | None = None, **arguments: object) -> str: ...


@pytest.fixture
def contoso(db: None) -> Organization:
    return factories.organization("Contoso")


@pytest.fixture
def client(contoso: Organization) -> Client:
    return factories.signed_in(contoso)


@pytest.fixture
def page(client: Client, contoso: Organization) -> Page:
    def get(name: str, query: dict[str, str] | None = None, **arguments: object) -> str:
        url = reverse(name, kwargs={"organization": contoso.slug, **arguments})
        answer = client.get(url, query or {})
        assert answer.status_code == 200
        return " ".join(answer.content.decode().split())

    return get
