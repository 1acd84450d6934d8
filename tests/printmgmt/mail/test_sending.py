"""A mail in two languages, and a mail server that is away, or takes one mail and refuses the other."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail as django_mail
from django.utils import timezone
from django.utils.translation import get_language
from pytest_django.fixtures import Settings

from printmgmt.mail.models import Mail, MailState
from printmgmt.mail.outbox import KEPT, forget_old, post, retry
from printmgmt.organizations.models import Account, Organization
from printmgmt.organizations.moments import write_moment
from tests import factories
from tests.due import outbox
from tests.mail_server import MailServer
from tests.printmgmt.mail.noted import noted

pytestmark = pytest.mark.django_db

ENGLISH, FRENCH = "ada@contoso.example", "zoe@contoso.example"


@pytest.fixture
def contoso() -> Organization:
    """Ada reads English, Zoe French."""
    made = factories.organization("Contoso")
    for email, language in ((ENGLISH, "en"), (FRENCH, "fr")):
        who = factories.account(email)
        who.language = language
        who.save()
        factories.administrator(made, who=who)
    Account.objects.exclude(email__in=[ENGLISH, FRENCH]).delete()
    return made


@pytest.fixture
def post_office(settings: Settings) -> Iterator[MailServer]:
    with MailServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server


def received(server: MailServer) -> list[tuple[str, str]]:
    """Who got which mail."""
    return sorted((to, str(sent["Subject"])) for recipients, sent in server.taken for to in recipients)


def later() -> None:
    """What waits is due."""
    Mail.objects.update(due_at=timezone.now())


@pytest.mark.parametrize(
    ("zone", "english", "french"),
    [
        ("Europe/Paris", "Nov 28, 2026, 14:36 CET", "28 novembre 2026 14:36 CET"),
        ("Mars/Olympus", "Nov 28, 2026, 13:36 UTC", "28 novembre 2026 13:36 UTC"),
    ],
)
def test_moments_are_in_the_organizations_zone_and_the_readers_language(
    contoso: Organization, monkeypatch: pytest.MonkeyPatch, zone: str, english: str, french: str
) -> None:
    Organization.objects.filter(pk=contoso.pk).update(time_zone=zone)

    def compose() -> tuple[str, str]:
        return "When", write_moment(datetime(2026, 11, 28, 13, 36, tzinfo=UTC))

    post(noted(monkeypatch, compose=compose), about={}, organization=contoso.pk)

    assert sorted(str(sent.body) for sent in outbox()) == sorted([english, french])


@pytest.mark.parametrize("refused", [FRENCH, ENGLISH])
def test_who_got_the_mail_gets_none_again_when_another_languages_failed(
    contoso: Organization, post_office: MailServer, monkeypatch: pytest.MonkeyPatch, refused: str
) -> None:
    everybody = [(ENGLISH, "In en"), (FRENCH, "In fr")]
    kind = noted(monkeypatch)
    post_office.refused = {refused}
    post(kind, about={}, organization=contoso.pk, key="key")
    for _round in range(3):
        outbox()
        later()
    assert received(post_office) == [sent for sent in everybody if sent[0] != refused]
    waiting = Mail.objects.get()
    assert (waiting.state, waiting.ended_at, waiting.attempts) == (MailState.WAITING, None, 3)
    assert "no such mailbox" in waiting.error

    post_office.refused = set()
    for _round in range(2):
        post(kind, about={}, organization=contoso.pk, key="key")
        outbox()

    assert received(post_office) == everybody
    sent = Mail.objects.get()
    assert (sent.state, sent.error, sorted(sent.recipients)) == (MailState.SENT, "", [ENGLISH, FRENCH])


def test_each_language_has_a_message_id_of_its_own_whichever_is_sent_first(
    contoso: Organization, post_office: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    post_office.refused = {ENGLISH}
    post(noted(monkeypatch), about={}, organization=contoso.pk)
    outbox()
    post_office.refused = set()
    later()

    outbox()

    ids = {to: sent["Message-ID"] for (to,), sent in post_office.taken}
    message_id = Mail.objects.get().message_id
    assert ids[ENGLISH] == message_id
    assert ids[FRENCH] == message_id.replace("@", ".fr@")


def test_words_that_fail_in_one_language_keep_the_others_from_nothing(
    contoso: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken_in_english() -> tuple[str, str]:
        if get_language() == "en":
            raise KeyError("organisation")
        return "In French", "text"

    post(noted(monkeypatch, compose=broken_in_english), about={}, organization=contoso.pk)

    assert [(sent.to, sent.subject) for sent in outbox()] == [([FRENCH], "In French")]
    assert Mail.objects.get().state == MailState.WAITING


def test_a_mail_waits_for_the_mail_server_for_three_days_and_can_be_retried(
    contoso: Organization, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    row = post(noted(monkeypatch), about={}, organization=contoso.pk, secret="hunter2")
    with time_machine.travel(timezone.now()) as clock:
        for hours in (0, 71, 2):
            clock.shift(timedelta(hours=hours))
            assert outbox() == []
    row.refresh_from_db()
    assert (row.state, row.sealed) == (MailState.FAILED, "")
    assert "refused" in row.error

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    retry(row)

    assert len(outbox()) == 2
    retry(Mail.objects.get())
    assert len(outbox()) == 2


def test_the_row_holds_no_text_and_a_secret_only_sealed_until_it_is_sent(
    contoso: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    post(noted(monkeypatch), about={}, organization=contoso.pk, secret="hunter2")
    row = Mail.objects.get()
    assert "hunter2" not in str(Mail.objects.values().get())
    assert row.secret == "hunter2"

    outbox()

    assert Mail.objects.get().sealed == ""


def test_a_mail_of_a_newer_version_or_of_an_organization_that_is_gone_stops_no_other(
    contoso: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = noted(monkeypatch)
    newer = post("of-a-newer-version", about={})
    gone = post(kind, about={}, organization=newer.pk)
    post(kind, about={}, organization=contoso.pk)

    assert len(outbox()) == 2
    newer.refresh_from_db()
    gone.refresh_from_db()
    assert (newer.state, gone.state) == (MailState.FAILED, MailState.NOT_NEEDED)


def test_what_is_over_for_long_is_forgotten_but_not_what_must_be_sent_once(
    contoso: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = noted(monkeypatch)
    post(kind, about={}, organization=contoso.pk)
    once = post(kind, about={}, organization=contoso.pk, key="once")
    outbox()
    waiting = post(kind, about={}, organization=contoso.pk)
    Mail.objects.update(created_at=timezone.now() - KEPT - timedelta(days=1))

    forget_old()

    assert set(Mail.objects.values_list("pk", flat=True)) == {once.pk, waiting.pk}
    assert django_mail.outbox
