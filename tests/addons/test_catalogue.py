"""All add-ons: found by the words people look for, marked as installed where they are."""

import pytest
from django.test import Client
from django.urls import reverse

from printmgmt.organizations.models import Organization
from tests import factories

pytestmark = pytest.mark.django_db

TITLE = "Microsoft Azure AD User Sync"


@pytest.fixture
def contoso() -> Organization:
    return factories.organization("Contoso")


@pytest.fixture
def owner(contoso: Organization) -> Client:
    return factories.signed_in(contoso)


def catalogue(client: Client, of: Organization, **query: str) -> str:
    return client.get(reverse("addons:catalogue", kwargs={"organization": of.slug}), query).content.decode()


@pytest.mark.parametrize(
    "words", ["microsoft", "azure", "AZURE ad", "entra", "Entra ID", "utilisateurs", "scim sync", ""]
)
def test_the_sync_is_found_by_what_people_call_it(contoso: Organization, owner: Client, words: str) -> None:
    assert TITLE in catalogue(owner, contoso, q=words)


@pytest.mark.parametrize("words", ["okta", "azure okta", "<script>", "no such\0thing"])
def test_a_search_without_a_hit_leads_back_to_all(contoso: Organization, owner: Client, words: str) -> None:
    html = catalogue(owner, contoso, q=words)

    assert TITLE not in html
    assert "No matches" in html
    assert "<script>" not in html


def test_an_add_on_is_available_until_it_is_installed(contoso: Organization, owner: Client) -> None:
    assert TITLE in catalogue(owner, contoso, state="available")
    assert TITLE not in catalogue(owner, contoso, state="installed")

    factories.installed(contoso)

    assert TITLE not in catalogue(owner, contoso, state="available")
    assert TITLE in catalogue(owner, contoso, state="installed")


def test_another_organizations_installation_does_not_show(contoso: Organization, owner: Client) -> None:
    factories.installed(factories.organization("Fabrikam"))

    assert TITLE not in catalogue(owner, contoso, state="installed")
