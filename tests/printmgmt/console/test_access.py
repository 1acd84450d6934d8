"""Who sees which page of an organization: read off the URLs, so that a new page cannot be forgotten."""

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from printmgmt.organizations.models import Organization
from printmgmt.organizations.permissions import PERMISSIONS
from printmgmt.organizations.roles import Role
from tests import factories
from tests.printmgmt.console.addresses import Addresses, organization_views

pytestmark = pytest.mark.django_db

EVERYONE = set(Role)
OPERATORS = {Role.OWNER, Role.ADMIN, Role.HELPDESK}
MANAGERS = {Role.OWNER, Role.ADMIN}
OVERSEERS = MANAGERS | {Role.AUDITOR}

# View, method, who may, and what they get.
MATRIX = [
    ("console:dashboard", "get", EVERYONE, 200),
    ("console:people", "get", EVERYONE, 200),
    ("console:person", "get", EVERYONE, 200),
    ("console:person_add", "get", OPERATORS, 200),
    ("console:person_add", "post", OPERATORS, 200),
    ("console:person_edit", "get", OPERATORS, 200),
    ("console:person_edit", "post", OPERATORS, 200),
    ("console:person_timeline", "get", EVERYONE, 200),
    ("console:person_suspend", "post", OPERATORS, 302),
    ("console:person_block", "post", OPERATORS, 302),
    ("console:person_unblock", "post", OPERATORS, 302),
    ("console:person_disallow", "post", OPERATORS, 302),
    ("console:person_remove", "post", MANAGERS, 302),
    ("console:person_restore", "post", OPERATORS, 302),
    ("console:person_card", "get", OPERATORS, 200),
    ("console:person_card", "post", OPERATORS, 200),
    ("console:person_pin", "get", OPERATORS, 200),
    ("console:person_pin", "post", OPERATORS, 200),
    ("console:person_credential_revoke", "post", OPERATORS, 302),
    ("console:person_device_revoke", "post", OPERATORS, 302),
    ("console:person_rehire_keep", "post", OPERATORS, 302),
    ("console:person_same", "get", MANAGERS, 200),
    ("console:person_merge", "get", MANAGERS, 200),
    ("console:person_merge", "post", MANAGERS, 302),
    ("console:person_groups", "get", OPERATORS, 200),
    ("console:person_groups", "post", OPERATORS, 200),
    ("console:person_groups_remove", "post", OPERATORS, 302),
    ("console:groups", "get", EVERYONE, 200),
    ("console:group", "get", EVERYONE, 200),
    ("console:group_timeline", "get", EVERYONE, 200),
    ("console:group_add", "get", OPERATORS, 200),
    ("console:group_add", "post", OPERATORS, 200),
    ("console:group_rename", "get", OPERATORS, 200),
    ("console:group_rename", "post", OPERATORS, 200),
    ("console:group_delete", "post", OPERATORS, 302),
    ("console:group_restore", "post", OPERATORS, 302),
    ("console:group_members", "get", OPERATORS, 200),
    ("console:group_members", "post", OPERATORS, 200),
    ("console:group_members_remove", "post", OPERATORS, 302),
    ("console:leavers", "get", EVERYONE, 200),
    ("console:run", "get", EVERYONE, 200),
    ("console:run_try_again", "post", OPERATORS, 302),
    ("console:administrators", "get", OVERSEERS, 200),
    ("console:administrator", "get", OVERSEERS, 200),
    ("console:administrator_invite", "get", MANAGERS, 200),
    ("console:administrator_role", "post", {Role.OWNER}, 302),
    ("console:administrator_remove", "post", {Role.OWNER}, 302),
    ("console:administrator_restore", "post", {Role.OWNER}, 302),
    ("console:administrator_keep_ended", "post", {Role.OWNER}, 302),
    ("console:administrator_keep_access", "post", {Role.OWNER}, 302),
    ("console:administrator_two_factor", "post", {Role.OWNER}, 302),
    ("console:administrator_two_factor_reset", "post", {Role.OWNER}, 302),
    ("console:administrator_roles", "get", EVERYONE, 200),
    ("console:administrator_invitation_resend", "post", MANAGERS, 302),
    ("console:administrator_invitation_withdraw", "post", MANAGERS, 302),
    ("console:audit", "get", OVERSEERS, 200),
    ("console:settings", "get", OVERSEERS, 200),
    ("console:settings_organization", "post", MANAGERS, 200),
    ("console:settings_policy", "post", MANAGERS, 200),
    ("addons:catalogue", "get", EVERYONE, 200),
    ("addons:learn_more", "get", EVERYONE, 200),
    ("addons:install", "post", MANAGERS, 302),
    ("addons:details", "get", EVERYONE, 200),
    ("scim_sync:first_token", "post", MANAGERS, 200),
    ("scim_sync:connection", "get", EVERYONE, 200),
    ("directory_export:export_now", "post", MANAGERS, 302),
    ("directory_export:secret", "post", MANAGERS, 302),
    ("directory_export:history", "get", EVERYONE, 200),
    ("directory_export:download", "get", MANAGERS, 200),
    ("directory_export:past_history", "get", EVERYONE, 200),
    ("addons:settings", "get", OVERSEERS, 200),
    ("addons:settings", "post", MANAGERS, 200),
    ("addons:pause", "post", MANAGERS, 302),
    ("addons:resume", "post", MANAGERS, 302),
    ("addons:uninstall", "get", MANAGERS, 200),
    ("addons:uninstall", "post", MANAGERS, 200),
    ("scim_sync:rotate", "post", MANAGERS, 302),
    ("scim_sync:revoke", "post", MANAGERS, 302),
    ("scim_sync:log", "get", EVERYONE, 200),
    ("scim_sync:event", "get", EVERYONE, 200),
    ("scim_sync:past_log", "get", EVERYONE, 200),
    ("scim_sync:past_event", "get", EVERYONE, 200),
    ("scim_sync:review", "get", EVERYONE, 200),
    ("scim_sync:review_approve", "post", OPERATORS, 302),
    ("scim_sync:review_refuse", "post", OPERATORS, 302),
    ("scim_sync:review_ask_again", "post", OPERATORS, 302),
    ("scim_sync:review_approve_all", "post", OPERATORS, 302),
    ("scim_sync:review_card_stays", "post", OPERATORS, 302),
    ("scim_sync:review_card_moves", "post", OPERATORS, 302),
]
PAGES = {name for name, method, _roles, _status in MATRIX if method == "get"}
CHANGING = [name for name, method, _roles, _status in MATRIX if method != "get"]


@pytest.fixture
def contoso() -> Organization:
    return factories.organization("Contoso")


@pytest.fixture
def addresses(contoso: Organization) -> Addresses:
    """The URL of each view in Contoso, where all it names exists."""
    return Addresses(contoso)


def test_every_view_of_an_organization_states_its_roles() -> None:
    silent = [
        name
        for name, pattern in organization_views(get_resolver())
        if not getattr(getattr(pattern.callback, "view_class", None), "roles", None)
    ]

    assert silent == []


def test_every_view_checks_a_permission_that_the_roles_page_shows() -> None:
    views = {name: pattern.callback.view_class for name, pattern in organization_views(get_resolver())}  # type: ignore[attr-defined]

    shown = {id(permission) for permission in PERMISSIONS}
    own = {
        name
        for name, view in views.items()
        if id(view.roles) not in shown or (view.readers and id(view.readers) not in shown)
    }
    assert own == set()


def test_every_view_of_an_organization_is_in_the_matrix() -> None:
    assert {name for name, _pattern in organization_views(get_resolver())} == {row[0] for row in MATRIX}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(("name", "method", "roles", "status"), MATRIX)
def test_a_role_gets_what_the_matrix_says(
    contoso: Organization,
    addresses: Addresses,
    name: str,
    method: str,
    roles: set[Role],
    status: int,
    role: Role,
) -> None:
    answer = getattr(factories.signed_in(contoso, role), method)(addresses[name])

    if answer.streaming:
        answer.getvalue()  # to its end, which closes the file
    assert answer.status_code == (status if role in roles else 403)


@pytest.mark.parametrize(("name", "method"), [row[:2] for row in MATRIX])
def test_an_owner_of_another_organization_finds_nothing(addresses: Addresses, name: str, method: str) -> None:
    stranger = factories.signed_in(factories.organization("Fabrikam"), Role.OWNER)

    assert getattr(stranger, method)(addresses[name]).status_code == 404


@pytest.mark.parametrize(("name", "method"), [row[:2] for row in MATRIX])
def test_a_visitor_is_sent_to_the_sign_in_page(addresses: Addresses, name: str, method: str) -> None:
    answer = getattr(Client(), method)(addresses[name])

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", CHANGING)
def test_a_change_without_the_forms_token_is_refused(
    contoso: Organization, addresses: Addresses, name: str
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.administrator(contoso).account)

    assert client.post(addresses[name], {"consent": "yes"}).status_code == 403


@pytest.mark.parametrize("name", [name for name in CHANGING if name not in PAGES])
def test_a_change_cannot_be_asked_for_by_a_link(
    contoso: Organization, addresses: Addresses, name: str
) -> None:
    assert factories.signed_in(contoso, Role.OWNER).get(addresses[name]).status_code == 405


READ_ONLY = ["console:administrators", "console:administrator", "console:settings", "addons:settings"]


@pytest.mark.parametrize("name", READ_ONLY)
def test_an_auditor_reads_what_managers_change_and_is_offered_no_change(
    contoso: Organization, addresses: Addresses, name: str
) -> None:
    def forms(role: Role) -> tuple[int, int]:
        html = factories.signed_in(contoso, role).get(addresses[name]).content.decode()
        main = html[html.index("<main") : html.index("</main>")]
        searching = main.count("<noscript>")
        return main.count('<button type="submit"') - searching, main.count("disabled>")

    assert forms(Role.OWNER)[0] > 0
    buttons, disabled = forms(Role.AUDITOR)
    assert buttons == 0
    assert disabled == {"console:settings": 2, "addons:settings": 1}.get(name, 0)


def test_access_that_was_taken_away_opens_nothing(contoso: Organization, addresses: Addresses) -> None:
    administrator = factories.administrator(contoso)
    client = Client()
    client.force_login(administrator.account)
    factories.leaver(contoso, who=factories.person(contoso, administrator.account.email))

    assert client.get(addresses["console:dashboard"]).status_code == 404
