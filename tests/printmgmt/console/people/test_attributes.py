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
def test_a_change_is_told_under_the_label(
    client: Client, contoso: Organization, page: Page, attribute: PersonAttribute
) -> None:
    person = factories.person(contoso, "ada")

    post(client, person, "person_edit", {"user_name": "ada", attribute.name: VALUE})

    html = page("console:person_timeline", person=person.pk)
    assert f"<dt>{attribute.label}</dt>" in html
    assert f'<ins><bdi class="breakable">{VALUE}</bdi></ins>' in html


@pytest.mark.parametrize(
    ("module", "flag"), [("views.person", "on_page"), ("views.people", "in_csv"), ("views.same", "on_page")]
)
def test_what_the_table_keeps_off_a_page_is_not_on_it(
    client: Client,
    contoso: Organization,
    page: Page,
    monkeypatch: pytest.MonkeyPatch,
    module: str,
    flag: str,
) -> None:
    person = factories.person(contoso, "ada", department="Analysis")
    shown = [replace(each, **{flag: each.name != "department"}) for each in ATTRIBUTES]  # type: ignore[arg-type]
    monkeypatch.setattr(import_module(f"printmgmt.console.people.{module}"), "ATTRIBUTES", shown)

    if module == "views.people":
        assert "Department" not in exported(client, contoso)
    elif module == "views.person":
        assert "<dt> Department </dt>" not in page("console:person", person=person.pk)
    else:
        other = factories.person(contoso, "byron")
        assert "Department" not in page("console:person_merge", person=person.pk, other=other.pk)


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
