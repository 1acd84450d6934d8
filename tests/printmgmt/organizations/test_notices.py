"""A notice in two languages, and a mail server that takes one mail and refuses the other."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.core import mail
from django.utils.translation import get_language
from pytest_django.fixtures import Settings

from printmgmt.organizations.models import Account, Notice, Organization
from printmgmt.organizations.moments import write_moment
from printmgmt.organizations.notices import send_once
from tests import factories
from tests.mail_server import MailServer

pytestmark = pytest.mark.django_db

ENGLISH, FRENCH = "ada@contoso.example", "zoe@contoso.example"


@pytest.fixture
def contoso() -> Organization:
    """Ada reads English, Zoe French; the owner who made it is Ada's deputy and reads English, too."""
    made = factories.organization("Contoso")
    Account.objects.update(email="deputy@contoso.example", language="en")
    for email, language in ((ENGLISH, "en"), (FRENCH, "fr")):
        who = factories.account(email)
        who.language = language
        who.save()
        factories.administrator(made, who=who)
    return made


@pytest.fixture
def post_office(settings: Settings) -> Iterator[MailServer]:
    with MailServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server


def compose() -> tuple[str, str]:
    language = get_language() or ""
    return f"In {language}", "text"


def compose_with_moment() -> tuple[str, str]:
    return "When", write_moment(datetime(2026, 11, 28, 13, 36, tzinfo=UTC))


def told(server: MailServer) -> list[tuple[str, str]]:
    """Who got which mail."""
    return sorted((to, str(sent["Subject"])) for recipients, sent in server.taken for to in recipients)


@pytest.mark.parametrize(
    ("zone", "english", "french"),
    [
        ("Europe/Paris", "Nov 28, 2026, 14:36 CET", "28 novembre 2026 14:36 CET"),
        ("Mars/Olympus", "Nov 28, 2026, 13:36 UTC", "28 novembre 2026 13:36 UTC"),
    ],
)
def test_moments_are_in_the_organizations_zone_and_the_readers_language(
    contoso: Organization, zone: str, english: str, french: str
) -> None:
    Organization.objects.filter(pk=contoso.pk).update(time_zone=zone)
    contoso.refresh_from_db()

    send_once(contoso, "key", compose_with_moment)

    assert sorted(sent.body for sent in mail.outbox) == sorted([english, french])


@pytest.mark.parametrize("refused", [FRENCH, ENGLISH])
def test_who_got_the_mail_gets_none_again_when_another_languages_failed(
    contoso: Organization, post_office: MailServer, refused: str
) -> None:
    Account.objects.filter(email="deputy@contoso.example").delete()
    everybody = [(ENGLISH, "In en"), (FRENCH, "In fr")]
    post_office.refused = {refused}
    for _round in range(3):
        with pytest.raises(OSError, match="no such mailbox"):
            send_once(contoso, "key", compose)
    assert told(post_office) == [mail for mail in everybody if mail[0] != refused]
    assert Notice.objects.get().sent_at is None

    post_office.refused = set()
    notice = send_once(contoso, "key", compose)
    send_once(contoso, "key", compose)

    assert told(post_office) == everybody
    assert notice.sent_at is not None
    assert sorted(notice.recipients) == [ENGLISH, FRENCH]


def test_each_language_has_a_message_id_of_its_own_whichever_is_sent_first(
    contoso: Organization, post_office: MailServer
) -> None:
    Account.objects.filter(email="deputy@contoso.example").delete()
    post_office.refused = {ENGLISH}
    with pytest.raises(OSError, match="no such mailbox"):
        send_once(contoso, "key", compose)
    post_office.refused = set()

    notice = send_once(contoso, "key", compose)

    ids = {to: sent["Message-ID"] for (to,), sent in post_office.taken}
    assert ids[ENGLISH] == notice.message_id
    assert ids[FRENCH] == notice.message_id.replace("@", ".fr@")


def test_words_that_fail_in_one_language_keep_the_others_from_nothing(contoso: Organization) -> None:
    def broken_in_english() -> tuple[str, str]:
        if get_language() == "en":
            raise KeyError("organisation")
        return compose()

    with pytest.raises(KeyError):
        send_once(contoso, "key", broken_in_english)

    assert [(sent.to, sent.subject) for sent in mail.outbox] == [([FRENCH], "In fr")]
