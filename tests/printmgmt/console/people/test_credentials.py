"""Cards, PINs and devices in an operator's hands: given, replaced, mailed, shown once, revoked."""

import re
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from printmgmt.audit.models import AuditEvent
from printmgmt.deprovisioning import services as leaving
from printmgmt.mail.models import Mail, MailState
from printmgmt.organizations.models import Organization
from printmgmt.people.credentials import set_card, set_pin
from printmgmt.people.devices import enrol_device, usable_devices
from printmgmt.people.identification import identify
from printmgmt.people.models import PrintUser
from tests import factories
from tests.due import outbox
from tests.printmgmt.console.conftest import Page
from tests.printmgmt.console.people.pages import address, post, verbs

pytestmark = pytest.mark.django_db


class BrokenMail:
    """A mail server that is down."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        pass

    def send_messages(self, messages: list[EmailMessage]) -> int:
        raise ConnectionRefusedError("no mail server there")


@pytest.fixture
def ada(contoso: Organization) -> PrintUser:
    return factories.person(contoso, "ada@contoso.example", display_name="Ada", work_email="ada@x.example")


def test_a_card_opens_printers_at_once(client: Client, contoso: Organization, ada: PrintUser) -> None:
    text = post(client, ada, "person_card", {"number": "CARD-4711"})

    assert identify(contoso, card="CARD-4711") == ada
    assert "ending in 4711" in text
    assert verbs(contoso) == ["card.assigned"]


def test_a_card_replaced_opens_nothing_and_the_page_says_which(
    client: Client, contoso: Organization, ada: PrintUser
) -> None:
    post(client, ada, "person_card", {"number": "CARD-4711"})
    form = client.get(address(ada, "person_card")).content.decode()

    post(client, ada, "person_card", {"number": "CARD-0815"})

    assert "Replace card" in form
    assert '<bdi class="tabular">4711</bdi>' in form
    assert identify(contoso, card="CARD-4711") is None
    assert identify(contoso, card="CARD-0815") == ada


def test_a_card_held_by_someone_else_leads_to_the_holder(
    client: Client, contoso: Organization, ada: PrintUser
) -> None:
    grace = factories.person(contoso, display_name="Grace")
    set_card(grace, "CARD-4711", by=factories.TESTER)

    html = client.post(address(ada, "person_card"), {"number": "CARD-4711"}).content.decode()

    assert address(grace, "person") in html
    assert "has this card. Revoke it there first." in html
    assert identify(contoso, card="CARD-4711") == grace


@pytest.mark.parametrize("number", ["", "   ", "9" * 256, "nul\0"])
def test_a_card_number_that_is_none_is_refused(client: Client, ada: PrintUser, number: str) -> None:
    assert client.post(address(ada, "person_card"), {"number": number}).status_code == 200
    assert not ada.credentials.exists()


@pytest.mark.parametrize(
    ("name", "data"),
    [("person_card", {"number": "CARD-1"}), ("person_pin", {"way": "show"})],
)
def test_somebody_who_is_gone_is_given_nothing(
    client: Client, page: Page, ada: PrintUser, name: str, data: dict[str, str]
) -> None:
    leaving.suspend(ada, by=factories.TESTER)

    assert address(ada, name) not in page("console:person", person=ada.pk)
    assert "Nothing can be assigned to them." in post(client, ada, name, data)
    assert not ada.credentials.exists()


def test_a_revoked_card_stays_dead_after_a_restore(
    client: Client, contoso: Organization, ada: PrintUser
) -> None:
    lost = set_card(ada, "CARD-4711", by=factories.TESTER)
    leaving.suspend(ada, by=factories.TESTER)

    post(client, ada, "person_credential_revoke", credential=lost.pk)
    leaving.restore(ada, by=factories.TESTER)

    assert identify(contoso, card="CARD-4711") is None
    assert verbs(contoso) == ["card.revoked"]


def test_a_card_of_somebody_else_is_not_revoked_through_this_person(
    client: Client, contoso: Organization, ada: PrintUser
) -> None:
    grace = factories.person(contoso)
    card = set_card(grace, "CARD-4711", by=factories.TESTER)

    post(client, ada, "person_credential_revoke", credential=card.pk)

    assert identify(contoso, card="CARD-4711") == grace
    assert verbs(contoso) == []


def test_a_chosen_pin_works_and_is_never_shown(client: Client, contoso: Organization, ada: PrintUser) -> None:
    answer = client.post(address(ada, "person_pin"), {"way": "type", "pin": "246813"}, follow=True)

    assert identify(contoso, user_name=ada.user_name, pin="246813") == ada
    assert "246813" not in answer.content.decode()
    assert outbox() == []


@pytest.mark.parametrize("pin", ["", "   ", "12"])
def test_a_chosen_pin_must_be_one(client: Client, ada: PrintUser, pin: str) -> None:
    html = client.post(address(ada, "person_pin"), {"way": "type", "pin": pin}).content.decode()

    assert 'aria-invalid="true"' in html
    assert not ada.credentials.exists()


def test_a_random_pin_is_shown_in_the_answer_and_nowhere_else(
    client: Client, contoso: Organization, ada: PrintUser, page: Page
) -> None:
    set_pin(ada, "1111", by=factories.TESTER)

    answer = client.post(address(ada, "person_pin"), {"way": "show"})

    pin = shown_pin(answer)
    assert "no-store" in answer["Cache-Control"]
    assert identify(contoso, user_name=ada.user_name, pin=pin) == ada
    assert identify(contoso, user_name=ada.user_name, pin="1111") is None
    assert pin not in page("console:person", person=ada.pk)
    assert pin not in str(list(AuditEvent.objects.values_list("details", flat=True)))


def test_a_mailed_pin_works_and_the_operator_never_sees_it(
    client: Client, contoso: Organization, ada: PrintUser
) -> None:
    answer = client.post(address(ada, "person_pin"), {"way": "mail"}, follow=True)

    [sent] = outbox()
    assert sent.to == ["ada@x.example"]
    [pin] = re.findall(r"^ {4}(\d{6})$", str(sent.body), re.MULTILINE)
    assert identify(contoso, user_name=ada.user_name, pin=pin) == ada
    assert pin not in answer.content.decode()
    assert verbs(contoso) == ["pin.assigned", "pin.mailed"]


def test_a_pin_waits_sealed_for_the_mail_server_and_is_wiped_when_it_is_sent(
    client: Client, contoso: Organization, ada: PrintUser, settings: Settings
) -> None:
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.BrokenMail"

    answer = client.post(address(ada, "person_pin"), {"way": "mail"}, follow=True)

    assert "It is being emailed to ada@x.example" in answer.content.decode()
    assert outbox() == []
    waiting = Mail.objects.get()
    assert (waiting.state, waiting.error) == (MailState.WAITING, "no mail server there")
    assert identify(contoso, user_name=ada.user_name, pin=waiting.secret) == ada
    assert waiting.secret not in str(Mail.objects.values().get())
    assert verbs(contoso) == ["pin.assigned"]

    settings.EMAIL_BACKEND = working
    Mail.objects.update(due_at=timezone.now())
    assert waiting.secret in outbox()[0].body
    assert Mail.objects.get().sealed == ""
    assert verbs(contoso) == ["pin.assigned", "pin.mailed"]


def test_a_pin_that_was_changed_before_its_mail_left_is_mailed_to_nobody(
    client: Client, contoso: Organization, ada: PrintUser
) -> None:
    client.post(address(ada, "person_pin"), {"way": "mail"})
    set_pin(ada, "1111", by=factories.TESTER)

    assert outbox() == []
    assert Mail.objects.get().sealed == ""


def test_a_pin_that_could_not_be_mailed_for_days_is_wiped_and_audited(
    client: Client, contoso: Organization, ada: PrintUser, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.BrokenMail"
    client.post(address(ada, "person_pin"), {"way": "mail"})
    Mail.objects.update(first_tried_at=timezone.now() - timedelta(hours=73))

    outbox()

    assert Mail.objects.get().sealed == ""
    assert verbs(contoso) == ["pin.assigned", "pin.mail-failed"]


def test_names_with_line_breaks_write_no_lines_of_their_own(client: Client, contoso: Organization) -> None:
    Organization.objects.filter(pk=contoso.pk).update(name="Contoso\n\nCall 555")
    person = factories.person(
        contoso, display_name="Ada\r\n\r\nYour new PIN is\u20281234", work_email="ada@x.example"
    )

    client.post(address(person, "person_pin"), {"way": "mail"})

    [sent] = outbox()
    assert "Hello Ada Your new PIN is 1234," in sent.body
    assert "at Contoso Call 555 was changed" in sent.body


def test_mails_with_pins_and_invitations_share_one_limit_and_the_old_pin_stays(
    client: Client, contoso: Organization, ada: PrintUser
) -> None:
    cache.clear()
    invite = reverse("console:administrator_invite", kwargs={"organization": contoso.slug})
    for number in range(29):
        client.post(invite, {"email": f"x{number}@x.example", "role": "helpdesk"})
    client.post(address(ada, "person_pin"), {"way": "mail"})
    [pin] = re.findall(r"^ {4}(\d{6})$", str(outbox()[-1].body), re.MULTILINE)
    assert len(outbox()) == 30

    answer = client.post(address(ada, "person_pin"), {"way": "mail"})
    client.post(invite, {"email": "one-more@x.example", "role": "helpdesk"})

    assert "Too many emails in one hour" in answer.content.decode()
    assert len(outbox()) == 30
    assert identify(contoso, user_name=ada.user_name, pin=pin) == ada
    assert client.post(address(ada, "person_pin"), {"way": "show"}).status_code == 200


def test_a_work_e_mail_that_forges_a_header_gets_no_mail(client: Client, contoso: Organization) -> None:
    person = factories.person(contoso, work_email="ada@x.example\nBcc: mallory@x.example")

    answer = client.post(address(person, "person_pin"), {"way": "mail"})

    assert outbox() == []
    assert len(shown_pin(answer)) == 6


def test_without_a_work_e_mail_mailing_is_not_offered(client: Client, contoso: Organization) -> None:
    person = factories.person(contoso)

    html = client.get(address(person, "person_pin")).content.decode()
    answer = client.post(address(person, "person_pin"), {"way": "mail"})

    assert 'value="mail"' not in html
    assert answer.status_code == 200
    assert not person.credentials.exists()


def test_a_revoked_pin_opens_nothing(client: Client, contoso: Organization, ada: PrintUser) -> None:
    pin = set_pin(ada, "246813", by=factories.TESTER)

    post(client, ada, "person_credential_revoke", credential=pin.pk)

    assert identify(contoso, user_name=ada.user_name, pin="246813") is None
    assert verbs(contoso) == ["pin.revoked"]


def test_a_revoked_device_is_refused_from_then_on(
    client: Client, contoso: Organization, ada: PrintUser
) -> None:
    device, token = enrol_device(ada, "laptop", by=factories.TESTER)
    assert usable_devices(contoso, token).exists()

    post(client, ada, "person_device_revoke", device=device.pk)
    again = post(client, ada, "person_device_revoke", device=device.pk)

    assert not usable_devices(contoso, token).exists()
    assert "It was already revoked." in again
    assert verbs(contoso) == ["device.revoked"]


def shown_pin(answer: Any) -> str:
    [pin] = re.findall(r'value="(\d{6})"', answer.content.decode())
    return str(pin)
