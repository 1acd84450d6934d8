"""Two directories of one organization: each page says whose it is, and has no row of the other."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils.html import escape

from addons.addresses import address_of
from addons.models import Installation
from addons.services import get_addon, install
from printmgmt.organizations.models import Organization
from printmgmt.people.models import ReviewItem, ReviewKind, ReviewState
from scim_sync.credentials.clients import create_client_secret
from scim_sync.credentials.tokens import mint_first_token
from scim_sync.models import (
    Action,
    Contact,
    FederatedTrust,
    ProvisioningEvent,
    ProvisioningEventCounter,
    Result,
    ScimClientSecret,
)
from tests import factories
from tests.printmgmt.console.addresses import PARAMETERS, organization_views

pytestmark = pytest.mark.django_db

PARIS, LYON = "Paris", "<b>Lyon \u202e"
"""What two directories are called: one of them with letters that would be a tag and turn the line around."""

OWN = {"installation", "organization", "addon", "hint"}
"""What a URL names besides rows; a hint is named by its kind, which both directories may have."""

OF_PAST = ("scim_sync:past_",)


@dataclass(frozen=True)
class Directory:
    """An installation with a row of each kind, whose texts begin with ``mark``."""

    installation: Installation
    mark: str
    rows: dict[str, Any]

    @property
    def name(self) -> str:
        return self.installation.name


@pytest.fixture
def contoso() -> Organization:
    return factories.organization("Contoso")


@pytest.fixture
def client(contoso: Organization) -> Client:
    return factories.signed_in(contoso)


@pytest.fixture
def directories(contoso: Organization) -> tuple[Directory, Directory]:
    return furnished(contoso, PARIS, "mark-of-p"), furnished(contoso, LYON, "mark-of-l")


def furnished(of: Organization, name: str, mark: str) -> Directory:
    made = install(of, get_addon(factories.ADDON), by=factories.TESTER, name=name)
    mint_first_token(made, by=factories.TESTER)
    made.tokens.update(label=f"{mark}-token")
    create_client_secret(made, by=factories.TESTER, label=f"{mark}-secret")
    values = {"issuer": f"https://login.microsoftonline.com/{uuid4()}/v2.0", "audience": str(uuid4())}
    trust = FederatedTrust.objects.create(installation=made, subject=f"{mark}-subject", **values)
    person = factories.person(of, f"{mark}-asked@contoso.example", display_name=f"{mark}-asked")
    now = {"first_at": made.installed_at, "last_at": made.installed_at}
    Contact.objects.create(installation=made, **now)
    event = ProvisioningEvent.objects.create(
        installation=made,
        action=Action.CREATE,
        result=Result.REFUSED,
        status=409,
        scim_type="uniqueness",
        method="POST",
        path="/",
        subject=f"{mark}-event",
        token=made.tokens.secrets().get(),
    )
    ProvisioningEventCounter.objects.create(
        event=event, installation=made, key=mark, at=event.at, count=2, request_id=f"{mark}-request"
    )
    item = ReviewItem.objects.create(
        organization=of, kind=ReviewKind.LINK, key=str(person.pk), person=person, source=made.source
    )
    secret = ScimClientSecret.objects.get(client__installation=made)
    rows = {
        "token": event.token_id,
        "secret": secret.pk,
        "trust": trust.pk,
        "event": event.pk,
        "item": item.pk,
    }
    return Directory(made, mark, rows)


def views(*, reading: bool) -> list[str]:
    """The pages, or else the changes, of an installation."""
    found = []
    for name, pattern in organization_views(get_resolver()):
        view = getattr(pattern.callback, "view_class", object)
        is_of_one = name.startswith(("addons:", "scim_sync:")) and "installation" in PARAMETERS[name]
        if is_of_one and not name.startswith(OF_PAST) and hasattr(view, "get" if reading else "post"):
            found.append(name)
    return found


def url_of(name: str, of: Directory, rows: dict[str, Any] | None = None) -> str:
    named = {
        parameter: (rows or of.rows)[parameter] for parameter in PARAMETERS[name] if parameter not in OWN
    }
    return address_of(of.installation, name, **named)


def content(html: str) -> str:
    """The page without its menu, which leads to both."""
    found = re.search(r'<main id="content".*</main>', html, re.DOTALL)
    return found.group() if found else html


@pytest.mark.parametrize("name", views(reading=True))
def test_a_page_says_whose_it_is_and_shows_nothing_of_the_other(
    client: Client, directories: tuple[Directory, Directory], name: str
) -> None:
    for own, other in (directories, directories[::-1]):
        answer = client.get(url_of(name, own))
        assert answer.status_code == 200
        html = content(answer.content.decode())

        assert other.mark not in html
        assert str(other.installation.pk) not in html
        assert LYON not in html
        if name == "scim_sync:connection":  # a part of the details page
            continue
        header = html.partition('<div class="console-header">')[2].partition('<div class="btn-list')[0]
        assert escape(own.name) in header
        assert escape(other.name) not in header


@pytest.mark.parametrize("name", ["scim_sync:log", "scim_sync:review"])
def test_a_file_has_no_row_of_the_other(
    client: Client, directories: tuple[Directory, Directory], name: str
) -> None:
    for own, other in (directories, directories[::-1]):
        rows = client.get(url_of(name, own), {"export": "csv"}).getvalue().decode()

        assert own.mark in rows
        assert other.mark not in rows


OF_ROWS = [
    name for reading in (True, False) for name in views(reading=reading) if set(PARAMETERS[name]) - OWN
]


@pytest.mark.parametrize("name", sorted(set(OF_ROWS)))
def test_a_row_of_the_other_is_not_found(
    client: Client, directories: tuple[Directory, Directory], name: str
) -> None:
    paris, lyon = directories
    before = [list(model.objects.order_by("pk").values()) for model in (ReviewItem, ScimClientSecret)]

    answers = [getattr(client, method)(url_of(name, paris, lyon.rows)) for method in ("get", "post")]

    assert {answer.status_code for answer in answers} <= {404, 405}
    assert not lyon.installation.tokens.filter(revoked_at__isnull=False).exists()
    assert lyon.installation.trusts.live().count() == 1
    assert [list(model.objects.order_by("pk").values()) for model in (ReviewItem, ScimClientSecret)] == before


def test_approving_all_links_approves_those_of_one(
    client: Client, directories: tuple[Directory, Directory]
) -> None:
    paris, lyon = directories

    client.post(url_of("scim_sync:review_approve_all", paris), {"newest": lyon.rows["item"]})

    states = {item.source: item.state for item in ReviewItem.objects.all()}
    assert states == {
        paris.installation.source: ReviewState.APPROVED,
        lyon.installation.source: ReviewState.OPEN,
    }


@pytest.mark.parametrize("name", ["scim_sync:rotate", "scim_sync:create_client_secret"])
def test_a_new_secret_is_shown_with_the_name_of_its_directory(
    client: Client, directories: tuple[Directory, Directory], name: str
) -> None:
    _paris, lyon = directories
    form = {"label": "Azure", "days": "365", "client-label": "Azure", "client-days": "365"}

    html = content(client.post(url_of(name, lyon), form).content.decode())

    assert "Shown only once." in html
    assert f', <bdi class="breakable">{escape(LYON)}</bdi>' in html
    assert PARIS not in html


def test_the_catalogue_lists_each_with_its_state_and_leads_to_another(
    client: Client, contoso: Organization, directories: tuple[Directory, Directory]
) -> None:
    paris, lyon = directories
    client.post(address_of(lyon.installation, "addons:pause"))

    for url in (
        reverse("addons:catalogue", args=[contoso.slug]),
        reverse("addons:learn_more", args=[contoso.slug, factories.ADDON]),
    ):
        html = content(client.get(url).content.decode())
        items = re.findall(r'<li class="list-group-item">(.*?)</li>', html, re.DOTALL)
        assert len(items) == 2
        for item, of in zip(items, (paris, lyon), strict=True):
            assert f'href="{address_of(of.installation)}"' in item
            assert escape(of.name) in item
        assert "Paused: all requests are rejected." in items[1]
        assert "Paused" not in items[0]
        assert "Add another" in html


def test_the_dashboard_names_each(
    client: Client, contoso: Organization, directories: tuple[Directory, Directory]
) -> None:
    html = content(client.get(reverse("console:dashboard", args=[contoso.slug])).content.decode())

    for of in directories:
        assert f"Microsoft Azure AD User Sync, {escape(of.name)}</h2>" in " ".join(html.split())
        assert f"{escape(of.name)}: 1 sync decision needs review" in html
    assert html.count('id="health"') == 0


def test_uninstalling_one_says_that_the_other_stays(
    client: Client, directories: tuple[Directory, Directory]
) -> None:
    paris, lyon = directories

    html = " ".join(client.get(url_of("addons:uninstall", lyon)).content.decode().split())

    assert f"<bdi>{PARIS}</bdi> keeps working" in html
    assert address_of(paris.installation) not in content(html)
