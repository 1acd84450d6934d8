"""Who sees which page of an organization: read off the URLs, so that a new page cannot be forgotten."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from printmgmt.organizations.models import Organization
from printmgmt.organizations.permissions import PERMISSIONS
from printmgmt.organizations.roles import Role
from tests import factories
from tests.printmgmt.console.addresses import Addresses, organization_views
from tests.undoing import undone

pytestmark = pytest.mark.django_db

EVERYONE = set(Role)
OPERATORS = {Role.OWNER, Role.ADMIN, Role.HELPDESK}
MANAGERS = {Role.OWNER, Role.ADMIN}
OVERSEERS = MANAGERS | {Role.AUDITOR}

# Every other page is for everyone.
PAGES_OF_SOME = {
    "console:person_add": OPERATORS,
    "console:person_edit": OPERATORS,
    "console:person_card": OPERATORS,
    "console:person_pin": OPERATORS,
    "console:person_same": MANAGERS,
    "console:person_merge": MANAGERS,
    "console:person_hold": MANAGERS,
    "console:person_hold_lift": MANAGERS,
    "console:person_anonymise": MANAGERS,
    "console:person_groups": OPERATORS,
    "console:job_owner": OPERATORS,
    "console:group_add": OPERATORS,
    "console:group_rename": OPERATORS,
    "console:group_members": OPERATORS,
    "console:run_skip": OPERATORS,
    "console:run_approve": MANAGERS,
    "console:station_add": MANAGERS,
    "console:station_change": MANAGERS,
    "console:secure_release_change": MANAGERS,
    "console:secure_release_end": MANAGERS,
    "console:administrators": OVERSEERS,
    "console:administrator": OVERSEERS,
    "console:administrator_invite": MANAGERS,
    "console:audit": OVERSEERS,
    "console:settings": OVERSEERS,
    "console:policy_versions": OVERSEERS,
    "console:print_server_add": MANAGERS,
    "console:print_server_edit": MANAGERS,
    "console:print_server_leavers": MANAGERS,
    "directory_export:download": MANAGERS,
    "scim_sync:add_trust": MANAGERS,
    "scim_sync:change_trust": MANAGERS,
    "addons:settings": OVERSEERS,
    "addons:uninstall": MANAGERS,
}

# What changes something: view, who may, and what they get.
CHANGES = [
    ("console:person_add", OPERATORS, 200),
    ("console:person_edit", OPERATORS, 200),
    ("console:person_suspend", OPERATORS, 302),
    ("console:person_block", OPERATORS, 302),
    ("console:person_unblock", OPERATORS, 302),
    ("console:person_disallow", OPERATORS, 302),
    ("console:person_remove", MANAGERS, 302),
    ("console:person_restore", OPERATORS, 302),
    ("console:person_card", OPERATORS, 200),
    ("console:person_pin", OPERATORS, 200),
    ("console:person_credential_revoke", OPERATORS, 302),
    ("console:person_device_revoke", OPERATORS, 302),
    ("console:person_rehire_keep", OPERATORS, 302),
    ("console:person_merge", MANAGERS, 302),
    ("console:person_groups", OPERATORS, 200),
    ("console:person_groups_remove", OPERATORS, 302),
    ("console:group_add", OPERATORS, 200),
    ("console:group_rename", OPERATORS, 200),
    ("console:group_delete", OPERATORS, 302),
    ("console:group_restore", OPERATORS, 302),
    ("console:group_members", OPERATORS, 200),
    ("console:group_members_remove", OPERATORS, 302),
    ("console:jobs_change", OPERATORS, 302),
    ("console:job_owner", OPERATORS, 302),
    ("console:job_owner_undo", OPERATORS, 302),
    ("console:printer_refresh", OPERATORS, 302),
    ("console:run_retry", OPERATORS, 302),
    ("console:run_skip", OPERATORS, 302),
    ("console:run_approve", MANAGERS, 302),
    ("console:person_hold", MANAGERS, 200),
    ("console:person_hold_lift", MANAGERS, 200),
    ("console:person_anonymise", MANAGERS, 200),
    ("console:batch_approve", MANAGERS, 302),
    ("console:batch_restore", MANAGERS, 302),
    ("console:people", OPERATORS, 302),
    ("console:leavers", OPERATORS, 302),
    ("console:bulk_start", OPERATORS, 302),
    ("console:bulk_stop", OPERATORS, 302),
    ("console:station_add", MANAGERS, 200),
    ("console:station_change", MANAGERS, 200),
    ("console:station_token", MANAGERS, 200),
    ("console:station_remove", MANAGERS, 302),
    ("console:secure_release_change", MANAGERS, 200),
    ("console:secure_release_stop", MANAGERS, 302),
    ("console:secure_release_end", MANAGERS, 200),
    ("console:administrator_invite", MANAGERS, 200),
    ("console:administrator_role", {Role.OWNER}, 302),
    ("console:administrator_remove", {Role.OWNER}, 302),
    ("console:administrator_restore", {Role.OWNER}, 302),
    ("console:administrator_keep_ended", {Role.OWNER}, 302),
    ("console:administrator_keep_access", {Role.OWNER}, 302),
    ("console:administrator_two_factor", {Role.OWNER}, 302),
    ("console:administrator_two_factor_reset", {Role.OWNER}, 302),
    ("console:administrator_invitation_resend", MANAGERS, 302),
    ("console:administrator_invitation_withdraw", MANAGERS, 302),
    ("console:print_server_add", MANAGERS, 200),
    ("console:print_server_edit", MANAGERS, 200),
    ("console:print_server_leavers", MANAGERS, 302),
    ("console:leaving_preview_list", EVERYONE, 200),
    ("console:policy_compare", MANAGERS, 200),
    ("console:print_server_test", MANAGERS, 302),
    ("console:print_server_refresh", OPERATORS, 302),
    ("console:print_server_pause", MANAGERS, 302),
    ("console:print_server_resume", MANAGERS, 302),
    ("console:print_server_remove", MANAGERS, 302),
    ("console:settings_organization", MANAGERS, 200),
    ("console:settings_policy", MANAGERS, 200),
    ("addons:install", MANAGERS, 302),
    ("scim_sync:first_token", MANAGERS, 200),
    ("directory_export:export_now", MANAGERS, 302),
    ("directory_export:secret", MANAGERS, 302),
    ("addons:settings", MANAGERS, 200),
    ("addons:rename", MANAGERS, 302),
    ("addons:pause", MANAGERS, 302),
    ("addons:resume", MANAGERS, 302),
    ("addons:uninstall", MANAGERS, 200),
    ("scim_sync:rotate", MANAGERS, 302),
    ("scim_sync:revoke", MANAGERS, 302),
    ("scim_sync:create_client_secret", MANAGERS, 302),
    ("scim_sync:revoke_client_secret", MANAGERS, 302),
    ("scim_sync:switch_off_client", MANAGERS, 302),
    ("scim_sync:switch_on_client", MANAGERS, 302),
    ("scim_sync:add_trust", MANAGERS, 200),
    ("scim_sync:change_trust", MANAGERS, 200),
    ("scim_sync:end_trust", MANAGERS, 302),
    ("scim_sync:dismiss_hint", MANAGERS, 302),
    ("scim_sync:show_hint", MANAGERS, 302),
    ("scim_sync:review_approve", OPERATORS, 302),
    ("scim_sync:review_refuse", OPERATORS, 302),
    ("scim_sync:review_take_over", OPERATORS, 302),
    ("scim_sync:review_leave", OPERATORS, 302),
    ("scim_sync:review_ask_again", OPERATORS, 302),
    ("scim_sync:review_approve_all", OPERATORS, 302),
    ("scim_sync:review_card_stays", OPERATORS, 302),
    ("scim_sync:review_card_moves", OPERATORS, 302),
]


def readers() -> Iterator[tuple[str, set[Role]]]:
    """Every page that can be looked at, and the roles that its view states."""
    for name, pattern in organization_views(get_resolver()):
        view: Any = getattr(pattern.callback, "view_class", None)
        if "get" in view.http_method_names and hasattr(view, "get"):
            yield name, set(view.roles | view.readers)


PAGES = dict(readers())
CHANGING = [name for name, _roles, _status in CHANGES]
# View, method, who may, and what they get.
MATRIX = [
    *((name, "get", roles, 200) for name, roles in PAGES.items()),
    *((name, "post", roles, status) for name, roles, status in CHANGES),
]

PARTS = 4
"""The rows are dealt out to so many tests, which run side by side."""


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


def test_pages_are_for_everyone_unless_listed_here() -> None:
    assert {name: roles for name, roles in PAGES.items() if roles != EVERYONE} == PAGES_OF_SOME


def test_every_view_that_changes_something_says_here_who_may() -> None:
    changing = {
        name
        for name, pattern in organization_views(get_resolver())
        if "post" in pattern.callback.view_class.http_method_names  # type: ignore[attr-defined]
        and hasattr(pattern.callback.view_class, "post")  # type: ignore[attr-defined]
    }

    assert changing == set(CHANGING)


# A test goes through many rows, for which it makes people and pages once; each row is a subtest of its own.
@pytest.mark.parametrize("part", range(PARTS))
def test_a_role_gets_what_the_matrix_says(
    contoso: Organization, addresses: Addresses, subtests: pytest.Subtests, part: int
) -> None:
    clients = {role: factories.signed_in(contoso, role) for role in Role}
    for name, method, roles, status in MATRIX[part::PARTS]:
        url = addresses[name]
        for role, client in clients.items():
            with subtests.test(name=name, method=method, role=role), undone():
                answer = getattr(client, method)(url)
                if answer.streaming:
                    answer.getvalue()  # to its end, which closes the file
                assert answer.status_code == (status if role in roles else 403)


def test_an_owner_of_another_organization_finds_nothing(
    addresses: Addresses, subtests: pytest.Subtests
) -> None:
    stranger = factories.signed_in(factories.organization("Fabrikam"), Role.OWNER)
    for name, method, *_rest in MATRIX:
        url = addresses[name]
        with subtests.test(name=name, method=method), undone():
            assert getattr(stranger, method)(url).status_code == 404


def test_a_visitor_is_sent_to_the_sign_in_page(addresses: Addresses, subtests: pytest.Subtests) -> None:
    for name, method, *_rest in MATRIX:
        url = addresses[name]
        with subtests.test(name=name, method=method), undone():
            answer = getattr(Client(), method)(url)

            assert answer.status_code == 302
            assert answer["Location"].startswith(reverse("account_login"))


def test_a_change_without_the_forms_token_is_refused(
    contoso: Organization, addresses: Addresses, subtests: pytest.Subtests
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.administrator(contoso).account)
    for name in CHANGING:
        url = addresses[name]
        with subtests.test(name=name), undone():
            assert client.post(url, {"consent": "yes"}).status_code == 403


def test_a_change_cannot_be_asked_for_by_a_link(
    contoso: Organization, addresses: Addresses, subtests: pytest.Subtests
) -> None:
    owner = factories.signed_in(contoso, Role.OWNER)
    for name in CHANGING:
        if name not in PAGES:
            url = addresses[name]
            with subtests.test(name=name), undone():
                assert owner.get(url).status_code == 405


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
