"""Making and changing people: names, aliases, seats."""

from dataclasses import replace
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from printmgmt.audit.models import AuditEvent
from printmgmt.organizations.models import Organization
from printmgmt.people.exceptions import InvalidName, SeatLimitReached, UserNameTaken
from printmgmt.people.models import PersonState, PrintUser
from printmgmt.people.services import create_person, update_person
from tests import factories

BY = factories.TESTER


def aliases(person: PrintUser) -> list[tuple[str, bool]]:
    return [(alias.value, alias.valid_until is None) for alias in person.aliases.all()]


def test_person_is_made_with_keys_alias_and_audit(contoso: Organization) -> None:
    ada = create_person(
        contoso, by=BY, user_name="Ada@Contoso.example", display_name="Ada STRAẞE", work_email="A@X.example"
    )

    ada.refresh_from_db()
    assert (ada.user_name, ada.user_name_key) == ("Ada@Contoso.example", "ada@contoso.example")
    assert (ada.display_name_key, ada.work_email_key) == ("ada strasse", "a@x.example")
    assert (ada.state, ada.version, ada.epoch) == (PersonState.ACTIVE, 1, 0)
    assert aliases(ada) == [("Ada@Contoso.example", True)]
    assert AuditEvent.objects.get(verb="person.created").object_id == str(ada.pk)


@pytest.mark.parametrize("name", ["", "   ", "\t\n", "a\0b", "\ud800", "x" * 513, "\ufdfa" * 200])
def test_user_name_that_cannot_be_kept_is_refused(name: str, contoso: Organization) -> None:
    with pytest.raises(InvalidName):
        create_person(contoso, by=BY, user_name=name)
    assert not PrintUser.objects.exists()


def test_longest_names_are_kept(contoso: Organization) -> None:
    ada = create_person(contoso, by=BY, user_name="é" * 512, department="d" * 4096)

    ada.refresh_from_db()
    assert (len(ada.user_name), len(ada.department)) == (512, 4096)


@pytest.mark.parametrize(
    "fields", [{"department": "d" * 4097}, {"department": "\0"}, {"display_name": "d" * 513}]
)
def test_other_texts_have_limits_too(fields: dict[str, Any], contoso: Organization) -> None:
    with pytest.raises(InvalidName):
        create_person(contoso, by=BY, user_name="ada", **fields)


def test_unknown_field_is_a_mistake_of_ours(contoso: Organization) -> None:
    with pytest.raises(TypeError, match="state"):
        create_person(contoso, by=BY, user_name="ada", state="removed")


@pytest.mark.parametrize("again", ["ada", "ADA", "ａｄａ"])  # noqa: RUF001 -- full width on purpose
def test_name_is_taken_whatever_its_spelling(again: str, contoso: Organization) -> None:
    factories.person(contoso, "Ada")

    with pytest.raises(UserNameTaken):
        create_person(contoso, by=BY, user_name=again)


def test_name_is_free_in_another_organization(contoso: Organization, fabrikam: Organization) -> None:
    factories.person(contoso, "ada")

    assert factories.person(fabrikam, "ada").organization == fabrikam


def test_rename_keeps_the_person_and_closes_the_alias(contoso: Organization) -> None:
    ada = factories.person(contoso, "ada.king")

    changes = update_person(ada, {"user_name": "ada.lovelace"}, by=BY)

    assert changes == {"user_name": ("ada.king", "ada.lovelace")}
    assert ada.version == 2
    assert aliases(ada) == [("ada.king", False), ("ada.lovelace", True)]
    first, second = ada.aliases.all()
    assert first.valid_until == second.valid_from


def test_a_name_says_who_gave_it(contoso: Organization) -> None:
    ada = create_person(contoso, by=BY, user_name="ada.king")

    update_person(ada, {"user_name": "ada.lovelace"}, by=replace(BY, source="azure-ad-user-sync:1"))

    assert [alias.source for alias in ada.aliases.all()] == ["console", "azure-ad-user-sync:1"]


def test_rename_back_opens_the_old_name_again(contoso: Organization) -> None:
    ada = factories.person(contoso, "a")
    update_person(ada, {"user_name": "b"}, by=BY)
    update_person(ada, {"user_name": "a"}, by=BY)

    assert aliases(ada) == [("a", False), ("b", False), ("a", True)]


def test_other_spelling_is_no_other_name(contoso: Organization) -> None:
    ada = factories.person(contoso, "ada")

    update_person(ada, {"user_name": "Ada"}, by=BY)

    assert aliases(ada) == [("Ada", True)]


def test_rename_to_a_taken_name_changes_nothing(contoso: Organization) -> None:
    factories.person(contoso, "bob")
    ada = factories.person(contoso, "ada")

    with pytest.raises(UserNameTaken):
        update_person(ada, {"user_name": "BOB"}, by=BY)

    ada.refresh_from_db()
    assert (ada.user_name, ada.version) == ("ada", 1)
    assert aliases(ada) == [("ada", True)]


def test_update_without_a_difference_is_no_update(contoso: Organization) -> None:
    ada = factories.person(contoso, "ada", department="Sales")
    events = AuditEvent.objects.count()

    assert update_person(ada, {"user_name": "ada", "department": "Sales"}, by=BY) == {}

    assert (ada.version, AuditEvent.objects.count()) == (1, events)


def test_last_seat_is_the_last(contoso: Organization) -> None:
    contoso.seats = 1
    contoso.save()
    factories.person(contoso)

    with pytest.raises(SeatLimitReached, match="All 1 seats of Contoso"):
        factories.person(contoso)


def test_suspended_and_removed_people_take_no_seat(contoso: Organization) -> None:
    contoso.seats = 1
    contoso.save()
    create_person(contoso, by=BY, user_name="suspended", active=False)
    factories.leaver(contoso, who=factories.person(contoso))

    assert factories.person(contoso).state == PersonState.ACTIVE


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="races are proven on PostgreSQL")
def test_seats_are_never_exceeded_by_creates_at_once() -> None:
    contoso = factories.organization()
    contoso.seats = 3
    contoso.save()
    together = Barrier(12)
    made, refused = [], []

    def create(number: int) -> None:
        together.wait()
        try:
            made.append(create_person(contoso, by=BY, user_name=f"p{number}"))
        except SeatLimitReached as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [Thread(target=create, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(made), len(refused)) == (3, 9)
    assert PrintUser.objects.of(contoso).count() == 3
