"""Client credentials on the details page."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from addons.models import Installation
from printmgmt.audit.models import AuditEvent
from printmgmt.organizations.models import Organization
from printmgmt.organizations.roles import Role
from scim_sync.models import ScimClient, ScimClientSecret, ScimToken
from tests import factories
from tests.scim_sync.client import Scim
from tests.scim_sync.console.conftest import Page, Post, address
from tests.scim_sync.oauth.client import TokenClient

CREATE = {"client-label": "Azure, 2027", "client-days": "1095"}


def created(client: Client, of: Organization) -> tuple[TokenClient, str]:
    """A client secret created on the page, and the page that shows it."""
    html = client.post(address(of, "scim_sync:create_client_secret"), CREATE).content.decode()
    secret = re.findall(r'value="(pmclient_\w+)"', html)[0]
    [shown] = re.findall(r'id="client-id"[^>]*value="([^"]+)"', " ".join(html.split()))
    return TokenClient(of.installations.get(), shown, secret), html


def test_the_page_shows_exactly_what_azure_asks_for_and_the_secret_once(
    client: Client, contoso: Organization, installation: Installation, page: Page
) -> None:
    oauth, html = created(client, contoso)

    for label in ("Tenant URL", "Token endpoint", "Client identifier", "Client secret"):
        assert f">{label}</label>" in html
    assert f"/oauth/{installation.pk}/token" in html
    assert oauth.scim().get("/Users").status == 200
    secret = ScimClientSecret.objects.get()
    assert (secret.expires_at - secret.issued_at).days == 1095
    details = page("addons:details")
    assert oauth.secret not in details
    assert oauth.client_id in details
    assert "Azure, 2027" in details
    assert AuditEvent.objects.get(verb="client-secret.created").actor_kind == "account"


def test_the_answer_with_the_secret_is_kept_in_no_cache(
    client: Client, contoso: Organization, installation: Installation
) -> None:
    answer = client.post(address(contoso, "scim_sync:create_client_secret"), CREATE)

    assert "no-store" in answer["Cache-Control"]


def test_the_three_ways_say_how_they_stand(
    client: Client, contoso: Organization, scim: Scim, page: Page
) -> None:
    assert states(page) == {
        "secret-token": "Active",
        "client-credentials": "Not set up",
        "federation": "Not set up",
    }
    oauth, _html = created(client, contoso)
    assert states(page)["client-credentials"] == "Active"
    assert opened(page) == "secret-token"

    oauth.scim().get("/Users")
    assert opened(page) == "client-credentials"
    ScimToken.objects.secrets().update(revoked_at=timezone.now(), slot=None)
    assert states(page)["secret-token"] == "Ended"


def states(page: Page) -> dict[str, str]:
    """The state that each way shows."""
    html = page("addons:details")
    ways = re.findall(r'<details class="way".*?<div id="([\w-]+)" class="way-body">', html)
    dots = re.findall(
        r'<details class="way".*?status-dot"></span>([^<]+)</span> </span> </span> </summary>', html
    )
    return dict(zip(ways, dots, strict=True))


def opened(page: Page) -> str:
    """The way that is unfolded."""
    html = page("addons:details")
    return re.findall(r'<details class="way" name="way" open>.*?<div id="([\w-]+)"', html)[0]


def test_the_first_secret_token_is_not_created_where_another_way_is_set_up(
    client: Client, contoso: Organization, installation: Installation, page: Page
) -> None:
    assert 'hx-trigger="load, submit"' in page("addons:details")

    created(client, contoso)

    assert 'hx-trigger="submit"' in page("addons:details")


def test_rotating_overlaps_and_a_third_secret_is_refused_in_words(
    client: Client, contoso: Organization, installation: Installation, page: Page, post: Post
) -> None:
    first, html = created(client, contoso)
    assert "Paste the four values" in html
    second, html = created(client, contoso)
    assert "paste the new client secret" in html
    assert (first.ask().status, second.ask().status) == (200, 200)
    assert "Create another client secret" not in page("addons:details")

    assert "There are already two active client secrets" in post("scim_sync:create_client_secret", CREATE)

    oldest = ScimClientSecret.objects.earliest("issued_at")
    html = post("scim_sync:revoke_client_secret", secret=oldest.pk)
    assert "was revoked. It no longer works" in html
    assert (first.ask().status, second.ask().status) == (401, 200)
    assert "already revoked" in post("scim_sync:revoke_client_secret", secret=oldest.pk)
    assert AuditEvent.objects.filter(verb="client-secret.revoked").count() == 1


def test_switching_off_ends_it_at_once_and_can_be_undone(
    client: Client, contoso: Organization, installation: Installation, page: Page, post: Post
) -> None:
    oauth, _html = created(client, contoso)
    scim = oauth.scim()
    assert "The secrets are kept: you can switch this on again." in page("addons:details")

    html = post("scim_sync:switch_off_client")

    assert "Client credentials are switched off." in html
    assert address(contoso, "scim_sync:switch_on_client") in html
    assert states(page)["client-credentials"] == "Switched off"
    assert scim.get("/Users").status == 401
    assert "Create another client secret" not in html
    assert "already switched off" in post("scim_sync:switch_off_client")
    assert "switched off. Switch them on first" in post("scim_sync:create_client_secret", CREATE)

    assert "switched on again" in post("scim_sync:switch_on_client")
    assert oauth.scim().get("/Users").status == 200
    assert "already switched on" in post("scim_sync:switch_on_client")


@pytest.mark.parametrize(
    "data",
    [
        {"client-label": "", "client-days": "365"},
        {"client-label": "x", "client-days": "1096"},
        {"label": "x"},
    ],
)
def test_a_secret_without_a_name_or_a_known_end_is_not_created(
    installation: Installation, post: Post, data: dict[str, str]
) -> None:
    assert "alert-danger" in post("scim_sync:create_client_secret", data)
    assert not ScimClientSecret.objects.exists()


def test_a_secret_of_another_organization_is_not_found(
    client: Client, contoso: Organization, installation: Installation, other_scim: Scim
) -> None:
    other = TokenClient.of(Installation.objects.exclude(pk=installation.pk).get())
    url = address(contoso, "scim_sync:revoke_client_secret", secret=ScimClientSecret.objects.get().pk)

    assert client.post(url).status_code == 404
    assert client.post(address(contoso, "scim_sync:switch_off_client")).status_code == 404
    assert other.ask().status == 200


@pytest.mark.parametrize(
    ("left", "text"), [(timedelta(days=6, minutes=1), "Expires in 6 days"), (timedelta(days=31), "Active")]
)
def test_a_secret_that_ends_soon_says_when(
    client: Client, contoso: Organization, installation: Installation, page: Page, left: timedelta, text: str
) -> None:
    created(client, contoso)
    ScimClientSecret.objects.update(expires_at=timezone.now() + left)

    secrets = page("addons:details").partition('id="client-credentials"')[2]

    assert f'<span class="status-dot"></span>{text}' in secrets.replace("</span> Expires", "</span>Expires")


def test_who_does_not_manage_sees_values_without_buttons(
    client: Client, contoso: Organization, installation: Installation
) -> None:
    created(client, contoso)
    reader = factories.signed_in(contoso, Role.HELPDESK)

    html = reader.get(address(contoso, "addons:details")).content.decode()

    assert str(ScimClient.objects.get().pk) in html
    assert "Revoke" not in html
    assert "Switch off" not in html
    assert "Create another client secret" not in html
