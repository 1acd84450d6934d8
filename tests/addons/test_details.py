"""The details page of the sync: two values for Azure, and whether Azure came."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation
from django.utils.html import escape

from addons.models import Installation
from printmgmt.organizations.models import Account, Organization
from printmgmt.organizations.moments import write_moment
from printmgmt.organizations.roles import Role
from scim_sync.credentials.tokens import mint_first_token, tenant_url
from scim_sync.models import Contact, ScimToken
from scim_sync.provisioning_log.causes import BY_REASON
from scim_sync.provisioning_log.reasons import Reason
from tests import factories

pytestmark = pytest.mark.django_db

MINTS = "hx-post="


@pytest.fixture
def contoso() -> Organization:
    return factories.organization("Contoso")


@pytest.fixture
def installation(contoso: Organization) -> Installation:
    return factories.installed(contoso)


def details(client: Client, of: Organization) -> str:
    url = factories.page_of(of, "addons:details")
    return client.get(url).content.decode()


def fragment(client: Client, of: Organization, name: str, method: str = "get") -> str:
    url = factories.page_of(of, f"scim_sync:{name}")
    return getattr(client, method)(url, headers={"HX-Request": "true"}).content.decode()


def call(installation: Installation, token: str) -> int:
    url = f"/scim/v2/{installation.pk}/Users?filter=userName+eq+%22nobody%22"
    return Client().get(url, headers={"Authorization": f"Bearer {token}"}).status_code


def test_the_tenant_url_is_there_to_copy(contoso: Organization, installation: Installation) -> None:
    html = details(factories.signed_in(contoso), contoso)

    assert f'value="{tenant_url(installation)}"' in html
    assert 'data-copy-target="#tenant-url"' in html


def test_the_first_view_asks_for_the_token_by_post_and_holds_none(
    contoso: Organization, installation: Installation
) -> None:
    html = details(factories.signed_in(contoso), contoso)

    assert f'{MINTS}"{factories.page_of(contoso, "scim_sync:first_token")}"' in html
    assert not ScimToken.objects.exists()


def test_the_token_is_shown_once_and_opens_the_api(contoso: Organization, installation: Installation) -> None:
    client = factories.signed_in(contoso)

    first = fragment(client, contoso, "first_token", "post")
    again = fragment(client, contoso, "first_token", "post")

    token = re.findall(r'value="(pmscim_\w+)"', first)[0]
    assert call(installation, token) == 200
    assert "Shown only once." in first
    assert token not in again
    assert "created in the meantime" in again
    assert token not in details(client, contoso)
    assert ScimToken.objects.count() == 1


def test_the_tokens_answer_is_kept_in_no_cache(contoso: Organization, installation: Installation) -> None:
    url = factories.page_of(contoso, "scim_sync:first_token")

    assert "no-store" in factories.signed_in(contoso).post(url)["Cache-Control"]


def test_once_minted_only_what_is_known_of_the_token_is_shown(
    contoso: Organization, installation: Installation
) -> None:
    token = mint_first_token(installation, by=factories.TESTER)
    html = details(factories.signed_in(contoso), contoso)

    assert token.rpartition("_")[0] in html
    assert token not in html
    assert "Active" in html
    assert MINTS not in html


@pytest.mark.parametrize("role", [Role.HELPDESK, Role.AUDITOR])
def test_who_does_not_manage_gets_no_token_by_looking(
    contoso: Organization, installation: Installation, role: Role
) -> None:
    html = details(factories.signed_in(contoso, role), contoso)

    assert MINTS not in html
    assert "when an owner or administrator opens this page" in html


def test_the_connection_waits_then_turns_green_after_a_call(
    contoso: Organization, installation: Installation
) -> None:
    client = factories.signed_in(contoso)
    token = mint_first_token(installation, by=factories.TESTER)
    waiting = fragment(client, contoso, "connection")

    call(installation, token)
    connected = fragment(client, contoso, "connection")

    assert "Waiting for Test Connection…" in waiting
    assert 'hx-trigger="every 3s"' in waiting
    first_call = write_moment(Contact.objects.get().first_at)
    assert f"Connected, first call {first_call}" in connected
    assert 'hx-trigger="every 30s"' in connected
    assert 'hx-swap-oob="true"' in connected


def test_a_refused_call_is_shown_with_its_reason_and_how_often(
    contoso: Organization, installation: Installation
) -> None:
    token = mint_first_token(installation, by=factories.TESTER)
    ScimToken.objects.update(expires_at=timezone.now() - timedelta(minutes=1))

    assert [call(installation, token) for _time in range(3)] == [401, 401, 401]
    html = " ".join(fragment(factories.signed_in(contoso), contoso, "connection").split())

    assert str(BY_REASON[Reason.TOKEN_EXPIRED].what) in html
    assert "(3 times)" in html
    assert token not in html


def test_a_refused_call_is_explained_in_the_readers_language(
    contoso: Organization, installation: Installation
) -> None:
    call(installation, "nonsense")
    client = factories.signed_in(contoso)
    Account.objects.update(language="fr")

    html = fragment(client, contoso, "connection")

    for language, shown in (("fr", True), ("en", False)):
        with translation.override(language):
            cause = BY_REASON[Reason.TOKEN_UNKNOWN]
            for sentence in (cause.what, cause.fix):
                assert (escape(str(sentence)) in html) is shown


def test_another_organizations_refusals_are_not_shown(
    contoso: Organization, installation: Installation
) -> None:
    call(factories.installed(factories.organization("Fabrikam")), "")

    assert "Rejected in the last 24 hours" not in fragment(
        factories.signed_in(contoso), contoso, "connection"
    )


@pytest.mark.parametrize(
    ("url", "warned"), [("http://127.0.0.1:8000", True), ("https://print.contoso.com", False)]
)
def test_an_address_azure_cannot_reach_is_warned_of(
    contoso: Organization, installation: Installation, settings, url: str, warned: bool
) -> None:
    settings.PUBLIC_URL = url

    html = details(factories.signed_in(contoso), contoso)

    assert ("Azure can't reach this console yet." in html) is warned
    assert ("Use Microsoft's provisioning agent" in html) is warned
    assert ("On-premises SCIM app" in html) is warned


def test_an_add_on_that_is_not_installed_has_no_details(contoso: Organization) -> None:
    url = factories.page_of(contoso, "addons:details")

    assert factories.signed_in(contoso).get(url).status_code == 404
