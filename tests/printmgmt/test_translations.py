"""French: the catalogue is whole, and pages and mails come in the language of their reader."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format, localize

from printmgmt.mail.models import Mail
from printmgmt.mail.outbox import post
from printmgmt.organizations.invitations import invite
from printmgmt.organizations.models import Administrator, Organization
from printmgmt.organizations.roles import Role
from tests import factories
from tests.due import outbox, perform_due
from tests.printmgmt.mail.noted import noted
from tools.catalogue import Message, faults, read
from tools.translations import is_compiled

PO = settings.BASE_DIR / "locale/fr/LC_MESSAGES/django.po"
HEADER = Message("", "", "", ("Language: fr",), fuzzy=False)


@pytest.fixture
def contoso(db: None) -> Organization:
    return factories.organization("Contoso")


def speaking(of: Organization, language: str, role: Role = Role.ADMIN) -> Administrator:
    """An administrator whose account has this language."""
    administrator = factories.administrator(of, role)
    administrator.account.language = language
    administrator.account.save()
    return administrator


def one(msgid: str, *translations: str, plural: str = "", fuzzy: bool = False) -> Message:
    return Message(msgid, plural, "", translations, fuzzy)


def test_every_string_is_translated_and_compiled() -> None:
    messages = read(PO.read_text(encoding="utf-8"))

    assert list(faults(messages, messages)) == []
    assert is_compiled(PO, messages)
    assert len(messages) > 1200


def test_french_signs_stand_after_a_blank_that_does_not_break() -> None:
    texts = [text for message in read(PO.read_text(encoding="utf-8"))[1:] for text in message.translations]

    assert [text for text in texts if re.search(r" [:;?!»]|«(?!\u00a0)|[^\u00a0]»|'", text)] == []


@pytest.mark.parametrize(
    ("message", "fault"),
    [
        (one("Save", ""), "untranslated"),
        (one("Save", "Enregistrer", fuzzy=True), "fuzzy"),
        (one("%(name)s left", "Parti"), "placeholders differ"),
        (one("%(name)s left", "%(nom)s est parti"), "placeholders differ"),
        (one("<strong>Stop</strong>", "Arrêt"), "placeholders differ"),
        (one("%(n)d person", "Une personne", "personnes", plural="%(n)d people"), "placeholders differ"),
        (one("One person", "%(n)d personne", "%(n)d personnes", plural="%(n)d people"), ""),
    ],
)
def test_a_fault_of_the_catalogue_is_named(message: Message, fault: str) -> None:
    found = list(faults([HEADER, message], [HEADER, message]))

    assert found == ([f"{fault}: {message.msgid!r}"] if fault else [])


def test_strings_that_sources_and_catalogue_do_not_share_are_named() -> None:
    new, old = one("New", ""), one("Old", "Ancien")

    assert list(faults([HEADER, old], [HEADER, new])) == [
        "missing: 'New'",
        "no longer in the sources: 'Old'",
    ]


def test_obsolete_entries_and_marks_are_read_as_gettext_writes_them() -> None:
    entry = '#: a.py\n#, fuzzy, python-format\nmsgid ""\n"%d\\n"\n"more"\nmsgstr "x"\n'
    text = f'{entry}\n#~ msgid "Old"\n#~ msgstr "O"\n'

    assert read(text) == [one("%d\nmore", "x", fuzzy=True)]


def test_an_account_reads_the_console_in_its_language(contoso: Organization) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(speaking(contoso, "fr").account)

    html = client.get(reverse("console:dashboard", kwargs={"organization": contoso.slug})).content.decode()

    assert '<html lang="fr"' in html
    assert "Tableau de bord" in html
    assert "Dashboard" not in html


def test_dates_and_numbers_follow_the_language() -> None:
    with translation.override("fr"):
        assert date_format(datetime(2026, 3, 2, tzinfo=UTC), "DATE_FORMAT") == "2 mars 2026"
        assert localize(1.5) == "1,5"


def test_the_worker_writes_to_everybody_in_their_own_language(contoso: Organization) -> None:
    french, english = speaking(contoso, "fr"), speaking(contoso, "en")
    with time_machine.travel(datetime(2026, 3, 2, 9, 3, tzinfo=UTC), tick=False) as clock:
        factories.leaver(contoso)
        clock.move_to(datetime(2026, 3, 2, 9, 16, tzinfo=UTC))
        perform_due()

    sent = {address: message for message in outbox() for address in message.to}
    assert sent[french.account.email].subject == "Contoso\u00a0: 1 personne est partie"
    assert "Leur accès a pris fin" in sent[french.account.email].body
    assert "Suspendue" in sent[french.account.email].body
    assert sent[english.account.email].subject == "Contoso: print access ended for 1 person"
    assert len({message.extra_headers["Message-ID"] for message in outbox()}) == len(outbox()) == 2


def test_who_chose_no_language_is_written_to_in_that_of_the_others(
    contoso: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    speaking(contoso, "fr")

    post(noted(monkeypatch, also=["it@contoso.example"]), about={}, organization=contoso.pk)

    [sent] = outbox()
    assert sent.subject == "In fr"
    assert len(sent.to) == 3
    assert Mail.objects.get().recipients == sent.to


def test_an_invitation_is_written_in_the_language_of_the_account(contoso: Organization) -> None:
    french = speaking(factories.organization("Fabrikam"), "fr").account
    invite(contoso, french.email, Role.AUDITOR, by=speaking(contoso, "en", Role.OWNER))

    assert outbox()[0].subject == "Invitation à administrer Contoso"
    assert "Votre rôle\u00a0: Auditeur." in outbox()[0].body


def test_a_forgotten_password_is_answered_in_the_language_of_the_account(contoso: Organization) -> None:
    french = speaking(contoso, "fr").account
    english = speaking(contoso, "en").account
    for account in (french, english):
        Client(headers={"accept-language": "en"}).post(
            reverse("account_reset_password"), {"email": account.email}
        )

    assert ["mot de passe" in message.body for message in outbox()] == [True, False]
