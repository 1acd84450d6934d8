"""What an uninstalled add-on did can be read, by whom it could be read before; nothing of it is changed."""

import pytest
from django.test import Client
from django.urls import reverse

from addons.disposition import Disposition
from addons.models import Installation
from addons.services import uninstall
from printmgmt.organizations.models import Organization
from printmgmt.organizations.roles import Role
from printmgmt.people.models import ReviewItem, ReviewKind, ReviewState
from scim_sync.models import ProvisioningEvent
from tests import factories
from tests.scim_sync.client import Scim

pytestmark = pytest.mark.django_db


@pytest.fixture
def contoso() -> Organization:
    return factories.organization("Contoso")


@pytest.fixture
def past(contoso: Organization) -> Installation:
    """It brought Ada and was uninstalled; she was kept."""
    installation = factories.installed(contoso)
    Scim.of(installation).create("ada@contoso.example")
    return uninstall(installation, Disposition.KEEP, by=factories.TESTER)


def learn_more(of: Organization, client: Client | None = None) -> str:
    address = reverse("addons:learn_more", kwargs={"organization": of.slug, "addon": factories.ADDON})
    return (client or factories.signed_in(of)).get(address).content.decode()


def log_of(installation: Installation, of: Organization | None = None) -> str:
    organization = of or installation.organization
    where = {"organization": organization.slug, "installation": installation.pk}
    return reverse("scim_sync:past_log", kwargs=where)


def test_before_anything_was_uninstalled_there_is_no_past(contoso: Organization) -> None:
    factories.installed(contoso)

    assert "Past installations" not in learn_more(contoso)


@pytest.mark.parametrize("again", [False, True])
def test_learn_more_leads_to_the_log_of_each_past_installation(
    contoso: Organization, past: Installation, again: bool
) -> None:
    if again:
        factories.installed(contoso)

    html = learn_more(contoso)

    assert "1 person kept" in html
    assert f'href="{log_of(past)}"' in html


@pytest.mark.parametrize("role", Role)
def test_the_log_is_read_as_before(contoso: Organization, past: Installation, role: Role) -> None:
    client = factories.signed_in(contoso, role)
    event = ProvisioningEvent.objects.get(installation=past)

    log = client.get(log_of(past)).content.decode()
    page = client.get(f"{log_of(past)}{event.pk}/").content.decode()

    assert "ada@contoso.example" in log
    assert f'href="{log_of(past)}{event.pk}/"' in log
    assert "was uninstalled on" in log
    assert f'href="{log_of(past)}"' in page


def test_the_present_installations_log_is_another(contoso: Organization, past: Installation) -> None:
    Scim.of(factories.installed(contoso)).create("bob@contoso.example")
    client = factories.signed_in(contoso)

    log = client.get(log_of(past)).content.decode()
    now = client.get(factories.page_of(contoso, "scim_sync:log")).content.decode()

    assert "bob@contoso.example" not in log
    assert "ada@contoso.example" not in now


def test_a_present_installation_is_not_past(contoso: Organization) -> None:
    present = factories.installed(contoso)

    assert factories.signed_in(contoso).get(log_of(present)).status_code == 404


def test_another_organizations_past_is_not_found(past: Installation) -> None:
    fabrikam = factories.organization("Fabrikam")

    assert factories.signed_in(fabrikam).get(log_of(past, fabrikam)).status_code == 404
    assert "Past installations" not in learn_more(fabrikam)


def test_an_add_ons_past_is_not_anothers(contoso: Organization, past: Installation) -> None:
    where = {"organization": contoso.slug, "installation": past.pk}

    assert (
        factories.signed_in(contoso).get(reverse("directory_export:past_history", kwargs=where)).status_code
        == 404
    )


def test_the_past_is_only_read(contoso: Organization, past: Installation) -> None:
    assert factories.signed_in(contoso).post(log_of(past)).status_code == 405


def test_questions_nobody_waits_for_are_closed_and_a_re_hire_stays_open(contoso: Organization) -> None:
    installation = factories.installed(contoso)
    other = factories.installed(factories.organization("Fabrikam"))
    for owner in (installation, other):
        for kind in ReviewKind:
            ReviewItem.objects.create(
                organization=owner.organization, kind=kind, key=str(kind), source=owner.source
            )

    uninstall(installation, Disposition.KEEP, by=factories.TESTER)

    still_open = ReviewItem.objects.filter(state=ReviewState.OPEN)
    assert set(still_open.filter(organization=contoso).values_list("kind", flat=True)) == {ReviewKind.REHIRE}
    assert still_open.filter(organization=other.organization).count() == len(ReviewKind)
