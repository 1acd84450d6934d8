"""Who says that an email address is a person's: typed in the console, or said by a directory."""

import pytest

from printmgmt.audit.actors import Actor
from printmgmt.audit.models import ActorKind
from printmgmt.organizations.models import Organization
from printmgmt.people.addresses import addresses_of, confirm_addresses
from printmgmt.people.models import PrintUser
from printmgmt.people.services import update_person
from tests import factories

HANK = Actor(ActorKind.ACCOUNT, "hank@contoso.example", "1")


@pytest.fixture
def contoso(db: None) -> Organization:
    return factories.organization("Contoso")


def typed(person: PrintUser) -> list[str]:
    person.refresh_from_db()
    return list(person.typed_addresses)


def test_both_addresses_of_a_person_are_spelled_as_accounts_are(contoso: Organization) -> None:
    person = factories.person(contoso, "Ada@Contoso.example", work_email="ADA@straße.example")

    assert addresses_of(person) == {"ada@contoso.example", "ada@xn--strae-oqa.example"}
    assert addresses_of(factories.person(contoso, "ada")) == set()


@pytest.mark.parametrize(
    ("by", "kept"),
    [(HANK, ["ada@contoso.example"]), (factories.DIRECTORY, []), (factories.TESTER, [])],
)
def test_only_what_an_account_types_is_noted(contoso: Organization, by: Actor, kept: list[str]) -> None:
    assert typed(factories.person(contoso, "ada", work_email="Ada@contoso.example", by=by)) == kept


def test_an_edit_is_noted_and_the_directorys_word_takes_its_place(contoso: Organization) -> None:
    person = factories.person(contoso, "ada", work_email="ada@contoso.example", by=factories.DIRECTORY)

    update_person(person, {"work_email": "olga@contoso.example"}, by=HANK)
    assert typed(person) == ["olga@contoso.example"]
    update_person(person, {"work_email": "ada@contoso.example"}, by=factories.DIRECTORY)
    update_person(person, {"work_email": "olga@contoso.example"}, by=factories.DIRECTORY)

    assert typed(person) == []


def test_a_directory_vouches_only_for_the_fields_it_sent(contoso: Organization) -> None:
    person = factories.person(contoso, "ada@contoso.example", work_email="olga@contoso.example", by=HANK)

    confirm_addresses(person, "user_name")

    assert typed(person) == ["olga@contoso.example"]
