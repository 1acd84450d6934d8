"""Adding, rotating and uninstalling ask for the password again; what stops an add-on never does."""

from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from addons.models import Installation, InstallationState
from addons.services import pause
from printmgmt.organizations.models import Administrator, Organization
from scim_sync.credentials.clients import create_client_secret
from scim_sync.credentials.tokens import mint_first_token
from scim_sync.models import ScimClient, ScimClientSecret
from tests import factories

pytestmark = pytest.mark.django_db

NAME = "Microsoft Azure AD User Sync"


@pytest.fixture
def contoso() -> Organization:
    return factories.organization("Contoso")


@pytest.fixture
def installation(contoso: Organization) -> Installation:
    return factories.installed(contoso)


@pytest.fixture
def owner(contoso: Organization) -> Administrator:
    return factories.administrator(contoso)


@pytest.fixture
def long_ago(owner: Administrator) -> Client:
    """A browser that was signed in long ago."""
    client = Client()
    client.force_login(owner.account)
    return client


def password_page(browser: Client, url: str, data: dict[str, str]) -> str:
    """The address where the password is asked for instead."""
    answer = browser.post(url, data)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    return str(answer["Location"])


def confirmed(browser: Client, password_url: str) -> str:
    """The page that follows when the password is given."""
    answer = browser.post(password_url, {"password": factories.PASSWORD}, follow=True)
    return unescape(answer.content.decode())


def test_adding_asks_and_then_goes_on(contoso: Organization, long_ago: Client) -> None:
    url = reverse("addons:install", kwargs={"organization": contoso.slug, "addon": factories.ADDON})

    password_url = password_page(long_ago, url, {"consent": "yes"})
    assert not contoso.installations.exists()
    html = confirmed(long_ago, password_url)

    assert "was added" in html
    assert contoso.installations.present().count() == 1


def test_rotating_asks_and_then_shows_the_token_once(
    contoso: Organization, installation: Installation, long_ago: Client
) -> None:
    mint_first_token(installation, by=factories.TESTER)
    url = factories.page_of(contoso, "scim_sync:rotate")

    password_url = password_page(long_ago, url, {"label": "Second", "days": "365"})
    assert installation.tokens.count() == 1
    html = confirmed(long_ago, password_url)

    assert "Shown only once." in html
    assert installation.tokens.count() == 2


def test_creating_a_client_secret_asks_and_then_shows_it_once(
    contoso: Organization, installation: Installation, long_ago: Client
) -> None:
    url = factories.page_of(contoso, "scim_sync:create_client_secret")

    password_url = password_page(long_ago, url, {"client-label": "Azure", "client-days": "365"})
    assert not ScimClientSecret.objects.exists()
    html = confirmed(long_ago, password_url)

    assert "Shown only once." in html
    assert ScimClientSecret.objects.count() == 1


def test_uninstalling_asks_and_a_wrong_name_is_still_refused_where_it_can_be_sent_again(
    contoso: Organization, installation: Installation, long_ago: Client
) -> None:
    url = factories.page_of(contoso, "addons:uninstall")

    html = confirmed(long_ago, password_page(long_ago, url, {"name": "wrong", "people": "keep"}))
    assert "This is not the name of the add-on." in html
    assert f'action="{url}"' in html
    long_ago.post(url, {"name": NAME, "people": "keep"})

    installation.refresh_from_db()
    assert installation.state == InstallationState.UNINSTALLED


def test_pausing_resuming_and_revoking_never_ask(
    contoso: Organization, installation: Installation, long_ago: Client
) -> None:
    mint_first_token(installation, by=factories.TESTER)
    token = installation.tokens.get().pk

    long_ago.post(factories.page_of(contoso, "addons:pause"))
    installation.refresh_from_db()
    assert installation.state == InstallationState.PAUSED
    long_ago.post(factories.page_of(contoso, "addons:resume"))
    installation.refresh_from_db()
    assert installation.state == InstallationState.ACTIVE
    pause(installation, by=factories.TESTER)
    long_ago.post(factories.page_of(contoso, "scim_sync:revoke", token=token))

    assert not installation.tokens.filter(slot__isnull=False).exists()
    create_client_secret(installation, by=factories.TESTER, label="Azure")
    long_ago.post(factories.page_of(contoso, "scim_sync:switch_off_client"))
    assert ScimClient.objects.get().off_at is not None
    secret = ScimClientSecret.objects.get()
    long_ago.post(factories.page_of(contoso, "scim_sync:revoke_client_secret", secret=secret.pk))
    assert not ScimClientSecret.objects.filter(revoked_at=None).exists()
