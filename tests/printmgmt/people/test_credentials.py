"""Cards, PINs, devices: who holds one, who is let in, and under which key."""

from threading import Barrier, Thread

import pytest
from django.db import connection, transaction
from pytest_django.fixtures import Settings

from printmgmt.audit.models import AuditEvent
from printmgmt.deprovisioning import services as leaving
from printmgmt.organizations.models import Organization
from printmgmt.people.card_moves import move_card
from printmgmt.people.credentials import revoke_all, set_card, set_pin
from printmgmt.people.devices import connect_device, enrol_device
from printmgmt.people.digests import last_digits
from printmgmt.people.exceptions import CardTaken, InvalidName, PersonGone
from printmgmt.people.identification import identify
from printmgmt.people.models import Credential, CredentialKind, PrintUser
from printmgmt.people.services import update_person
from tests import factories
from tests.printmgmt.equipment import EVERYTHING, equipped

BY = factories.TESTER
OLD, NEW = {"old": "a" * 40}, {"new": "b" * 40, "old": "a" * 40}


def test_card_pin_and_device_identify(contoso: Organization) -> None:
    assert equipped(contoso).opens() == EVERYTHING


@pytest.mark.parametrize(
    "presented",
    ["04 CA FE 00 02", " 04cafe0002\n", "04:CA:fe:00:02", "04-ca-fe-00-02", "０４\u00a0ＣＡ：ＦＥ0002"],
)
def test_card_is_the_same_however_a_reader_writes_it(presented: str, contoso: Organization) -> None:
    ada, bob = factories.person(contoso), factories.person(contoso)
    card = set_card(ada, "04 ca fe 00 02", by=BY)

    assert identify(contoso, card=presented) == ada
    assert set_card(ada, presented, by=BY) == card
    with pytest.raises(CardTaken):
        set_card(bob, presented, by=BY)


def test_nothing_of_it_is_readable_again(contoso: Organization) -> None:
    ada = equipped(contoso)

    rows = str(list(Credential.objects.values()) + list(ada.person.devices.values()))
    assert ada.card not in rows
    assert ada.pin not in rows
    assert ada.token not in rows


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("0412345678", "5678"),
        (" 12345678 ", "5678"),
        ("04 ca fe 00 02", "0002"),
        ("04:CA:FE:AB", "feab"),
        ("1-2-3-4", "34"),
        ("1234", "34"),
        ("12", "2"),
        ("1", ""),
    ],
)
def test_never_more_than_half_of_a_card_number_is_shown(number: str, shown: str) -> None:
    assert last_digits(number) == shown


def test_another_organizations_credentials_open_nothing(
    contoso: Organization, fabrikam: Organization
) -> None:
    ada = equipped(contoso)
    equipped(fabrikam)
    factories.person(fabrikam, ada.person.user_name)

    assert identify(fabrikam, card=ada.card) is None
    assert identify(fabrikam, user_name=ada.person.user_name, pin=ada.pin) is None
    assert identify(fabrikam, device_token=ada.token) is None
    assert connect_device(fabrikam, ada.token) is None


def test_same_card_may_be_held_in_two_organizations(contoso: Organization, fabrikam: Organization) -> None:
    ada, bob = factories.person(contoso), factories.person(fabrikam)
    set_card(ada, "0412345678", by=BY)
    set_card(bob, "0412345678", by=BY)

    assert identify(contoso, card="0412345678") == ada
    assert identify(fabrikam, card="0412345678") == bob


def test_pin_alone_identifies_nobody(contoso: Organization) -> None:
    assert identify(contoso, pin=equipped(contoso).pin) is None
    assert identify(contoso, user_name=factories.person(contoso).user_name) is None
    assert identify(contoso) is None


def test_card_with_a_pin_wants_both(contoso: Organization) -> None:
    ada, bob = equipped(contoso), equipped(contoso)

    assert identify(contoso, card=ada.card, pin=ada.pin) == ada.person
    assert identify(contoso, card=ada.card, pin=bob.pin) is None
    assert identify(contoso, card=ada.card, user_name=bob.person.user_name) is None


def test_pin_is_of_one_person(contoso: Organization) -> None:
    ada, bob = factories.person(contoso), factories.person(contoso)
    set_pin(ada, "1234", by=BY)
    set_pin(bob, "1234", by=BY)

    digests = set(Credential.objects.values_list("digest", flat=True))
    assert len(digests) == 2
    assert identify(contoso, user_name=ada.user_name, pin="1234") == ada


@pytest.mark.parametrize("text", ["\ud800", "\0", "x" * 5000])
def test_nonsense_identifies_nobody(text: str, contoso: Organization) -> None:
    equipped(contoso)

    assert identify(contoso, card=text) is None
    assert identify(contoso, user_name=text, pin=text) is None
    assert identify(contoso, device_token=text) is None


@pytest.mark.parametrize("number", ["", "  ", "x" * 256, "a\0b", "\ud800"])
def test_number_that_cannot_be_kept_is_refused(number: str, contoso: Organization) -> None:
    ada = factories.person(contoso)

    with pytest.raises(InvalidName):
        set_card(ada, number, by=BY)
    with pytest.raises(InvalidName):
        set_pin(ada, number, by=BY)
    with pytest.raises(InvalidName):
        enrol_device(ada, number, by=BY)


@pytest.mark.parametrize("number", ["-", ": : -", "\u00a0"])
def test_card_number_of_separators_only_is_refused(number: str, contoso: Organization) -> None:
    with pytest.raises(InvalidName):
        set_card(factories.person(contoso), number, by=BY)


def test_same_card_again_changes_nothing(contoso: Organization) -> None:
    ada = factories.person(contoso)
    first = set_card(ada, "0412345678", by=BY)
    events = AuditEvent.objects.count()

    assert set_card(ada, "0412345678", by=BY) == first
    assert AuditEvent.objects.count() == events


def test_new_card_replaces_the_one_of_the_same_source_only(contoso: Organization) -> None:
    ada = factories.person(contoso)
    directory = type(BY)(kind=BY.kind, label="directory", source="add-on:1")
    set_card(ada, "0400000001", by=BY)
    set_card(ada, "0400000002", by=directory)

    set_card(ada, "0400000003", by=directory)

    assert identify(contoso, card="0400000001") == ada
    assert identify(contoso, card="0400000002") is None
    assert identify(contoso, card="0400000003") == ada


def test_card_that_was_replaced_stands_in_the_audit(contoso: Organization) -> None:
    ada = factories.person(contoso)
    directory = type(BY)(kind=BY.kind, label="directory", source="add-on:1")
    set_card(ada, "0400000001", by=BY)
    set_card(ada, "0400000002", by=directory)

    set_card(ada, "0400000003", by=directory)
    set_card(ada, "0400000004", by=BY)

    assert card_events(ada) == [
        ("card.assigned", "0001"),
        ("card.assigned", "0002"),
        ("card.revoked", "0002"),
        ("card.assigned", "0003"),
        ("card.revoked", "0001"),
        ("card.assigned", "0004"),
    ]


def test_card_that_was_taken_back_stands_in_the_audit(contoso: Organization) -> None:
    ada = factories.person(contoso)
    set_card(ada, "0400000001", by=BY)

    revoke_all(ada, CredentialKind.CARD, by=BY)

    assert card_events(ada)[-1] == ("card.unassigned", "0001")


def test_card_that_moved_stands_in_both_audits(contoso: Organization) -> None:
    ada, bob = factories.person(contoso), factories.person(contoso)
    set_card(ada, "0400000001", by=BY)
    set_card(bob, "0400000002", by=BY)

    move_card(ada, bob, last4="0001", source=BY.source, by=BY)

    assert card_events(ada)[-1] == ("card.revoked", "0001")
    assert card_events(bob)[-2:] == [("card.revoked", "0002"), ("card.moved", "0001")]


def card_events(person: PrintUser) -> list[tuple[str, str]]:
    """What the audit says of a person's cards, in order: verb and last four."""
    events = AuditEvent.objects.filter(object_id=str(person.pk), verb__startswith="card.").order_by("id")
    return [(event.verb, (event.details or {}).get("last4", "")) for event in events]


def test_card_of_somebody_else_is_refused_and_says_whose(contoso: Organization) -> None:
    ada, bob = factories.person(contoso), factories.person(contoso)
    set_card(ada, "0412345678", by=BY)

    with pytest.raises(CardTaken) as refused:
        set_card(bob, "0412345678", by=BY)

    assert refused.value.holder == ada.pk


def test_card_under_an_old_key_still_identifies(contoso: Organization, settings: Settings) -> None:
    settings.CREDENTIAL_KEYS = OLD
    ada = equipped(contoso)

    settings.CREDENTIAL_KEYS = NEW

    assert ada.opens() == EVERYTHING


def test_card_held_under_an_old_key_is_held(contoso: Organization, settings: Settings) -> None:
    settings.CREDENTIAL_KEYS = OLD
    ada = equipped(contoso)
    settings.CREDENTIAL_KEYS = NEW

    with pytest.raises(CardTaken):
        set_card(factories.person(contoso), ada.card, by=BY)


def test_card_and_pin_move_to_the_new_key_when_given_again(contoso: Organization, settings: Settings) -> None:
    settings.CREDENTIAL_KEYS = OLD
    ada = equipped(contoso)
    settings.CREDENTIAL_KEYS = NEW
    set_card(ada.person, ada.card, by=BY)
    set_pin(ada.person, ada.pin, by=BY)

    settings.CREDENTIAL_KEYS = {"new": NEW["new"]}

    assert ada.opens() == EVERYTHING
    assert Credential.objects.count() == 2


def test_new_pin_replaces_the_old(contoso: Organization) -> None:
    ada = equipped(contoso)
    old, ada.pin = ada.pin, "another"

    set_pin(ada.person, ada.pin, by=BY)

    assert ada.opens() == EVERYTHING
    assert identify(contoso, user_name=ada.person.user_name, pin=old) is None


def test_rename_keeps_card_and_pin(contoso: Organization) -> None:
    ada = equipped(contoso)

    update_person(ada.person, {"user_name": "renamed"}, by=BY)

    assert ada.opens() == EVERYTHING


@pytest.mark.parametrize("leave", [leaving.suspend, leaving.remove, leaving.block])
def test_who_is_gone_gets_nothing(leave: object, contoso: Organization) -> None:
    ada = factories.person(contoso)
    stale = PrintUser.objects.get(pk=ada.pk)
    leave(ada, by=BY)  # type: ignore[operator]

    for give in (set_card, set_pin, enrol_device):
        with pytest.raises(PersonGone):
            give(stale, "0412345678", by=BY)


def test_taking_back_is_of_one_source(contoso: Organization) -> None:
    ada = equipped(contoso)
    directory = type(BY)(kind=BY.kind, label="directory", source="add-on:1")

    revoke_all(ada.person, CredentialKind.CARD, by=directory)
    assert ada.opens() == EVERYTHING
    revoke_all(ada.person, CredentialKind.CARD, by=BY)
    assert ada.opens() == {"pin", "device"}
    assert AuditEvent.objects.filter(verb="card.unassigned").count() == 1


def test_device_connects_until_its_person_leaves(contoso: Organization) -> None:
    ada = equipped(contoso)
    device = connect_device(contoso, ada.token)
    assert device is not None
    assert device.connected_since is not None

    leaving.suspend(ada.person, by=BY)

    assert connect_device(contoso, ada.token) is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="locks are proven on PostgreSQL")
def test_giving_a_card_holds_up_nobody_elses_writes() -> None:
    contoso = factories.organization()
    ada = factories.person(contoso)
    made = []

    def come() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '3s'")
        made.append(factories.person(contoso))
        connection.close()

    with transaction.atomic():
        set_card(ada, "0412345678", by=BY)
        thread = Thread(target=come)
        thread.start()
        thread.join()

    assert len(made) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="races are proven on PostgreSQL")
def test_one_card_for_eight_people_at_once_has_one_holder() -> None:
    contoso = factories.organization()
    people = [factories.person(contoso) for _ in range(8)]
    together, given, refused = Barrier(8), [], []

    def give(person: PrintUser) -> None:
        together.wait()
        try:
            given.append(set_card(person, "0412345678", by=BY))
        except CardTaken as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [Thread(target=give, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(given), len(refused)) == (1, 7)
