"""Settings, pausing, resuming and uninstalling an add-on in the console."""

import pytest
from django.test import Client
from django.urls import reverse

from addons.models import Installation, InstallationState
from printmgmt.audit.models import AuditEvent
from printmgmt.organizations.models import Organization
from printmgmt.people.models import PersonState
from scim_sync.forms import SyncSettingsForm
from tests import factories
from tests.scim_sync.client import Scim

pytestmark = pytest.mark.django_db

NAME = "Microsoft Azure AD User Sync"


@pytest.fixture
def contoso() -> Organization:
    return factories.organization("Contoso")


@pytest.fixture
def installation(contoso: Organization) -> Installation:
    return factories.installed(contoso)


@pytest.fixture
def client(contoso: Organization) -> Client:
    return factories.signed_in(contoso)


def address(of: Organization, name: str) -> str:
    return factories.page_of(of, f"addons:{name}")


def send(client: Client, of: Organization, name: str, data: dict[str, str] | None = None) -> str:
    answer = client.post(address(of, name), data or {}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def settings(**changed: str) -> dict[str, str]:
    initial = {name: str(field.initial) for name, field in SyncSettingsForm.base_fields.items()}
    return {**initial, **changed}


def test_the_form_shows_what_is_stored(client: Client, contoso: Organization) -> None:
    factories.installed(contoso, linking="review", notification_address="it@contoso.example")

    html = client.get(address(contoso, "settings")).content.decode()

    assert '<option value="review" selected>' in html
    assert 'value="it@contoso.example"' in html


def test_saved_settings_are_audited_old_and_new(
    client: Client, contoso: Organization, installation: Installation
) -> None:
    html = send(client, contoso, "settings", settings(linking="review", keep_events_days="7"))

    installation.refresh_from_db()
    assert "The settings are saved." in html
    assert (installation.settings["linking"], installation.settings["keep_events_days"]) == ("review", 7)
    event = AuditEvent.objects.get(verb="addon.configured")
    assert event.details is not None
    assert event.details["changes"] == {"linking": ["link", "review"], "keep_events_days": [30, 7]}


def test_saving_without_a_change_is_no_event(
    client: Client, contoso: Organization, installation: Installation
) -> None:
    assert "No changes were made." in send(client, contoso, "settings", settings())
    assert not AuditEvent.objects.filter(verb="addon.configured").exists()


def test_a_wrong_value_gets_an_error_at_its_field(
    client: Client, contoso: Organization, installation: Installation
) -> None:
    html = send(client, contoso, "settings", settings(keep_events_days="0", notification_address="nobody"))

    installation.refresh_from_db()
    assert html.count("is-invalid") == 2
    assert installation.settings["keep_events_days"] == 30


def test_paused_refuses_calls_and_resumed_takes_them(
    client: Client, contoso: Organization, installation: Installation
) -> None:
    scim = Scim.of(installation)

    html = send(client, contoso, "pause")
    refused = scim.get("/Users").status
    details = client.get(address(contoso, "details")).content.decode()
    send(client, contoso, "resume")

    assert "Undo" in html
    assert refused == 401
    assert "Paused." in details
    assert scim.get("/Users").status == 200
    assert list(AuditEvent.objects.filter(verb__startswith="addon.").values_list("verb", flat=True)) == [
        "addon.resumed",
        "addon.paused",
        "addon.installed",
    ]


@pytest.mark.parametrize("name", ["", "Azure", "Directory export"])
def test_another_name_uninstalls_nothing(
    client: Client, contoso: Organization, installation: Installation, name: str
) -> None:
    html = send(client, contoso, "uninstall", {"people": "keep", "name": name})

    installation.refresh_from_db()
    assert installation.state == InstallationState.ACTIVE
    assert "is-invalid" in html


@pytest.mark.parametrize(
    ("people", "state"),
    [("keep", PersonState.ACTIVE), ("suspend", PersonState.SUSPENDED), ("remove", PersonState.REMOVED)],
)
def test_uninstalling_by_name_does_what_was_chosen_and_ends_at_the_catalogue(
    client: Client, contoso: Organization, installation: Installation, people: str, state: PersonState
) -> None:
    scim = Scim.of(installation)
    person = contoso.people.get(pk=scim.create("ada@contoso.example").id)

    answer = client.post(
        address(contoso, "uninstall"), {"people": people, "name": f" {NAME.lower()} "}, follow=True
    )

    installation.refresh_from_db()
    person.refresh_from_db()
    assert answer.redirect_chain == [
        (reverse("addons:catalogue", kwargs={"organization": contoso.slug}), 302)
    ]
    assert "was uninstalled" in answer.content.decode()
    assert installation.state == InstallationState.UNINSTALLED
    assert person.state == state
    assert scim.get("/Users").status == 401
    assert client.get(address(contoso, "details")).status_code == 404


def test_each_choice_says_what_it_does(
    client: Client, contoso: Organization, installation: Installation
) -> None:
    html = client.get(address(contoso, "uninstall")).content.decode()

    for words in ("they can still print", "stop working immediately", "are erased after the restore period"):
        assert words in html
