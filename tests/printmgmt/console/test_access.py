"""Who sees which page of an organization: read off the URLs, so that a new page cannot be forgotten."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from addons.models import Installation
from printmgmt.deprovisioning.models import DeprovisionRun
from printmgmt.organizations.models import Organization
from printmgmt.organizations.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db

EVERYONE = set(Role)
MANAGERS = {Role.OWNER, Role.ADMIN}

# View, method, who may, and what they get.
MATRIX = [
    ("console:dashboard", "get", EVERYONE, 200),
    ("console:people", "get", EVERYONE, 200),
    ("console:person", "get", EVERYONE, 200),
    ("console:leavers", "get", EVERYONE, 200),
    ("console:run", "get", EVERYONE, 200),
    ("addons:catalogue", "get", EVERYONE, 200),
    ("addons:learn_more", "get", EVERYONE, 200),
    ("addons:install", "post", MANAGERS, 302),
    ("addons:details", "get", EVERYONE, 200),
    ("scim_sync:first_token", "post", MANAGERS, 200),
    ("scim_sync:connection", "get", EVERYONE, 200),
]
CHANGING = [name for name, method, _roles, _status in MATRIX if method != "get"]


def organization_views(
    resolver: URLResolver, prefix: str = "", namespace: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    for found in resolver.url_patterns:
        route = prefix + str(found.pattern)
        if isinstance(found, URLResolver):
            below = f"{found.namespace}:" if found.namespace else ""
            yield from organization_views(found, route, namespace + below)
        elif route.startswith("o/<slug:organization>/"):
            yield f"{namespace}{found.name}", found


@pytest.fixture
def contoso() -> Organization:
    return factories.organization("Contoso")


@pytest.fixture
def installation(contoso: Organization) -> Installation:
    return factories.installed(contoso)


@pytest.fixture
def run(contoso: Organization) -> DeprovisionRun:
    return factories.leaver(contoso)


@pytest.fixture
def addresses(contoso: Organization, installation: Installation, run: DeprovisionRun) -> dict[str, str]:
    """The URL of each view in Contoso, where all it names exists."""
    arguments: dict[str, dict[str, str | UUID]] = {
        "console:person": {"person": run.person_id},
        "console:run": {"run": run.pk},
        "addons:learn_more": {"addon": installation.slug},
        "addons:install": {"addon": installation.slug},
        "addons:details": {"addon": installation.slug},
    }
    return {
        name: reverse(name, kwargs={"organization": contoso.slug, **arguments.get(name, {})})
        for name, _method, _roles, _status in MATRIX
    }


def test_every_view_of_an_organization_states_its_roles() -> None:
    silent = [
        name
        for name, pattern in organization_views(get_resolver())
        if not getattr(getattr(pattern.callback, "view_class", None), "roles", None)
    ]

    assert silent == []


def test_every_view_of_an_organization_is_in_the_matrix() -> None:
    assert {name for name, _pattern in organization_views(get_resolver())} == {row[0] for row in MATRIX}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(("name", "method", "roles", "status"), MATRIX)
def test_a_role_gets_what_the_matrix_says(
    contoso: Organization,
    addresses: dict[str, str],
    name: str,
    method: str,
    roles: set[Role],
    status: int,
    role: Role,
) -> None:
    answer = getattr(factories.signed_in(contoso, role), method)(addresses[name])

    assert answer.status_code == (status if role in roles else 403)


@pytest.mark.parametrize(("name", "method"), [row[:2] for row in MATRIX])
def test_an_owner_of_another_organization_finds_nothing(
    addresses: dict[str, str], name: str, method: str
) -> None:
    stranger = factories.signed_in(factories.organization("Fabrikam"), Role.OWNER)

    assert getattr(stranger, method)(addresses[name]).status_code == 404


@pytest.mark.parametrize(("name", "method"), [row[:2] for row in MATRIX])
def test_a_visitor_is_sent_to_the_sign_in_page(addresses: dict[str, str], name: str, method: str) -> None:
    answer = getattr(Client(), method)(addresses[name])

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", ["console:person", "console:run"])
def test_a_row_of_another_organization_is_not_found_in_ones_own(
    addresses: dict[str, str], contoso: Organization, name: str
) -> None:
    fabrikam = factories.organization("Fabrikam")
    borrowed = addresses[name].replace(f"/o/{contoso.slug}/", f"/o/{fabrikam.slug}/")

    assert factories.signed_in(fabrikam, Role.OWNER).get(borrowed).status_code == 404


@pytest.mark.parametrize("name", CHANGING)
def test_a_change_without_the_forms_token_is_refused(
    contoso: Organization, addresses: dict[str, str], name: str
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.administrator(contoso).account)

    assert client.post(addresses[name], {"consent": "yes"}).status_code == 403


@pytest.mark.parametrize("name", CHANGING)
def test_a_change_cannot_be_asked_for_by_a_link(
    contoso: Organization, addresses: dict[str, str], name: str
) -> None:
    assert factories.signed_in(contoso, Role.OWNER).get(addresses[name]).status_code == 405


def test_access_that_was_taken_away_opens_nothing(contoso: Organization, addresses: dict[str, str]) -> None:
    administrator = factories.administrator(contoso)
    client = Client()
    client.force_login(administrator.account)
    factories.leaver(contoso, who=factories.person(contoso, administrator.account.email))

    assert client.get(addresses["console:dashboard"]).status_code == 404
