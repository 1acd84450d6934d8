"""The mail with the link to choose a new password."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from printmgmt.mail.models import Mail
from printmgmt.organizations.models import Account
from tests import factories
from tests.due import outbox

pytestmark = pytest.mark.django_db

STATEMENTS = 28
"""Of the request for a new password."""


def request_reset(address: str) -> None:
    answer = Client().post(
        reverse("account_reset_password"), {"email": address}, headers={"host": "localhost"}
    )
    assert answer["Location"] == reverse("account_reset_password_done")


def test_the_link_is_of_our_public_address_whatever_host_was_asked_and_works(settings: Settings) -> None:
    settings.PUBLIC_URL = "https://print.contoso.example"
    request_reset(factories.account().email)

    [sent] = outbox()
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

    request_reset(account.email)

    [sent] = outbox()
    assert "Hello" not in sent.body
    assert sent.subject


@pytest.fixture
def no_mail_server(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1


def work_of(address: str) -> tuple[list[str], int, str, bytes]:
    """The statements of a request for a new password, without their values; and its whole answer."""
    browser = Client()
    browser.get(reverse("account_reset_password"))
    with CaptureQueriesContext(connection) as captured:
        answer = browser.post(reverse("account_reset_password"), {"email": address})
        queries = captured.captured_queries
    page = re.sub(rb"\b\w{64}\b", b"", browser.get(answer["Location"]).content)
    statements = [re.sub(r"'(?:[^']|'')*'|\bs?\d+(_x\d+)?\b|NULL", "?", query["sql"]) for query in queries]
    return statements, answer.status_code, answer["Location"], page


@pytest.mark.parametrize("server", ["alive", "dead"])
def test_the_request_does_the_same_whether_an_account_exists_or_not(
    server: str, request: pytest.FixtureRequest
) -> None:
    if server == "dead":
        request.getfixturevalue("no_mail_server")
    account = factories.account()
    closed = factories.account()
    Account.objects.filter(pk=closed.pk).update(is_active=False)
    work_of("warm-up@contoso.example")

    theirs, nobodys, closed_ones = (
        work_of(address) for address in (account.email, "nobody@contoso.example", closed.email)
    )

    assert theirs == nobodys == closed_ones
    assert len(theirs[0]) == STATEMENTS
    assert theirs[1:3] == (302, reverse("account_reset_password_done"))


def test_the_mail_arrives_when_the_mail_server_is_back(settings: Settings) -> None:
    account = factories.account()
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    request_reset(account.email)
    request_reset("nobody@contoso.example")
    assert outbox() == []

    settings.EMAIL_BACKEND = working
    Mail.objects.update(due_at=timezone.now())

    assert [sent.to for sent in outbox()] == [[account.email]]


def test_the_row_holds_no_address_no_link_and_no_token() -> None:
    account = factories.account()

    request_reset(account.email)

    row = str(Mail.objects.values().get())
    assert account.email not in row
    assert "http" not in row


def test_an_address_without_an_account_is_mailed_nothing() -> None:
    request_reset("nobody@contoso.example")

    assert outbox() == []


def test_signing_up_is_refused_with_a_way_back() -> None:
    html = Client().get(reverse("account_signup")).content.decode()

    assert "By invitation only" in html
    assert f'href="{reverse("account_login")}"' in html
