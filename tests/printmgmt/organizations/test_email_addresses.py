"""Addresses of international domains: kept, compared, signed in with and mailed as the domain they are."""

from email.utils import getaddresses

import pytest
from django.test import Client
from django.urls import reverse

from printmgmt.deprovisioning import services as leaving
from printmgmt.mail.outbox import post
from printmgmt.organizations.email_addresses import InvalidAddress, mail_address, normal_address
from printmgmt.organizations.invitations import InvitationError, invite
from printmgmt.organizations.models import Account
from printmgmt.organizations.roles import Role
from printmgmt.organizations.services import create_organization
from printmgmt.people.pins import post_pin, rotate_pin
from tests import factories
from tests.due import outbox
from tests.printmgmt.mail.noted import noted

TYPED, KEPT, NEXT_DOOR = "Ada@Straße.example", "ada@xn--strae-oqa.example", "ada@strasse.example"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (TYPED, KEPT),
        ("ada@STRASSE.example", NEXT_DOOR),
        ("ada@faß。example", "ada@xn--fa-hia.example"),  # the full stop of CJK keyboards, UTS 46
        ("ada@BÜCHER.example", "ada@xn--bcher-kva.example"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),  # u and a combining diaeresis
        ("ada@βόλος.example", "ada@xn--nxasmm1c.example"),  # a final sigma is a letter of its own
        (KEPT, KEPT),
        ("ada@print_server.localhost", "ada@print_server.localhost"),
        ("STRAẞE@contoso.example", "strasse@contoso.example"),  # the local part is folded as names are
    ],
)
def test_one_address_has_one_spelling_and_keeps_its_domain(typed: str, kept: str) -> None:
    assert normal_address(typed) == kept


def test_mail_goes_to_the_local_part_as_it_was_written() -> None:
    assert mail_address("Grace.Hopper@Straße.example") == "Grace.Hopper@xn--strae-oqa.example"


@pytest.mark.parametrize("text", ["", "ada", "@contoso.example", "ada@", "ada@☕.example", "ada@-ü.example"])
def test_an_address_without_a_possible_domain_is_refused(text: str) -> None:
    with pytest.raises(InvalidAddress):
        normal_address(text)


@pytest.mark.django_db
def test_inviting_mails_the_domain_that_was_typed() -> None:
    organization = factories.organization()
    owner = organization.administrators.get()

    invitation = invite(organization, TYPED, Role.HELPDESK, by=owner)

    assert invitation.email == KEPT
    assert recipients() == [KEPT]


@pytest.mark.django_db
def test_two_spellings_of_one_address_are_one_invitation_and_the_domain_next_door_another() -> None:
    organization = factories.organization()
    owner = organization.administrators.get()
    invite(organization, TYPED, Role.HELPDESK, by=owner)

    with pytest.raises(InvitationError):
        invite(organization, KEPT, Role.HELPDESK, by=owner)
    invite(organization, NEXT_DOOR, Role.HELPDESK, by=owner)

    assert set(organization.invitations.values_list("email", flat=True)) == {KEPT, NEXT_DOOR}


@pytest.mark.django_db
def test_an_invitation_to_a_domain_that_cannot_be_is_refused_in_the_form() -> None:
    organization = factories.organization()
    page = reverse("console:administrator_invite", kwargs={"organization": organization.slug})

    answer = factories.signed_in(organization).post(page, {"email": "ada@☕.example", "role": "helpdesk"})

    assert answer.status_code == 200
    assert (
        "Enter a valid email address" in answer.content.decode() or "valid email" in answer.content.decode()
    )
    assert not organization.invitations.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("typed", [TYPED, KEPT, "ada@straße.example"])
def test_signing_in_with_any_spelling_opens_that_account_and_not_the_one_next_door(typed: str) -> None:
    mine, other = factories.account(TYPED), factories.account(NEXT_DOOR)
    browser = Client()

    browser.post(reverse("account_login"), {"login": typed, "password": factories.PASSWORD})

    assert mine.email == KEPT
    assert other.email == NEXT_DOOR
    assert browser.session["_auth_user_id"] == str(mine.pk)


@pytest.mark.django_db
def test_a_forgotten_password_is_mailed_to_that_domain_only() -> None:
    factories.account(TYPED)
    factories.account(NEXT_DOOR)

    Client().post(reverse("account_reset_password"), {"email": TYPED})

    assert recipients() == [KEPT]
    assert len(outbox()) == 1


@pytest.mark.django_db
def test_the_first_owner_is_found_again_by_another_spelling() -> None:
    _first, account = create_organization("Contoso", owner_email=TYPED)
    _second, again = create_organization("Fabrikam", owner_email="ADA@xn--strae-oqa.example")

    assert account == again
    assert Account.objects.get_by_natural_key(TYPED) == account


@pytest.mark.django_db
def test_a_pin_is_mailed_to_the_domain_of_the_person() -> None:
    person = factories.person(factories.organization(), work_email="Ada@straße.example")

    post_pin(person, rotate_pin(person, by=factories.TESTER), by=factories.TESTER)

    assert recipients() == ["Ada@xn--strae-oqa.example"]


@pytest.mark.django_db
def test_a_further_reader_of_notices_is_mailed_at_that_domain_and_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    organization, _owner = create_organization("Contoso", owner_email=TYPED)

    also = ["ADA@straße.example", "it@straße.example"]
    post(noted(monkeypatch, also=also), about={}, organization=organization.pk)

    assert sorted(recipients()) == [KEPT, "it@xn--strae-oqa.example"]


@pytest.mark.django_db
def test_a_leavers_console_access_ends_at_their_domain_and_not_next_door() -> None:
    organization = factories.organization()
    mine = factories.administrator(organization, Role.ADMIN, who=factories.account(TYPED))
    other = factories.administrator(organization, Role.ADMIN, who=factories.account(NEXT_DOOR))
    person = factories.person(organization, "ada", work_email="ada@straße.example")

    leaving.remove(person, by=factories.DIRECTORY)

    mine.refresh_from_db()
    other.refresh_from_db()
    assert mine.disabled_at is not None
    assert other.disabled_at is None


def recipients() -> list[str]:
    """As the mail server would be told: Django encodes the header once more when it sends."""
    return [
        address for message in outbox() for _name, address in getaddresses([str(message.message()["To"])])
    ]
