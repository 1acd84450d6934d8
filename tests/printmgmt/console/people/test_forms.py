"""A person added by hand, and edited; what a directory owns stays locked."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from printmgmt.audit.actors import Actor
from printmgmt.audit.models import ActorKind, AuditEvent
from printmgmt.console.shell.extensions import extensions
from printmgmt.deprovisioning import services as leaving
from printmgmt.organizations.models import Organization
from printmgmt.people.models import CONSOLE, PrintUser
from tests import factories
from tests.printmgmt.console.conftest import Page
from tests.printmgmt.console.people.pages import HOSTILE, address, message_text, post

pytestmark = pytest.mark.django_db

ADA: dict[str, Any] = {
    "user_name": "ada@contoso.example",
    "display_name": "Ada",
    "work_email": "ada@contoso.example",
    "department": "Analysis",
    "employee_number": "0815",
    "preferred_language": "fr",
}


def add(client: Client, organization: Organization, **fields: str) -> Any:
    url = reverse("console:person_add", kwargs={"organization": organization.slug})
    return client.post(url, {**ADA, **fields})


def test_a_person_added_by_hand_belongs_to_the_console(client: Client, contoso: Organization) -> None:
    answer = add(client, contoso)

    person = PrintUser.objects.of(contoso).get()
    assert answer["Location"] == address(person, "person")
    assert {name: getattr(person, name) for name in ADA} == ADA
    assert (person.source, person.origin) == (CONSOLE, CONSOLE)
    assert AuditEvent.objects.get(verb="person.created").actor_kind == ActorKind.ACCOUNT


def test_a_taken_user_name_gets_an_error_at_its_field(client: Client, contoso: Organization) -> None:
    factories.person(contoso, "ADA@contoso.example")

    html = add(client, contoso).content.decode()

    assert "Another person already has the user name" in html
    assert 'aria-invalid="true"' in html
    assert PrintUser.objects.of(contoso).count() == 1


def test_without_a_free_seat_nobody_is_added(client: Client, contoso: Organization) -> None:
    contoso.seats = 0
    contoso.save()

    assert "All 0 seats of Contoso are in use" in add(client, contoso).content.decode()
    assert not PrintUser.objects.of(contoso).exists()


@pytest.mark.parametrize("user_name", ["", "   ", "x" * 513, "nul\0", "ﷺ" * 200])
def test_a_user_name_that_cannot_be_kept_is_refused(
    client: Client, contoso: Organization, user_name: str
) -> None:
    assert add(client, contoso, user_name=user_name).status_code == 200
    assert not PrintUser.objects.of(contoso).exists()


def test_an_edit_changes_what_was_typed_and_writes_old_and_new(client: Client, contoso: Organization) -> None:
    person = factories.person(contoso, **ADA)

    post(client, person, "person_edit", {**ADA, "department": "Engines"})

    assert person.department == "Engines"
    details = AuditEvent.objects.get(verb="person.updated").details
    assert details is not None
    assert details["changes"] == {"department": ["Analysis", "Engines"]}


def test_a_new_user_name_keeps_the_old_one_as_an_alias(client: Client, contoso: Organization) -> None:
    person = factories.person(contoso, **ADA)

    post(client, person, "person_edit", {**ADA, "user_name": "ada.king@contoso.example"})

    assert [alias.value for alias in person.aliases.filter(valid_until__isnull=False)] == [ADA["user_name"]]


def test_an_unchanged_form_changes_nothing(client: Client, contoso: Organization) -> None:
    person = factories.person(contoso, **ADA)

    assert post(client, person, "person_edit", ADA) == "No changes were made."
    assert person.version == 1


def test_an_edit_to_a_taken_name_says_so_and_keeps_the_rest(client: Client, contoso: Organization) -> None:
    factories.person(contoso, "grace@contoso.example")
    person = factories.person(contoso, **ADA)

    answer = client.post(
        address(person, "person_edit"), {**ADA, "user_name": "grace@contoso.example", "department": "X"}
    )

    assert "Another person already has the user name" in answer.content.decode()
    person.refresh_from_db()
    assert (person.user_name, person.department) == (ADA["user_name"], "Analysis")


def test_a_directorys_fields_cannot_be_edited_even_by_a_forged_post(
    client: Client, contoso: Organization, page: Page
) -> None:
    installation = factories.installed(contoso)
    entra = Actor(kind=ActorKind.TOKEN, label="SCIM", source=installation.source)
    person = factories.person(contoso, by=entra, **ADA)

    assert address(person, "person_edit") not in page("console:person", person=person.pk)
    assert "Nothing here can be changed" in post(
        client, person, "person_edit", {**ADA, "department": "Forged"}
    )
    assert person.department == "Analysis"


def test_a_field_an_add_on_owns_is_locked_beside_free_ones(
    client: Client, contoso: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extensions, "_owned_fields", [lambda person: ["user_name"]])
    person = factories.person(contoso, **ADA)

    post(client, person, "person_edit", {**ADA, "user_name": "forged@x.example", "department": "Engines"})

    assert (person.user_name, person.department) == (ADA["user_name"], "Engines")


def test_a_removed_person_is_not_edited(client: Client, contoso: Organization) -> None:
    person = factories.person(contoso, **ADA)
    leaving.remove(person, by=factories.TESTER)

    assert "is removed." in message_text(client.get(address(person, "person_edit")))


def test_a_hostile_name_comes_back_as_text(client: Client, contoso: Organization) -> None:
    person = factories.person(contoso, "mallory@contoso.example", display_name=HOSTILE)

    html = client.get(address(person, "person_edit")).content.decode()

    assert "&lt;script&gt;alert(&quot;x&quot;)" in html
    assert "<script>alert" not in html
