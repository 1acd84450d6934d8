"""Organizations, their owners and roles, and how the first owner gets in."""

import io
import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from printmgmt.audit.models import AuditEvent
from printmgmt.organizations.models import Account, Administrator, Organization
from printmgmt.organizations.roles import EVERYONE, MANAGERS, OPERATORS, Role
from printmgmt.organizations.services import addresses_to_notify, create_organization, sign_in_url
from tests import factories

pytestmark = pytest.mark.django_db


def create(name: str, owner: str = "ada@contoso.example") -> dict[str, Any]:
    out = io.StringIO()
    call_command("create_organization", name, "--owner", owner, stdout=out)
    assert out.getvalue().count("\n") == 1
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


def test_command_prints_one_line_of_json() -> None:
    answer = create("Contoso", "Ada@Contoso.example")

    assert set(answer) == {"organization", "owner", "sign_in_url"}
    assert (answer["organization"], answer["owner"]) == ("contoso", "ada@contoso.example")
    assert answer["sign_in_url"].startswith(settings.PUBLIC_URL + "/")
    administrator = Administrator.objects.get()
    assert (administrator.role, administrator.organization.name) == (Role.OWNER, "Contoso")
    (owner,) = AuditEvent.objects.filter(verb="organization.created").values_list("details__owner", flat=True)
    assert owner == "ada@contoso.example"


@pytest.mark.parametrize(("name", "owner"), [("Contoso", "ada"), ("  ", "ada@contoso.example")])
def test_command_refuses_what_makes_no_organization(name: str, owner: str) -> None:
    with pytest.raises(CommandError):
        create(name, owner)
    assert not Organization.objects.exists()


def test_link_sets_the_password_signs_in_and_works_once(client: Client) -> None:
    link = urlsplit(create("Contoso")["sign_in_url"]).path

    form = client.get(link, follow=True)
    assert form.status_code == 200
    chosen = {"password1": "correct horse battery", "password2": "correct horse battery"}
    done = client.post(form.redirect_chain[-1][0], chosen, follow=True)

    assert done.status_code == 200
    assert done.wsgi_request.user == Account.objects.get()
    assert done.wsgi_request.path.startswith("/o/contoso/")
    stranger = Client()
    again = stranger.get(link, follow=True)
    assert "password1" not in again.content.decode()
    assert not again.wsgi_request.user.is_authenticated
    assert Account.objects.get().check_password("correct horse battery")


def test_second_link_is_dead_after_the_first_was_used(client: Client) -> None:
    account = create_organization("Contoso", owner_email="ada@contoso.example")[1]
    first, second = sign_in_url(account), sign_in_url(account)
    form = client.get(urlsplit(first).path, follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": "correct horse", "password2": "correct horse"})

    again = Client().get(urlsplit(second).path, follow=True)

    assert "password1" not in again.content.decode()


def test_owner_with_a_password_gets_the_sign_in_page() -> None:
    account = factories.account("ada@contoso.example")

    answer = create("Contoso", "ADA@contoso.example")

    assert urlsplit(answer["sign_in_url"]).path == reverse("account_login")
    assert list(Account.objects.all()) == [account]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Contoso Ltd.", "contoso-ltd"),
        ("Übung & Söhne", "ubung-sohne"),
        ("東京", "organization"),
        ("x" * 200, "x" * 50),
        ("x" * 49 + " y", "x" * 49),
    ],
)
def test_slug_follows_from_the_name(name: str, slug: str) -> None:
    assert factories.organization(name).slug == slug


def test_slug_taken_gets_a_number() -> None:
    assert [factories.organization("Contoso").slug for _ in range(3)] == ["contoso", "contoso-2", "contoso-3"]


def test_account_is_one_an_address() -> None:
    Account.objects.create_user("Ada@Contoso.example")

    with pytest.raises(IntegrityError, match="email"), transaction.atomic():
        Account.objects.create_user("ada@CONTOSO.example")
    assert Account.objects.get_by_natural_key("ADA@contoso.example").email == "ada@contoso.example"


def test_account_without_a_password_cannot_sign_in(client: Client) -> None:
    account = Account.objects.create_user("ada@contoso.example")

    assert not account.has_usable_password()
    assert not client.login(email="ada@contoso.example", password="")


def test_administrator_is_once_and_has_a_known_role() -> None:
    contoso = factories.organization()
    ada = factories.administrator(contoso, Role.ADMIN)

    with pytest.raises(IntegrityError, match=r"administrator_once|\.account_id"), transaction.atomic():
        factories.administrator(contoso, Role.AUDITOR, who=ada.account)
    with pytest.raises(IntegrityError, match="administrator_role"), transaction.atomic():
        Administrator.objects.filter(pk=ada.pk).update(role="god")


def test_roles_widen() -> None:
    assert {Role.OWNER, Role.ADMIN} == MANAGERS
    assert MANAGERS < OPERATORS < EVERYONE == set(Role)


def test_managers_who_are_active_are_notified() -> None:
    contoso = factories.organization()
    owner = contoso.administrators.get()
    factories.administrator(contoso, Role.AUDITOR)
    inactive = factories.administrator(contoso, Role.ADMIN)
    inactive.account.is_active = False
    inactive.account.save()
    admin = factories.administrator(contoso, Role.ADMIN)
    factories.organization("Fabrikam")

    assert addresses_to_notify(contoso) == sorted([owner.account.email, admin.account.email])
