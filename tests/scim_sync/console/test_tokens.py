"""Rotating and revoking secret tokens on the details page."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from addons.models import Installation
from printmgmt.audit.models import AuditEvent
from printmgmt.organizations.models import Organization
from printmgmt.organizations.roles import Role
from scim_sync.models import ScimToken
from tests import factories
from tests.scim_sync.client import Scim
from tests.scim_sync.console.conftest import Page, Post, address

ROTATE = {"label": "Azure, 2027", "days": "180"}


def test_rotating_shows_a_second_token_once_and_both_work(
    client: Client, contoso: Organization, scim: Scim, page: Page
) -> None:
    answer = client.post(address(contoso, "scim_sync:rotate"), ROTATE)

    token = re.findall(r'value="(pmscim_\w+)"', answer.content.decode())[0]
    assert "no-store" in answer["Cache-Control"]
    assert scim.get("/Users").status == 200
    assert Scim(scim.base, token).get("/Users").status == 200
    made = ScimToken.objects.get(label="Azure, 2027")
    assert (made.expires_at - made.issued_at).days == 180
    html = page("addons:details")
    assert token not in html
    assert "Azure, 2027" in html


@pytest.mark.parametrize(
    ("left", "text"),
    [
        (timedelta(days=6, minutes=1), "Expires in 6 days"),
        (timedelta(hours=5, minutes=1), "Expires in 5 hours"),
        (timedelta(days=31), "Active"),
    ],
)
def test_a_token_that_ends_soon_says_when(scim: Scim, page: Page, left: timedelta, text: str) -> None:
    ScimToken.objects.update(expires_at=timezone.now() + left)

    html = page("addons:details")

    assert f'<span class="status-dot"></span>{text}' in html.replace("</span> Expires", "</span>Expires")


def test_a_third_token_is_refused_in_words(scim: Scim, post: Post, page: Page) -> None:
    assert "Rotate token" in page("addons:details")
    post("scim_sync:rotate", ROTATE)
    assert "Rotate token" not in page("addons:details")

    html = post("scim_sync:rotate", ROTATE)

    assert "There are already two active secret tokens" in html
    assert ScimToken.objects.count() == 2


@pytest.mark.parametrize("data", [{"label": "", "days": "365"}, {"label": "x", "days": "9999"}])
def test_a_rotation_without_a_name_or_a_known_end_makes_none(
    scim: Scim, post: Post, data: dict[str, str]
) -> None:
    html = post("scim_sync:rotate", data)

    assert "alert-danger" in html
    assert ScimToken.objects.count() == 1


def test_after_revoking_the_next_call_is_refused(scim: Scim, post: Post, page: Page) -> None:
    assert "stops working immediately. This cannot be undone." in page("addons:details")

    html = post("scim_sync:revoke", token=ScimToken.objects.get().pk)

    assert "was revoked. It no longer works." in html
    assert scim.get("/Users").status == 401
    assert AuditEvent.objects.filter(verb="token.revoked", actor_kind="account").count() == 1


def test_a_token_of_another_organization_cannot_be_revoked(
    client: Client, contoso: Organization, installation: Installation, other_scim: Scim
) -> None:
    url = address(contoso, "scim_sync:revoke", token=ScimToken.objects.get().pk)

    assert client.post(url).status_code == 404
    assert other_scim.get("/Users").status == 200


def test_who_does_not_manage_sees_tokens_without_buttons(contoso: Organization, scim: Scim) -> None:
    html = (
        factories.signed_in(contoso, Role.HELPDESK).get(address(contoso, "addons:details")).content.decode()
    )

    assert "First token" in html
    assert "Revoke" not in html
    assert "Rotate token" not in html
