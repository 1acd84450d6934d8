"""Each attribute of a person: its columns, its key, and the checks that fail when one is forgotten."""

from dataclasses import replace

import pytest
from django.core.checks.registry import registry

from printmgmt.organizations.models import Organization
from printmgmt.people import checks
from printmgmt.people.attributes import ATTRIBUTES, BY_NAME, PersonAttribute
from printmgmt.people.exceptions import InvalidName
from printmgmt.people.likeness import likely_duplicates
from printmgmt.people.models import PrintUser
from printmgmt.people.services import update_person
from tests import factories

EACH = pytest.mark.parametrize("attribute", ATTRIBUTES, ids=lambda attribute: attribute.name)


@EACH
def test_an_attribute_is_kept_as_given_with_its_key_beside_it(
    contoso: Organization, attribute: PersonAttribute
) -> None:
    person = factories.person(contoso, "ada")

    update_person(person, {attribute.name: "Straße ４"}, by=factories.TESTER)

    person.refresh_from_db()
    assert attribute.value_of(person) == "Straße ４"
    assert getattr(person, attribute.key_column) == "strasse 4"


@EACH
def test_an_attribute_is_as_long_as_its_columns_may_be(
    contoso: Organization, attribute: PersonAttribute
) -> None:
    person = factories.person(contoso, "ada")

    update_person(person, {attribute.name: "x" * attribute.max_length}, by=factories.TESTER)
    with pytest.raises(InvalidName):
        update_person(person, {attribute.name: "x" * (attribute.max_length + 1)}, by=factories.TESTER)


@EACH
def test_the_search_and_likeness_look_at_what_the_table_says(
    contoso: Organization, attribute: PersonAttribute
) -> None:
    person, other = factories.person(contoso, "ada"), factories.person(contoso, "grace")
    update_person(person, {attribute.name: "Analytical Engine"}, by=factories.TESTER)
    if attribute.name != "user_name":  # of two people who are here only one can have it
        update_person(other, {attribute.name: "ANALYTICAL ENGINE"}, by=factories.TESTER)

    found = PrintUser.objects.of(contoso).matching("engine")

    assert (person in found) is attribute.searched
    assert (other in likely_duplicates(person)) is attribute.identifies


def test_the_table_and_the_columns_agree() -> None:
    assert checks.check_attributes in registry.get_checks()
    assert checks.check_attributes(None) == []


def errors(monkeypatch: pytest.MonkeyPatch, *attributes: PersonAttribute) -> list[tuple[str | None, str]]:
    """What the check says when the table holds these attributes: id, and message with its hint."""
    monkeypatch.setattr(checks, "ATTRIBUTES", attributes)
    monkeypatch.setattr(checks, "BY_NAME", {attribute.name: attribute for attribute in attributes})
    return [(error.id, f"{error.msg} {error.hint}") for error in checks.check_attributes(None)]


def test_an_attribute_without_columns_names_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    shoe_size = replace(BY_NAME["department"], name="shoe_size")

    ((code, text),) = errors(monkeypatch, *ATTRIBUTES, shoe_size)

    assert code == "people.E001"
    assert "no shoe_size and no shoe_size_key" in text
    assert checks.MODEL in text


def test_columns_without_an_attribute_name_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    ((code, text),) = errors(monkeypatch, *(each for each in ATTRIBUTES if each.name != "department"))

    assert code == "people.E002"
    assert "department_key" in text
    assert checks.TABLE in text


def test_an_indexed_attribute_without_an_index_names_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    indexed = [replace(each, indexed=True) if each.name == "department" else each for each in ATTRIBUTES]

    ((code, text),) = errors(monkeypatch, *indexed)

    assert code == "people.E003"
    assert '"department_key"' in text
    assert checks.MODEL in text


@pytest.mark.parametrize("path", [checks.TABLE, checks.MODEL])
def test_the_files_a_check_names_exist(path: str, pytestconfig: pytest.Config) -> None:
    assert (pytestconfig.rootpath / path).exists()
