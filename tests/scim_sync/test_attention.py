"""What the add-on puts at the top of the dashboard."""

from datetime import timedelta

import pytest
from django.utils import timezone

from addons.models import Installation
from addons.services import get_addon, install, pause
from printmgmt.console.shell.extensions import Attention
from printmgmt.organizations.models import Organization
from printmgmt.people.models import ReviewItem, ReviewKind, ReviewState
from scim_sync.console.attention import needs_of
from scim_sync.credentials.clients import create_client_secret
from scim_sync.credentials.tokens import mint_first_token
from scim_sync.models import ScimToken
from tests import factories


@pytest.fixture
def contoso(db: None) -> Organization:
    return factories.organization("Contoso")


@pytest.fixture
def installation(contoso: Organization) -> Installation:
    made = factories.installed(contoso)
    mint_first_token(made, by=factories.TESTER)
    return made


def needs(organization: Organization) -> list[Attention]:
    return list(needs_of(organization))


def test_nothing_is_asked_where_the_add_on_is_not_installed(contoso: Organization) -> None:
    assert needs(contoso) == []


def test_a_sync_that_was_just_set_up_needs_nobody(contoso: Organization, installation: Installation) -> None:
    assert needs(contoso) == []


@pytest.mark.parametrize(("days", "is_shown"), [(29, True), (31, False)])
def test_a_token_that_ends_within_a_month_needs_attention(
    contoso: Organization, installation: Installation, days: int, is_shown: bool
) -> None:
    ScimToken.objects.update(expires_at=timezone.now() + timedelta(days=days))

    found = needs(contoso)

    assert [need.icon for need in found] == (["key"] if is_shown else [])
    assert not any(need.urgent for need in found)


@pytest.mark.parametrize(("days", "is_shown"), [(29, True), (31, False)])
def test_a_client_secret_that_ends_within_a_month_needs_attention(
    contoso: Organization, installation: Installation, days: int, is_shown: bool
) -> None:
    create_client_secret(installation, by=factories.TESTER, label="Azure", lifetime=timedelta(days=days))

    found = needs(contoso)

    assert [need.icon for need in found] == (["key"] if is_shown else [])


def test_a_sync_without_a_live_token_is_urgent(contoso: Organization, installation: Installation) -> None:
    ScimToken.objects.update(expires_at=timezone.now() - timedelta(days=1))

    (need,) = needs(contoso)

    assert need.urgent
    assert "No way to connect is active" in str(need.text)


def test_a_paused_sync_is_urgent_and_leads_to_resuming_it(
    contoso: Organization, installation: Installation
) -> None:
    pause(installation, by=factories.TESTER)
    owner = factories.signed_in(contoso)

    (need,) = needs(contoso)
    dashboard = owner.get(f"/o/{contoso.slug}/").content.decode()

    assert need.urgent
    assert "Paused: all requests are rejected." in dashboard
    assert "Nothing needs your attention" not in dashboard
    resume = factories.page_of(contoso, "addons:resume")
    assert resume in owner.get(need.url).content.decode()


def test_questions_that_wait_lead_to_the_queue(contoso: Organization, installation: Installation) -> None:
    for number, state in enumerate([ReviewState.OPEN, ReviewState.OPEN, ReviewState.REFUSED]):
        ReviewItem.objects.create(
            organization=contoso,
            kind=ReviewKind.LINK,
            key=str(number),
            source=installation.source,
            state=state,
        )

    (need,) = needs(contoso)

    assert str(need.text) == "2 sync decisions need review"
    assert need.url == factories.page_of(contoso, "scim_sync:review")


def test_of_two_directories_each_need_begins_with_whose_it_is(
    contoso: Organization, installation: Installation
) -> None:
    lyon = install(contoso, get_addon(factories.ADDON), by=factories.TESTER, name="Lyon")
    pause(lyon, by=factories.TESTER)

    [found] = needs(contoso)
    assert found.text == "Lyon: Paused: all requests are rejected."
