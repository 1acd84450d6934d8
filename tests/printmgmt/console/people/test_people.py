"""People: search, state and source; one person with fields, names, cards and events."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from addons.addresses import address_of
from addons.services import get_addon, install
from printmgmt.audit.actors import Actor
from printmgmt.audit.models import ActorKind
from printmgmt.deprovisioning.models import Trigger
from printmgmt.organizations.models import Organization
from printmgmt.organizations.roles import Role
from printmgmt.people.attributes import ATTRIBUTES
from printmgmt.people.credentials import set_card, set_pin
from printmgmt.people.devices import enrol_device
from printmgmt.people.models import Device, PrintUser
from printmgmt.people.services import update_person
from scim_sync.models import Action, ProvisioningEvent, Result
from tests import factories
from tests.printmgmt.console.conftest import Page

pytestmark = pytest.mark.django_db


def test_an_empty_people_list_leads_to_the_add_ons(page: Page) -> None:
    html = page("console:people")

    assert "No people yet" in html
    assert reverse("addons:catalogue", kwargs={"organization": "contoso"}) in html
    assert 'type="search"' not in html


def test_an_empty_list_with_the_sync_added_leads_to_the_sync(page: Page, contoso: Organization) -> None:
    installation = factories.installed(contoso)

    html = page("console:people")

    details = address_of(installation)
    assert "People appear after the first sync." in html
    assert f'<a class="btn btn-primary" href="{details}">' in html
    assert "Connect your directory with an add-on" not in html


def test_an_add_on_that_brings_nobody_is_not_waited_for(page: Page, contoso: Organization) -> None:
    install(contoso, get_addon("directory-export"), by=factories.TESTER)

    assert "Connect your directory with an add-on" in page("console:people")


def test_when_everybody_was_removed_they_can_still_be_chosen(page: Page, contoso: Organization) -> None:
    factories.leaver(contoso, Trigger.REMOVED, who=factories.person(contoso, "gone@contoso.example"))

    html = page("console:people")

    assert "Everyone was removed" in html
    assert '<option value="removed"' in html
    assert "gone@contoso.example" in page("console:people", {"state": "removed"})


def test_a_search_without_a_hit_offers_to_clear_it(page: Page, contoso: Organization) -> None:
    factories.person(contoso, "ada@contoso.example")

    html = page("console:people", {"q": "nobody"})

    assert "No matches" in html
    assert "ada@contoso.example" not in html
    assert 'value="nobody"' in html


@pytest.mark.parametrize("text", ["ADA", "lovelace", "a.lovelace@", "nul\0"])
def test_people_are_found_by_name_user_name_and_e_mail(page: Page, contoso: Organization, text: str) -> None:
    factories.person(
        contoso, "ada@nul.example", display_name="Lovelace, Ada", work_email="A.Lovelace@contoso.example"
    )
    factories.person(contoso, "grace@contoso.example")

    html = page("console:people", {"q": text})

    assert "ada@nul.example" in html
    assert "grace@contoso.example" not in html


def test_people_are_filtered_by_state_and_source(page: Page, contoso: Organization) -> None:
    installation = factories.installed(contoso)
    entra = Actor(kind=ActorKind.TOKEN, label="SCIM", source=installation.source)
    factories.person(contoso, "synced@contoso.example", by=entra)
    factories.person(contoso, "local@contoso.example")
    factories.leaver(contoso, Trigger.REMOVED, who=factories.person(contoso, "gone@contoso.example"))

    def shown(**query: str) -> set[str]:
        html = page("console:people", query)
        return {name for name in ("synced", "local", "gone") if f"{name}@contoso.example" in html}

    assert shown() == {"synced", "local"}
    assert shown(state="removed") == {"gone"}
    assert shown(source="console") == {"local"}
    assert shown(source=factories.ADDON) == {"synced"}


def test_people_of_another_organization_are_not_listed(page: Page) -> None:
    factories.person(factories.organization("Fabrikam"), "secret@fabrikam.example")

    assert "secret@fabrikam.example" not in page("console:people", {"q": "secret"})


def test_a_person_shows_what_opens_printers_but_never_the_secrets(page: Page, contoso: Organization) -> None:
    person = factories.person(contoso)
    set_card(person, "CARD-998877", by=factories.TESTER)
    set_pin(person, "246813", by=factories.TESTER)
    enrol_device(person, "Ada's laptop", by=factories.TESTER)

    html = page("console:person", person=person.pk)

    assert '<bdi class="tabular">8877</bdi>' in html
    assert "PIN (hidden)" in html
    assert "Ada&#x27;s laptop" in html
    assert "998877" not in html
    assert "246813" not in html


def test_fields_of_a_synced_person_are_locked_with_their_source(page: Page, contoso: Organization) -> None:
    installation = factories.installed(contoso)
    entra = Actor(kind=ActorKind.TOKEN, label="SCIM", source=installation.source)
    synced = factories.person(contoso, by=entra)

    html = page("console:person", person=synced.pk)

    locked = [each for each in ATTRIBUTES if each.synced and each.on_page]
    assert html.count('aria-label="managed by its source"') == len(locked)
    assert "Entra</bdi>" in html


def test_fields_of_a_person_made_here_are_not_locked(page: Page, contoso: Organization) -> None:
    html = page("console:person", person=factories.person(contoso).pk)

    assert "managed by its source" not in html
    assert "Locked fields" not in html


def test_names_a_person_printed_under_before_stay_visible(page: Page, contoso: Organization) -> None:
    person = factories.person(contoso, "ada.byron@contoso.example")
    update_person(person, {"user_name": "ada.king@contoso.example"}, by=factories.TESTER)

    html = page("console:person", person=person.pk)

    assert "ada.byron@contoso.example" in html
    assert "ada.king@contoso.example" in html


def test_the_directorys_events_stand_on_the_persons_page(page: Page, contoso: Organization) -> None:
    person = factories.person(contoso)
    ProvisioningEvent.objects.create(
        installation=factories.installed(contoso),
        person=person,
        action=Action.UPDATE,
        result=Result.OK,
        status=200,
        method="PATCH",
        path="/scim/v2/",
        changes=[{"attribute": "displayName", "old": "Ada <b>", "new": "Ada King"}],
    )

    html = page("console:person", person=person.pk)

    assert "Directory: Update" in html
    assert '<code class="breakable">displayName</code>' in html
    assert "Ada &lt;b&gt;" in html
    assert "Ada King" in html


def test_the_export_holds_the_people_the_filters_let_through(client: Client, contoso: Organization) -> None:
    factories.person(contoso, "ada@contoso.example", display_name="=1+3", department="Analysis")
    factories.leaver(contoso, Trigger.REMOVED, who=factories.person(contoso, "gone@contoso.example"))
    factories.person(factories.organization("Fabrikam"), "secret@fabrikam.example")

    answer = client.get(url_of(contoso), {"export": "csv"})

    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert text.startswith("User name,Display name,Work email,Department,")
    assert "ada@contoso.example,'=1+3,,Analysis," in text
    assert "gone@contoso.example" not in text
    assert "secret@fabrikam.example" not in text


def test_only_operators_are_offered_to_add_people(contoso: Organization) -> None:
    add = reverse("console:person_add", kwargs={"organization": contoso.slug})

    assert add in factories.signed_in(contoso, Role.HELPDESK).get(url_of(contoso)).content.decode()
    assert add not in factories.signed_in(contoso, Role.AUDITOR).get(url_of(contoso)).content.decode()


def test_the_lists_queries_do_not_depend_on_its_length(client: Client, contoso: Organization) -> None:
    def people(numbers: range) -> None:
        PrintUser.objects.bulk_create(
            PrintUser(organization=contoso, user_name=f"p{number}", user_name_key=f"p{number}")
            for number in numbers
        )

    people(range(3))
    at_3 = queries(client, url_of(contoso))
    people(range(3, 3_000))

    assert queries(client, url_of(contoso)) == at_3


def test_a_persons_queries_do_not_depend_on_what_they_hold(client: Client, contoso: Organization) -> None:
    person = factories.person(contoso)
    url = reverse("console:person", kwargs={"organization": contoso.slug, "person": person.pk})

    def devices(numbers: range) -> None:
        Device.objects.bulk_create(
            Device(organization=contoso, person=person, name="laptop", token_digest=str(number))
            for number in numbers
        )

    devices(range(3))
    at_3 = queries(client, url)
    devices(range(3, 3_000))

    assert queries(client, url) == at_3


def queries(client: Client, url: str) -> int:
    """How many queries a page costs, once the session has settled."""
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def url_of(organization: Organization) -> str:
    return reverse("console:people", kwargs={"organization": organization.slug})
