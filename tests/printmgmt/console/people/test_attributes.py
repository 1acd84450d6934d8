"""Each attribute of a person on the console's pages, as the table of attributes says."""

import csv
from dataclasses import replace
from importlib import import_module

import pytest
from django.test import Client
from django.urls import reverse

from directory_export.contents import PERSON_FIELDS
from printmgmt.console.people.forms.person import PersonForm
from printmgmt.console.shell.extensions import extensions
from printmgmt.organizations.models import Organization
from printmgmt.people.attributes import ATTRIBUTES, PersonAttribute
from tests import factories
from tests.printmgmt.console.conftest import Page
from tests.printmgmt.console.people.pages import address, post

pytestmark = pytest.mark.django_db

VALUE = "ada.king@contoso.example"
EACH = pytest.mark.parametrize("attribute", ATTRIBUTES, ids=lambda attribute: attribute.name)


def exported(client: Client, of: Organization) -> dict[str, str]:
    """The one row of the CSV file of People, by heading."""
    url = reverse("console:people", kwargs={"organization": of.slug})
    answer = client.get(url, {"export": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    (row,) = csv.DictReader(text.splitlines())
    return row


@EACH
def test_what_is_typed_is_shown_compared_and_exported(
    client: Client, contoso: Organization, page: Page, attribute: PersonAttribute
) -> None:
    person, other = factories.person(contoso, "ada"), factories.person(contoso, "byron")

    post(client, person, "person_edit", {"user_name": "ada", attribute.name: VALUE})
    assert attribute.value_of(person) == VALUE

    pair = page("console:person_merge", person=other.pk, other=person.pk)
    assert VALUE in pair
    html = page("console:person", person=person.pk)
    assert f'<dt> {attribute.label} </dt> <dd> <bdi class="breakable">{VALUE}</bdi>' in html
    other.delete()
    assert exported(client, contoso)[str(attribute.label)] == VALUE
    assert attribute.name in PERSON_FIELDS


@EACH
def test_a_change_is_shown_under_the_label(
    client: Client, contoso: Organization, page: Page, attribute: PersonAttribute
) -> None:
    person = factories.person(contoso, "ada")

    post(client, person, "person_edit", {"user_name": "ada", attribute.name: VALUE})

    html = page("console:person_timeline", person=person.pk)
    assert f"<dt>{attribute.label}</dt>" in html
    assert f'<ins><bdi class="breakable">{VALUE}</bdi></ins>' in html


@pytest.mark.parametrize("module", ["person", "same"])
def test_what_the_table_keeps_off_the_pages_is_on_none(
    contoso: Organization, page: Page, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    person, other = (factories.person(contoso, name, department="Analysis") for name in ("ada", "byron"))
    shown = [replace(each, on_page=each.name != "department") for each in ATTRIBUTES]
    monkeypatch.setattr(import_module(f"printmgmt.console.people.views.{module}"), "ATTRIBUTES", shown)

    if module == "person":
        assert "Analysis" not in page("console:person", person=person.pk)
    else:
        assert "Analysis" not in page("console:person_merge", person=person.pk, other=other.pk)


def test_the_csv_file_begins_with_what_the_table_gives_it(client: Client, contoso: Organization) -> None:
    factories.person(contoso, "ada")
    headings = [str(each.label) for each in ATTRIBUTES if each.in_csv]

    assert list(exported(client, contoso))[: len(headings)] == headings


def test_an_attribute_no_directory_owns_stays_editable_beside_the_others(
    client: Client, contoso: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    owned = {each.name for each in ATTRIBUTES} - {"department"}
    monkeypatch.setattr(extensions, "_owned_fields", [lambda person: owned])
    person = factories.person(contoso, "ada", by=factories.DIRECTORY)

    post(client, person, "person_edit", {"user_name": "forged", "department": "Analysis"})

    assert (person.user_name, person.department) == ("ada", "Analysis")
    assert client.get(address(person, "person_edit")).content.count(b"disabled") == len(owned)


@EACH
def test_the_form_takes_no_text_that_is_too_long(attribute: PersonAttribute) -> None:
    text = f"{'x' * attribute.max_length}@contoso.example"

    assert attribute.name in PersonForm({"user_name": "ada", attribute.name: text}).errors
