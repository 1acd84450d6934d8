"""The mail with which a forgotten password is chosen anew."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from printmgmt.organizations.models import Account
from tests import factories

pytestmark = pytest.mark.django_db


def ask(address: str) -> None:
    answer = Client().post(
        reverse("account_reset_password"), {"email": address}, headers={"host": "localhost"}
    )
    assert answer["Location"] == reverse("account_reset_password_done")


def test_the_link_is_of_our_public_address_whatever_host_was_asked_and_works(settings: Settings) -> None:
    settings.PUBLIC_URL = "https://print.contoso.example"
    ask(factories.account().email)

    [sent] = mail.outbox
    [link] = [line for line in str(sent.body).splitlines() if line.startswith("http")]
    page = Client().get(link.removeprefix(settings.PUBLIC_URL), follow=True)

    assert sent.subject == "Choose a new password for Print Management"
    assert "localhost" not in sent.body
    assert "example.com" not in sent.body
    assert link.startswith("https://print.contoso.example/account/password/reset/key/")
    assert b'name="password1"' in page.content


def test_the_mail_is_in_the_language_of_the_account() -> None:
    account = factories.account()
    Account.objects.filter(pk=account.pk).update(language="fr")

    ask(account.email)

    [sent] = mail.outbox
    assert "Hello" not in sent.body
    assert sent.subject


def test_an_address_without_an_account_is_mailed_nothing() -> None:
    ask("nobody@contoso.example")

    assert mail.outbox == []


def test_signing_up_is_refused_with_a_way_back() -> None:
    html = Client().get(reverse("account_signup")).content.decode()

    assert "By invitation only" in html
    assert f'href="{reverse("account_login")}"' in html
